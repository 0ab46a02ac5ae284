"""Whether each codebase is open all the way down: its licence, what it needs, and what is not known of it."""

from functools import cache
from pathlib import Path
from typing import Any

import altair as alt
import duckdb

from oshealth.reports import words
from oshealth.reports.charts import Chart, Row, base, finish, legend
from oshealth.reports.dashboard import Dashboard, Table, write_dashboard
from oshealth.reports.read import rows
from oshealth.warehouse import open_warehouse

STATES = {
    "approved": "open source (approved by the OSI)",
    "open": "open, not reviewed by the OSI",
    "non-open": "not open",
    "unknown": "licence not known",
}
NEEDED = """
select p.name as codebase, d.openness, count(distinct d.purl)::bigint as components
from dependency_list as d inner join portfolio as p on d.codebase = p.codebase
where d.role = 'own' and d.scopes != ['development']
group by p.codebase, p.name, p.position, d.openness
order by p.position, d.openness
"""
MEASURED = """
select p.name, l.title, l.value, l.label, l.unit, l.reason, l.position
from portfolio as p
left join latest as l
    on p.codebase = l.subject and l.subject_kind = 'codebase' and l.family = 'Dependency openness'
order by p.position, l.position
"""
FINDINGS = """
select coalesce(p.name, f.repository) as codebase, f.subject, f.detail, f.advice, f.path
from finding_list as f left join portfolio as p on f.codebase = p.codebase
where f.role = 'own'
order by f.grade = 'poor' desc, p.position, f.subject
"""


def build(warehouse: duckdb.DuckDBPyConnection, folder: Path) -> Path:
    """Write openness.html from an open warehouse."""
    dashboard = Dashboard(
        "Is it open all the way down?",
        "Software can be published under an open licence and still need parts that are not open. Here is what each "
        "codebase needs, and for how much of it the licence is known.",
        [_chart(rows(warehouse, NEEDED))],
        [_findings(rows(warehouse, FINDINGS)), _measured(rows(warehouse, MEASURED))],
    )
    return write_dashboard(warehouse, folder / "openness.html", dashboard)


def _findings(found: list[Row]) -> Table:
    cells = [
        (row["subject"], row["codebase"], row["detail"], row["advice"], row["path"] or "not known") for row in found
    ]
    headings = ("What", "Codebase", "Why it matters", "What to do", "Where")
    nothing = "Nothing has been found. That is no proof: see below for what is not known."
    return Table("What needs a decision", headings, cells, nothing)


def _measured(found: list[Row]) -> Table:
    cells = [
        (row["name"], "All measures", "not known: not measured yet")
        if row["title"] is None
        else (row["name"], row["title"], _text(row))
        for row in found
    ]
    return Table("Measure by measure", ("Codebase", "Measure", "Value"), cells, "No codebase is watched yet.")


def _text(row: Row) -> str:
    if row["value"] is not None:
        return words.quantity(row["value"], row["unit"])
    return row["label"] or f"not known: {row['reason']}"


def _chart(found: list[Row]) -> Chart:
    return Chart(
        "components",
        "What each codebase needs, by how open it is",
        "Horizontal bars, one for each codebase: its components by how open their licences are.",
        [row | {"openness": STATES[row["openness"]], "order": list(STATES).index(row["openness"])} for row in found],
        {"codebase": "Codebase", "openness": "Licence", "components": "Components"},
        _bars,
        height=80 + 44 * len({row["codebase"] for row in found}),
    )


@cache
def _bars() -> dict[str, Any]:
    colours = alt.Scale(domain=list(STATES.values()), range=[f"var(--open-{state})" for state in STATES])
    return finish(
        base()
        .mark_bar(stroke="var(--paper)", strokeWidth=0.75)
        .encode(
            x=alt.X("components:Q", title="Components"),
            y=alt.Y("codebase:N", title=None, sort=None, axis=alt.Axis(labelLimit=140)),
            color=alt.Color("openness:N", scale=colours, legend=legend()),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip("codebase:N", title="Codebase"),
                alt.Tooltip("openness:N", title="Licence"),
                alt.Tooltip("components:Q", title="Components", format=","),
            ],
        )
    )


if __name__ == "__main__":
    project = Path(__file__).parents[1]
    with open_warehouse(project / "warehouse" / "oshealth.duckdb") as opened:
        print(build(opened, project / "dashboards" / "build"))
