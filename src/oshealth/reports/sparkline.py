"""A small line of a measure's past, as SVG made here: it needs no script and prints."""

from collections.abc import Callable, Sequence
from datetime import date

from markupsafe import Markup

WIDTH, HEIGHT, PAD = 132, 32, 4

Point = tuple[date, float | None]


def sparkline(points: Sequence[Point], description: str) -> Markup:
    """The points by date from left to right, broken where a value is not known; nothing below two known values."""
    known = [value for _, value in points if value is not None]
    if len(known) < 2:
        return Markup("")
    place = _scale([when for when, _ in points], known)
    runs = _runs(points)
    lines = Markup("").join(_line([place(p) for p in run]) for run in runs)
    x, y = place(next(p for p in reversed(points) if p[1] is not None))
    return Markup(
        '<svg class="spark" role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}" height="{}">'
        '{}<circle cx="{:.1f}" cy="{:.1f}" r="2.5"/></svg>'
    ).format(description, WIDTH, HEIGHT, WIDTH, HEIGHT, lines, x, y)


def _scale(dates: Sequence[date], values: Sequence[float]) -> Callable[[Point], tuple[float, float]]:
    first, days = dates[0], max((dates[-1] - dates[0]).days, 1)
    low, spread = min(values), (max(values) - min(values)) or 1

    def place(point: Point) -> tuple[float, float]:
        when, value = point
        height = 0.5 if max(values) == low else ((value or 0) - low) / spread
        x = PAD + (WIDTH - 2 * PAD) * (when - first).days / days
        return x, HEIGHT - PAD - (HEIGHT - 2 * PAD) * height

    return place


def _runs(points: Sequence[Point]) -> list[list[Point]]:
    runs: list[list[Point]] = [[]]
    for point in points:
        if point[1] is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _line(places: Sequence[tuple[float, float]]) -> Markup:
    return Markup('<polyline points="{}"/>').format(" ".join(f"{x:.1f},{y:.1f}" for x, y in places))
