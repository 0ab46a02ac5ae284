"""A dashboard across the portfolio: a title, a sentence, pictures and tables, on the same page code as the reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from oshealth.reports.charts import Chart
from oshealth.reports.page import write_page
from oshealth.reports.read import read_about

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class Table:
    """A table of texts; where it is empty, `nothing` says why."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    nothing: str
    note: str = ""


@dataclass(frozen=True)
class Dashboard:
    """What one file of dashboards/ shows."""

    title: str
    lead: str
    charts: Sequence[Chart]
    tables: Sequence[Table]


def write_dashboard(connection: "DuckDBPyConnection", path: Path, dashboard: Dashboard) -> Path:
    """Write a dashboard's page, dated by the warehouse's last run; in the report's folder it links back."""
    home = "../index.html" if path.parent.name == "dashboards" else None
    about = read_about(connection)
    return write_page(path, "dashboard.html", charts=dashboard.charts, about=about, dashboard=dashboard, home=home)
