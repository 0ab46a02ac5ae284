"""Pages from the warehouse: the report of this package, and the dashboards of a project folder."""

import ast
import os
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from oshealth.pipeline.watched.project import Project
from oshealth.warehouse import open_warehouse

if TYPE_CHECKING:
    from oshealth.reports.portfolio import Link

REPORT = "report"
PUBLISHED = "dashboards"
"""The folder of dashboards within that of the report."""
HOME = "../index.html"
"""How a dashboard in that folder calls the report."""


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
    """Where the dashboards stand as seen from the report."""
    from oshealth.reports.portfolio import Link  # noqa: PLC0415 (drawing is slow to import)

    return [Link(_what(path), f"{PUBLISHED}/{path.stem}.html") for path in dashboards(project)]


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
    page = Path(item).with_suffix(".html").name
    return all((folder / page).exists() for folder in (_built(project), project.reports / PUBLISHED))


def write_dashboard(project: Project, name: str) -> str:
    """Draw one dashboard beside the report, so that both can be published, and into dashboards/build; where that is."""
    path = project.folder / "dashboards" / name
    spec = spec_from_file_location(f"dashboards_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(f"{path} is no Python module")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    with open_warehouse(project.warehouse) as connection:
        page = Path(module.build(connection, project.reports / PUBLISHED))
    return str(_copied(page, _built(project), project.reports / "index.html"))


def _built(project: Project) -> Path:
    return project.folder / "dashboards" / "build"


def _copied(page: Path, folder: Path, index: Path) -> Path:
    """The same page in another folder; its link back leads to the report from there, too."""
    folder.mkdir(parents=True, exist_ok=True)
    back = quote(Path(os.path.relpath(index, folder)).as_posix())
    text = page.read_text(encoding="utf-8").replace(f'href="{HOME}"', f'href="{back}"', 1)
    (folder / page.name).write_text(text, encoding="utf-8")
    return folder / page.name
