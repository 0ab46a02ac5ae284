"""Whether each codebase is open all the way down: its licence, what it needs, and what is not known of it."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import altair as alt
import duckdb

from oshealth.reports import words
from oshealth.reports.charts import Chart, Key, Row, base, finish, name_axis
from oshealth.reports.dashboard import Dashboard, Table, write_dashboard
from oshealth.reports.figures import parse_evidence
from oshealth.reports.read import NEVER_READ, rows
from oshealth.reports.todo import tasks
from oshealth.warehouse import open_warehouse

STATES = {
    "approved": "open source (approved by the OSI)",
    "open": "open, not reviewed by the OSI",
    "non-open": "not open",
    "unknown": "licence not known",
}
NEEDED = """
select p.name as codebase, c.openness, count(*)::bigint as components
from component as c inner join portfolio as p on c.codebase = p.codebase
group by p.name, p.position, c.openness
order by p.position, c.openness
"""
MEASURED = """
with read_codebase as (
    select codebase, bool_or(commit_count is not null or status in ('ok', 'empty', 'unborn')) as was_read
    from repository_status
    where role = 'own'
    group by codebase
)

select p.name, r.was_read, l.title, l.value, l.label, l.unit, l.reason, l.evidence, l.position
from portfolio as p
left join read_codebase as r on p.codebase = r.codebase
left join latest as l
    on p.codebase = l.subject
    and l.subject_kind = 'codebase'
    and l.family = 'Dependency openness'
    and r.was_read
order by p.position, l.position
"""
FINDINGS = """
select p.name as codebase, f.repository, f.kind, f.subject, f.grade, f.detail, f.advice, f.path, f.line
from finding_list as f
inner join portfolio as p on f.codebase = p.codebase
where f.role = 'own'
order by f.grade = 'poor' desc, p.position, f.kind, f.subject
"""
UNREADABLE = "unreadable_manifest"
MOST_PLACES = 5


def build(warehouse: duckdb.DuckDBPyConnection, folder: Path) -> Path:
    """Write openness.html from an open warehouse."""
    found = rows(warehouse, FINDINGS)
    dashboard = Dashboard(
        "Is it open all the way down?",
        "Software can be published under an open licence and still need parts that are not open. Here is what each "
        "codebase runs on or builds with, and for how much of it the licence is known.",
        [_chart(rows(warehouse, NEEDED))],
        [_findings(found), _unreadable(found), _measured(rows(warehouse, MEASURED))],
    )
    return write_dashboard(warehouse, folder / "openness.html", dashboard)


def _findings(found: list[Row]) -> Table:
    """What is alike in a codebase stands together; what is poor comes first."""
    codebases = dict.fromkeys(row["codebase"] for row in found)
    every = [
        (codebase, task)
        for codebase in codebases
        for task in tasks([], [row for row in found if row["codebase"] == codebase and row["kind"] != UNREADABLE])
    ]
    every.sort(key=lambda pair: pair[1].grade != "poor")
    cells = [(codebase, task.title, task.advice, _places(task.where or task.places)) for codebase, task in every]
    headings = ("Codebase", "What was found", "What to do", "Where")
    nothing = "Nothing has been found. That is no proof: see below for what is not known."
    return Table("What needs a decision", headings, cells, nothing)


def _unreadable(found: list[Row]) -> Table:
    cells = [
        (row["codebase"], words.short_repository(row["repository"]), row["path"] or "–")
        for row in found
        if row["kind"] == UNREADABLE
    ]
    note = "What these files name is not known. Ask the developers to look at them."
    headings = ("Codebase", "Repository", "File")
    return Table("Files that could not be read", headings, cells, "Every file that names components was read.", note)


def _places(places: Sequence[str]) -> str:
    more = len(places) - MOST_PLACES
    said = "; ".join(places[:MOST_PLACES])
    return f"{said}; and {words.plural(more, 'other')}" if more > 0 else said or "–"


def _measured(found: list[Row]) -> Table:
    cells = [
        (row["name"], "All measures", f"not known: {NEVER_READ if row['was_read'] is False else 'not measured yet'}")
        if row["title"] is None
        else (row["name"], row["title"], _text(row))
        for row in found
    ]
    return Table("Measure by measure", ("Codebase", "Measure", "Value"), cells, "No codebase is watched yet.")


def _text(row: Row) -> str:
    if row["value"] is not None:
        return words.quantity(row["value"], row["unit"])
    return words.label(row["label"], parse_evidence(row["evidence"])) if row["label"] else f"not known: {row['reason']}"


def _chart(found: list[Row]) -> Chart:
    return Chart(
        "components",
        "What each codebase needs, by how open it is",
        "Horizontal bars, one for each codebase: its components by how open their licences are.",
        [row | {"openness": STATES[row["openness"]], "order": list(STATES).index(row["openness"])} for row in found],
        {"codebase": "Codebase", "openness": "Licence", "components": "Components"},
        _bars,
        height=40 + 44 * len({row["codebase"] for row in found}),
        legend=[Key(said, f"var(--open-{state})") for state, said in STATES.items()],
    )


@cache
def _bars() -> dict[str, Any]:
    colours = alt.Scale(domain=list(STATES.values()), range=[f"var(--open-{state})" for state in STATES])
    return finish(
        base()
        .mark_bar(stroke="var(--paper)", strokeWidth=0.75)
        .encode(
            x=alt.X("components:Q", title="Components"),
            y=alt.Y("codebase:N", title=None, sort=None, axis=name_axis()),
            color=alt.Color("openness:N", scale=colours, legend=None),
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
