"""How much each codebase depends on a supplier, year by year, and what would be left without it."""

from pathlib import Path

import duckdb

from oshealth.reports import words
from oshealth.reports.charts import Chart, Row
from oshealth.reports.dashboard import Dashboard, Table, write_dashboard
from oshealth.reports.grid import share_grid
from oshealth.reports.read import NEVER_READ, rows
from oshealth.warehouse import open_warehouse

LARGEST = """
with yearly as (
    select p.name as codebase, p.position, c.type, c.name, year(c.day) as year,
        sum(c.contribution_count)::bigint as contributions
    from contribution_day as c
    inner join portfolio as p on c.subject_kind = 'codebase' and c.subject = p.codebase
    where c.day <= p.as_of
    group by all
),

whole as (
    select codebase, year, any_value(position) as position,
        100 * sum(contributions) filter (where name is not null) / sum(contributions) as known,
        sum(contributions) as total
    from yearly
    group by codebase, year
),

largest as (
    select codebase, year, name, contributions
    from yearly
    where type = 'supplier'
    qualify row_number() over (partition by codebase, year order by contributions desc, name) = 1
)

select
    w.codebase,
    w.year,
    coalesce(l.name, '') as name,
    100 * coalesce(l.contributions, 0) / w.total as share,
    coalesce(w.known, 0) as known
from whole as w
left join largest as l on w.codebase = l.codebase and w.year = l.year
order by w.position, w.year
"""
EXPOSED = """
with read_codebase as (
    select codebase, bool_or(commit_count is not null or status in ('ok', 'empty', 'unborn')) as was_read
    from repository_status
    where role = 'own'
    group by codebase
)

select
    p.name,
    p.suppliers,
    top.value as share,
    if(r.was_read = false, $never_read, top.reason) as share_reason,
    gone.value as left_alone,
    if(r.was_read = false, $never_read, gone.reason) as left_alone_reason,
    affiliation.value as known,
    if(r.was_read = false, $never_read, affiliation.reason) as known_reason
from portfolio as p
left join read_codebase as r on p.codebase = r.codebase
left join latest as top
    on p.codebase = top.subject and top.subject_kind = 'codebase' and top.metric = 'top_supplier_share'
left join latest as gone
    on p.codebase = gone.subject and gone.subject_kind = 'codebase' and gone.metric = 'supplier_exit'
left join latest as affiliation
    on p.codebase = affiliation.subject
    and affiliation.subject_kind = 'codebase'
    and affiliation.metric = 'affiliation_coverage'
order by p.position
"""


def build(warehouse: duckdb.DuckDBPyConnection, folder: Path) -> Path:
    """Write suppliers.html from an open warehouse."""
    largest = rows(warehouse, LARGEST)
    dashboard = Dashboard(
        "What if the supplier leaves?",
        "A supplier who wrote most of a codebase knows it best. That is no fault of theirs, but a risk to plan for: "
        "share the knowledge, or make the contract last.",
        [_chart(largest)],
        [_exposed(rows(warehouse, EXPOSED, never_read=NEVER_READ)), _by_year(largest)],
    )
    return write_dashboard(warehouse, folder / "suppliers.html", dashboard)


def _exposed(found: list[Row]) -> Table:
    cells = [
        (
            row["name"],
            row["suppliers"] or "none declared",
            _percent(row["share"], row["share_reason"]),
            _percent(row["left_alone"], row["left_alone_reason"]),
            _percent(row["known"], row["known_reason"]),
        )
        for row in found
    ]
    headings = (
        "Codebase",
        "Declared suppliers",
        "Last year’s work by the largest supplier",
        "Files that only it knows",
        "On whose behalf is known for",
    )
    return Table("The last year", headings, cells, "No codebase is watched yet.")


def _by_year(found: list[Row]) -> Table:
    newest_first = sorted(found, key=lambda row: row["year"], reverse=True)
    cells = [
        (row["codebase"], str(row["year"]), row["name"], words.percent(row["share"]), words.percent(row["known"]))
        for row in newest_first
        if row["name"]
    ]
    headings = ("Codebase", "Year", "Largest supplier", "Share of all work", "On whose behalf is known for")
    return Table("The largest supplier of each year", headings, cells, "No work could be traced to a supplier.")


def _percent(value: float | None, reason: str | None) -> str:
    return f"not known: {reason or 'not measured'}" if value is None else words.percent(value)


def _chart(found: list[Row]) -> Chart:
    return share_grid(
        "suppliers",
        "Share of the largest supplier, by year",
        "which share of the work its largest supplier did, and who that was where it changed",
        found,
        {"name": "Largest supplier"},
    )


if __name__ == "__main__":
    project = Path(__file__).parents[1]
    with open_warehouse(project / "warehouse" / "oshealth.duckdb") as opened:
        print(build(opened, project / "dashboards" / "build"))
