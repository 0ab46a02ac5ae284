"""The charts: Altair specifications without data, made once, and the rows that a page puts into them.

A chart's fields are fixed names; names from repositories appear only as values, which Vega draws as text. Colours are
CSS variables of the page's style.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from oshealth.reports import words

if TYPE_CHECKING:
    import altair as alt

Row = dict[str, Any]

SERIES = [f"var(--series-{number})" for number in range(1, 9)]
_DATA = "rows"
_MOST_ROWS = 240
_LOCALE = {"number": {"decimal": ".", "thousands": words.THIN, "grouping": [3], "currency": ["", ""]}}
"""Numbers in pictures look as they do in tables."""


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
    until: date | None = None
    """The day that the time axis ends with, where it does not end with the newest row."""

    @property
    def spec(self) -> dict[str, Any]:
        """The Vega-Lite specification with its rows."""
        of_its_own = {"description": self.description, "height": self.height, "datasets": {_DATA: list(self.rows)}}
        spec = self.template() | of_its_own
        if "year" in self.columns and self.rows:
            spec |= self._with_every_year(spec)
        if self.until is not None:
            spec["encoding"] = spec["encoding"] | {"x": self._until(spec["encoding"]["x"], self.until)}
        return spec

    def _with_every_year(self, part: dict[str, Any]) -> dict[str, Any]:
        if "layer" in part:
            return part | {"layer": [self._with_every_year(layer) for layer in part["layer"]]}
        return part | {"encoding": part["encoding"] | {"x": self._every_year(part["encoding"]["x"])}}

    @staticmethod
    def _until(axis: dict[str, Any], day: date) -> dict[str, Any]:
        end = {"year": day.year, "month": day.month, "date": day.day, "utc": True}
        return axis | {"scale": axis["scale"] | {"domainMax": end}}

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


def name_axis() -> "alt.Axis":
    """Names of codebases along y, those of several words that a stroke parts on as many lines."""
    import altair as alt  # noqa: PLC0415

    return alt.Axis(labelExpr="split(datum.label, ' / ')", labelLimit=150, ticks=False, domain=False, labelPadding=8)


def legend() -> "alt.Legend":
    """A legend above the chart that leaves it its width."""
    import altair as alt  # noqa: PLC0415

    return alt.Legend(orient="top", direction="vertical", title=None, labelLimit=320, symbolStrokeWidth=2)


def finish(chart: "alt.Chart | alt.LayerChart | alt.FacetChart") -> dict[str, Any]:
    """Sizes that follow the page's width, and a look made of the page's own colours."""
    finished = (
        chart.properties(width="container")
        .configure(font="system-ui, sans-serif", background="transparent", locale=_LOCALE)
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
