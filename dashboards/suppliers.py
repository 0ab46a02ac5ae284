"""How much each codebase depends on a supplier, year by year, and what would be left without it."""

from functools import cache
from pathlib import Path
from typing import Any

import altair as alt
import duckdb

from oshealth.reports import words
from oshealth.reports.charts import SERIES, Chart, Row, base, finish, legend, year_axis
from oshealth.reports.dashboard import Dashboard, Table, write_dashboard
from oshealth.reports.read import NEVER_READ, rows
from oshealth.warehouse import open_warehouse

KNOWN_ENOUGH = 0.5
"""Where on whose behalf people worked is known for less of a year's work, a small share says nothing."""
LARGEST = """
with yearly as (
    select p.codebase as id, p.name as codebase, p.position, c.organisation, c.type, c.name as supplier,
        year(c.day) as year, sum(c.contribution_count)::bigint as contributions
    from contribution_day as c
    inner join portfolio as p on c.subject_kind = 'codebase' and c.subject = p.codebase
    where c.day <= p.as_of
    group by all
),

shared as (
    select
        *,
        100 * contributions / sum(contributions) over of_year as share,
        sum(contributions) filter (where supplier is not null) over of_year
            / sum(contributions) over of_year as coverage
    from yearly
    window of_year as (partition by id, year)
)

select codebase, year, supplier, share, coverage
from shared
where type = 'supplier'
qualify row_number() over (partition by id, year order by share desc, organisation) = 1
order by year, position
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
        [_chart([row for row in largest if row["coverage"] > KNOWN_ENOUGH])],
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
    cells = [
        (row["codebase"], str(row["year"]), row["supplier"], words.percent(row["share"]), words.share(row["coverage"]))
        for row in reversed(found)
    ]
    headings = ("Codebase", "Year", "Largest supplier", "Share of all work", "On whose behalf is known for")
    return Table("The largest supplier of each year", headings, cells, "No work could be traced to a supplier.")


def _percent(value: float | None, reason: str | None) -> str:
    return f"not known: {reason or 'not measured'}" if value is None else words.percent(value)


def _chart(found: list[Row]) -> Chart:
    return Chart(
        "suppliers",
        "Share of the largest supplier, by year (per cent of all work)",
        "Lines over the years, one for each codebase: which share of the work its largest supplier did.",
        found,
        {"year": "Year", "codebase": "Codebase", "supplier": "Largest supplier", "share": "Share (%)"},
        _lines,
        height=280,
        note="Years are left out in which for half of the work or more nobody knows on whose behalf it was done; the "
        "table below has them.",
    )


@cache
def _lines() -> dict[str, Any]:
    return finish(
        base()
        .mark_line(strokeWidth=2, point=alt.OverlayMarkDef(size=40, filled=True))
        .encode(
            x=year_axis(),
            y=alt.Y("share:Q", title="Per cent", scale=alt.Scale(domain=[0, 100])),
            color=alt.Color("codebase:N", sort=None, scale=alt.Scale(range=SERIES), legend=legend()),
            tooltip=[
                alt.Tooltip("codebase:N", title="Codebase"),
                alt.Tooltip("year:O", title="Year"),
                alt.Tooltip("supplier:N", title="Largest supplier"),
                alt.Tooltip("share:Q", title="Share (%)", format=".0f"),
            ],
        )
    )


if __name__ == "__main__":
    project = Path(__file__).parents[1]
    with open_warehouse(project / "warehouse" / "oshealth.duckdb") as opened:
        print(build(opened, project / "dashboards" / "build"))
