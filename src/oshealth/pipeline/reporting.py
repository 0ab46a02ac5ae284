"""Pages from the warehouse: the report of this package, and the dashboards of a project folder."""

import ast
import os
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING

from oshealth.pipeline.project import Project
from oshealth.warehouse import open_warehouse

if TYPE_CHECKING:
    from oshealth.reports.portfolio import Link

REPORT = "report"


def write_report(project: Project) -> str:
    """Write the portfolio and a page for each codebase; what was written, in words."""
    from oshealth.reports.portfolio import write_all  # noqa: PLC0415 (drawing is slow to import)

    with open_warehouse(project.warehouse) as connection:
        written = write_all(connection, project.reports, links(project))
    return f"{len(written)} pages in {project.reports}"


def dashboards(project: Project) -> list[Path]:
    """The dashboards that a project folder draws: each file is one, with a function `build(warehouse, folder)`."""
    return sorted(path for path in (project.folder / "dashboards").glob("*.py") if not path.name.startswith("_"))


def links(project: Project) -> "list[Link]":
    """Where the dashboards stand as seen from the report; no address where the two are not below one folder."""
    from oshealth.reports.portfolio import Link  # noqa: PLC0415 (drawing is slow to import)

    found = []
    for path in dashboards(project):
        page = (path.parent / "build" / path.name).with_suffix(".html")
        is_beside = project.reports.is_relative_to(project.folder)
        address = Path(os.path.relpath(page, project.reports)).as_posix() if is_beside else None
        found.append(Link(_what(path), f"{page.relative_to(project.folder).as_posix()} in the project folder", address))
    return found


def _what(dashboard: Path) -> str:
    """What a dashboard tells, by the first line of its file."""
    try:
        said = ast.get_docstring(ast.parse(dashboard.read_text(encoding="utf-8")))
    except (SyntaxError, ValueError):  # drawing it says so; the report does not depend on it
        said = None
    return (said or dashboard.stem).partition("\n")[0].rstrip(".")


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
