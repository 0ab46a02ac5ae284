"""The pictures of a codebase's page: which rows each takes, what it says in words, and its specification."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any, get_args

from oshealth.reports.charts import SERIES, Chart, Key, Row, base, finish, legend, time_axis, year_axis
from oshealth.sources import OrganisationType

ORGANISATION_TYPES: tuple[str, ...] = get_args(OrganisationType)
_COLOURS = [f"var(--type-{kind.replace(' ', '-')})" for kind in ORGANISATION_TYPES]
_DASHES = ["1 0", "6 3", "2 2"]


def contributions_by_type(rows: Sequence[Row], note: str = "") -> Chart:
    """Rows of `year`, `type` (of organisation), `contributions`."""
    present = {row["type"] for row in rows}
    keys = zip(ORGANISATION_TYPES, _COLOURS, strict=True)
    return Chart(
        "contributions-by-type",
        "Who did the work, by year",
        "Stacked bars: contributions in each year, by the type of organisation on whose behalf they were made.",
        [row | {"rank": ORGANISATION_TYPES.index(row["type"]), "type": _shown(row["type"])} for row in rows],
        {"year": "Year", "type": "On behalf of", "contributions": "Contributions"},
        _contributions_by_type,
        legend=[Key(_shown(kind), colour) for kind, colour in keys if kind in present],
        note=note,
    )


def _shown(kind: str) -> str:
    return "not known" if kind == "unknown" else kind


def people_who_matter(rows: Sequence[Row], until: date) -> Chart:
    """Rows of `date` (ISO), `measure` (title), `value`; at most three measures."""
    measures = list(dict.fromkeys(row["measure"] for row in rows))
    return Chart(
        "bus-factor",
        "How many people the work rests on, over time",
        "Lines over time: how many people could leave before the work stops, by each way of counting.",
        rows,
        {"date": "Date", "measure": "Way of counting", "value": "People"},
        _people_who_matter,
        legend=[Key(*entry) for entry in zip(measures, SERIES, _DASHES, strict=False)],
        until=until,
    )


def releases_over_time(rows: Sequence[Row], until: date) -> Chart:
    """Rows of `date` (ISO), `repository`, `version`, `kind` (release or pre-release)."""
    return Chart(
        "releases",
        "Releases over time",
        "A mark for each version published, along time, one line to each repository.",
        rows,
        {"date": "Date", "repository": "Repository", "version": "Version", "kind": "Kind"},
        _releases_over_time,
        height=60 + 34 * len({row["repository"] for row in rows}),
        until=until,
    )


def contributions_by_month(rows: Sequence[Row]) -> Chart:
    """Rows of `date` (ISO, first of the month), `contributions`."""
    return Chart(
        "contributions",
        "Contributions in each month",
        "An area along time: how many contributions people made in each month.",
        rows,
        {"date": "Month", "contributions": "Contributions"},
        _contributions_by_month,
    )


@cache
def _contributions_by_type() -> dict[str, Any]:
    import altair as alt  # noqa: PLC0415  (half a second, and only pages need it)

    colour = alt.Color(
        "type:N",
        scale=alt.Scale(domain=[_shown(kind) for kind in ORGANISATION_TYPES], range=_COLOURS),
        legend=None,
    )
    bars = (
        base()
        .mark_bar(stroke="var(--paper)", strokeWidth=0.75)
        .encode(
            x=year_axis(),
            y=alt.Y("contributions:Q", title="Contributions", stack="zero"),
            color=colour,
            order=alt.Order("rank:Q"),
            tooltip=[
                alt.Tooltip("year:O", title="Year"),
                alt.Tooltip("type:N", title="On behalf of"),
                alt.Tooltip("contributions:Q", title="Contributions", format=","),
            ],
        )
    )
    return finish(bars)


@cache
def _people_who_matter() -> dict[str, Any]:
    import altair as alt  # noqa: PLC0415

    dashes = [[int(length) for length in dash.split()] for dash in _DASHES]
    lines = (
        base()
        .mark_line(interpolate="step-after", strokeWidth=2)
        .encode(
            x=time_axis(),
            # People are whole: ticks between two of them bear no label.
            y=alt.Y(
                "value:Q",
                title="People",
                axis=alt.Axis(labelExpr="datum.value % 1 ? '' : format(datum.value, 'd')"),
                scale=alt.Scale(zero=True),
            ),
            color=alt.Color("measure:N", sort=None, scale=alt.Scale(range=SERIES), legend=None),
            strokeDash=alt.StrokeDash("measure:N", sort=None, scale=alt.Scale(range=dashes), legend=None),
            tooltip=[
                alt.Tooltip("date:T", title="Month", format="%B %Y"),
                alt.Tooltip("measure:N", title="Way of counting"),
                alt.Tooltip("value:Q", title="People"),
            ],
        )
    )
    return finish(lines)


@cache
def _releases_over_time() -> dict[str, Any]:
    import altair as alt  # noqa: PLC0415

    marks = (
        base()
        .mark_point(size=55, strokeWidth=1.5, opacity=0.85)
        .encode(
            x=time_axis(),
            y=alt.Y(
                "repository:N",
                title=None,
                axis=alt.Axis(grid=True, labelLimit=190, labelPadding=10, ticks=False, domain=False),
            ),
            shape=alt.Shape(
                "kind:N",
                scale=alt.Scale(domain=["release", "pre-release"], range=["diamond", "circle"]),
                legend=legend(),
            ),
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=["release", "pre-release"], range=["var(--series-1)", "var(--soft)"]),
                legend=legend(),
            ),
            tooltip=[
                alt.Tooltip("repository:N", title="Repository"),
                alt.Tooltip("version:N", title="Version"),
                alt.Tooltip("date:T", title="Published", format="%-d %B %Y"),
            ],
        )
    )
    return finish(marks)


@cache
def _contributions_by_month() -> dict[str, Any]:
    import altair as alt  # noqa: PLC0415

    bars = (
        base()
        .mark_area(interpolate="step", color="var(--series-1)", opacity=0.85, line=False)
        .encode(
            x=time_axis(),
            y=alt.Y("contributions:Q", title="Contributions"),
            tooltip=[
                alt.Tooltip("date:T", title="Month", format="%B %Y"),
                alt.Tooltip("contributions:Q", title="Contributions", format=","),
            ],
        )
    )
    return finish(bars)
