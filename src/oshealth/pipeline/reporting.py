"""Pages from the warehouse: the report of this package, and the dashboards of a project folder."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from oshealth.pipeline.project import Project
from oshealth.warehouse import open_warehouse

REPORT = "report"


def write_report(project: Project) -> str:
    """Write the portfolio and a page for each codebase; what was written, in words."""
    from oshealth.reports import write_all  # noqa: PLC0415 (drawing is slow to import)

    with open_warehouse(project.warehouse) as connection:
        written = write_all(connection, project.reports)
    return f"{len(written)} pages in {project.reports}"


def dashboards(project: Project) -> list[Path]:
    """The dashboards that a project folder draws: each file is one, with a function `build(warehouse, folder)`."""
    return sorted(path for path in (project.folder / "dashboards").glob("*.py") if not path.name.startswith("_"))


def is_written(project: Project, item: str) -> bool:
    """Whether the pages of an item are there."""
    if item == REPORT:
        return (project.reports / "index.html").exists()
    return (project.folder / "dashboards" / "build" / item).with_suffix(".html").exists()


def write_dashboard(project: Project, name: str) -> str:
    """Draw one dashboard into dashboards/build; where it stands."""
    path = project.folder / "dashboards" / name
    spec = spec_from_file_location(f"dashboards_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(f"{path} is no Python module")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    with open_warehouse(project.warehouse) as connection:
        return str(module.build(connection, path.parent / "build"))
