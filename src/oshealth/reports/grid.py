"""A picture of shares by codebase and year: a cell for each, dark where the share is large, marked where not known."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from oshealth.reports.charts import Chart, Row, base, finish, name_axis, year_axis

KNOWN_ENOUGH = 50
"""Per cent: where on whose behalf people worked is known for less of a year's work, a share of it says nothing."""
_ROW_PIXELS = 48
_DARK = 55
"""Per cent from which on a cell is dark enough for light text."""


def share_grid(key: str, title: str, of_what: str, found: Sequence[Row], columns: Mapping[str, str]) -> Chart:
    """Rows by codebase, oldest first: `codebase`, `year`, `share` and `known` (per cent), `name` (whose, or empty)."""
    rows = _labelled(found)
    return Chart(
        key,
        title,
        f"A table in colour, one row for each codebase and one column for each year: {of_what}.",
        rows,
        {"year": "Year", "codebase": "Codebase", **columns, "share": "Share (%)", "known": "Known for (%)"},
        _cells,
        height=30 + _ROW_PIXELS * len({row["codebase"] for row in rows}),
        note="Per cent of all work. A question mark: on whose behalf the work was done is known for half of it or "
        "less. An empty cell: nobody did anything in that year.",
    )


def _labelled(found: Sequence[Row]) -> list[Row]:
    """The same with what stands in each cell; a name where it is another one than in the year before."""
    rows, before = [], dict[str, str]()
    for row in found:
        is_known = row["known"] > KNOWN_ENOUGH
        name = row["name"] if is_known and row["share"] else ""
        is_new = bool(name) and before.get(row["codebase"]) != name
        if is_known:
            before[row["codebase"]] = name
        shown = {
            "share": row["share"] if is_known else None,
            "text": _whole(row["share"]) if is_known else "?",
            "label": name if is_new else "",
        }
        rows.append(row | shown | {"known": round(row["known"])})
    return rows


def _whole(share: float) -> str:
    """Per cent, whole, but never rounded to all or to nothing: it must fit into a cell."""
    if 0 < share < 1:
        return "<1"
    return str(min(round(share), 99) if share < 100 else 100)


@cache
def _cells() -> dict[str, Any]:
    import altair as alt  # noqa: PLC0415 (half a second, and only pages need it)

    place = {"x": year_axis(), "y": alt.Y("codebase:N", sort=None, title=None, axis=name_axis())}
    tooltip = [
        alt.Tooltip("codebase:N", title="Codebase"),
        alt.Tooltip("year:O", title="Year"),
        alt.Tooltip("name:N", title="Who"),
        alt.Tooltip("text:N", title="Per cent"),
        alt.Tooltip("known:Q", title="Known for (%)"),
    ]
    is_dark, is_unknown = f"datum.share >= {_DARK}", "datum.text == '?'"
    ink = alt.condition(is_dark, alt.value("var(--paper)"), alt.value("var(--ink)"))
    cells = base().mark_rect(invalid=None, stroke="var(--paper)", strokeWidth=2)
    cells = cells.encode(
        **place,
        color=alt.condition(is_unknown, alt.value("var(--unknown-tint)"), alt.value("var(--series-1)")),
        opacity=alt.condition(
            is_unknown,
            alt.value(1),
            alt.Opacity("share:Q", legend=None, scale=alt.Scale(domain=[0, 100], range=[0.06, 1])),
        ),
        tooltip=tooltip,
    )
    numbers = (
        base()
        .mark_text(fontSize=alt.expr("bandwidth('x') < 26 ? 8 : 12"), dy=-6)
        .encode(**place, text="text:N", color=ink)
    )
    labels = base().mark_text(
        fontSize=alt.expr("bandwidth('x') < 46 ? 0 : 10"), dy=10, limit=alt.expr("bandwidth('x') - 2")
    )
    labels = labels.encode(**place, text="label:N", color=ink)
    return finish(alt.layer(cells, numbers, labels))
