"""The charts: Altair specifications without data, made once, and the rows that a page puts into them.

A chart's fields are fixed names; names from repositories appear only as values, which Vega draws as text. Colours are
CSS variables of the page's style.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from oshealth.reports import words

if TYPE_CHECKING:
    import altair as alt

Row = dict[str, Any]

ORGANISATION_TYPES = (
    "municipality",
    "region",
    "state",
    "publicly owned company",
    "association",
    "foundation",
    "supplier",
    "civil society",
    "university",
    "volunteer",
    "machine",
    "unknown",
)
_COLOURS = [f"var(--type-{kind.replace(' ', '-')})" for kind in ORGANISATION_TYPES]
SERIES = [f"var(--series-{number})" for number in range(1, 9)]
_DASHES = ["1 0", "6 3", "2 2"]
_DATA = "rows"
_MOST_ROWS = 240


@dataclass(frozen=True)
class Chart:
    """A picture, the words that say what it shows, and the table that says the same."""

    key: str
    """Unique on its page; part of an element's id."""
    title: str
    description: str
    rows: Sequence[Row]
    columns: Mapping[str, str]
    """The fields of the table that stands for the picture, with their headings."""
    template: Callable[[], dict[str, Any]]
    height: int = 240
    legend: Sequence["Key"] = ()
    """What the colours and dashes mean, where the page says so and not the picture."""
    note: str = ""

    @property
    def spec(self) -> dict[str, Any]:
        """The Vega-Lite specification with its rows."""
        of_its_own = {"description": self.description, "height": self.height, "datasets": {_DATA: list(self.rows)}}
        spec = self.template() | of_its_own
        if "year" in self.columns and self.rows:
            spec["encoding"] = spec["encoding"] | {"x": self._every_year(spec["encoding"]["x"])}
        return spec

    def _every_year(self, axis: dict[str, Any]) -> dict[str, Any]:
        years = [row["year"] for row in self.rows]
        return axis | {"scale": {"domain": list(range(min(years), max(years) + 1))}}

    @property
    def table(self) -> list[list[str]]:
        """The cells of the table, the newest row first."""
        return [[_cell(field, row[field]) for field in self.columns] for row in self.rows[: -_MOST_ROWS - 1 : -1]]

    @property
    def left_out(self) -> int:
        """How many rows the table leaves out."""
        return max(len(self.rows) - _MOST_ROWS, 0)


@dataclass(frozen=True)
class Key:
    """An entry of a legend; a line has a dash, an area has none."""

    text: str
    colour: str
    dash: str | None = None


def _cell(field: str, value: Any) -> str:
    if value is None:
        return "not known"
    if field == "date":
        return words.day(date.fromisoformat(value))
    if field == "year" or not isinstance(value, int | float):
        return str(value)
    return words.quantity(value, "count")


def contributions_by_type(rows: Sequence[Row], note: str = "") -> Chart:
    """Rows of `year`, `type` (of organisation), `contributions`."""
    present = {row["type"] for row in rows}
    keys = zip(ORGANISATION_TYPES, _COLOURS, strict=True)
    return Chart(
        "contributions-by-type",
        "Who did the work, by year",
        "Stacked bars: contributions in each year, by the type of organisation on whose behalf they were made.",
        [row | {"rank": ORGANISATION_TYPES.index(row["type"])} for row in rows],
        {"year": "Year", "type": "On behalf of", "contributions": "Contributions"},
        _contributions_by_type,
        legend=[Key(kind, colour) for kind, colour in keys if kind in present],
        note=note,
    )


def people_who_matter(rows: Sequence[Row]) -> Chart:
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
    )


def releases_over_time(rows: Sequence[Row]) -> Chart:
    """Rows of `date` (ISO), `repository`, `version`, `kind` (release or pre-release)."""
    return Chart(
        "releases",
        "Releases over time",
        "A mark for each version published, along time, one line to each repository.",
        rows,
        {"date": "Date", "repository": "Repository", "version": "Version", "kind": "Kind"},
        _releases_over_time,
        height=60 + 34 * len({row["repository"] for row in rows}),
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
        scale=alt.Scale(domain=list(ORGANISATION_TYPES), range=_COLOURS),
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
            y=alt.Y("value:Q", title="People", axis=alt.Axis(tickMinStep=1, format="d"), scale=alt.Scale(zero=True)),
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
                axis=alt.Axis(grid=True, labelLimit=150, labelPadding=10, ticks=False, domain=False),
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


def base() -> "alt.Chart":
    """A chart that waits for its rows."""
    import altair as alt  # noqa: PLC0415

    return alt.Chart(alt.NamedData(name=_DATA))


def time_axis() -> "alt.X":
    """The field `date` along x, in UTC, with years below."""
    import altair as alt  # noqa: PLC0415

    axis = alt.Axis(format="%Y", tickCount="year", labelOverlap="greedy", labelSeparation=8, labelFlush=False)
    return alt.X("date:T", title=None, scale=alt.Scale(type="utc"), axis=axis)


def year_axis() -> "alt.X":
    """The field `year` along x; a chart that has it shows every year between its first and its last."""
    import altair as alt  # noqa: PLC0415

    axis = alt.Axis(labelAngle=0, labelOverlap="greedy", labelSeparation=8)
    return alt.X("year:O", title=None, axis=axis)


def legend() -> "alt.Legend":
    """A legend above the chart that leaves it its width."""
    import altair as alt  # noqa: PLC0415

    return alt.Legend(orient="top", direction="vertical", title=None, labelLimit=320, symbolStrokeWidth=2)


def finish(chart: "alt.Chart") -> dict[str, Any]:
    """Sizes that follow the page's width, and a look made of the page's own colours."""
    finished = (
        chart.properties(width="container")
        .configure(font="system-ui, sans-serif", background="transparent")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor="var(--soft)",
            titleColor="var(--soft)",
            gridColor="var(--rule)",
            domainColor="var(--soft)",
            tickColor="var(--soft)",
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
        )
        .configure_axisX(grid=False)
        .configure_legend(labelColor="var(--ink)", labelFontSize=12)
    )
    spec: dict[str, Any] = finished.to_dict()
    return spec | {"autosize": {"type": "fit-x", "contains": "padding"}}
