"""A metric is a pure function with a card: id, unit, direction, bands, source. This is the card and what it returns.

    @metric(family="Release cadence", unit="days", bands=at_most(182, 365), source="openCode")
    def days_since_release(releases: Releases, as_of: date) -> Measured:
        '''Days from the last stable release to `as_of`.'''

The function's name is the metric's id, its docstring the definition, its parameters name what it reads of a
`derive.Snapshot` (every table cut at `as_of`). Catalogue, README table, help, data dictionary and the report's
explanations are made from this one place.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Grade = Literal["good", "watch", "poor"]
Pooling = Literal["pooled", "each"]
"""How repositories make a codebase: rows together; or what all have in common, with the list of them as evidence."""


ENOUGH = 0.5
"""Share for which what matters must be known before a measure is called good: unknown is not good."""


@dataclass(frozen=True)
class Measured:
    """What a metric found: a value or a label, or else the reason why there is none."""

    value: float | None = None
    label: str | None = None
    reason: str | None = None
    sample_size: int | None = None
    coverage: float | None = None
    """Share (0 to 1) of the rows looked at for which what matters here is known."""
    evidence: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        given = sum(x is not None for x in (self.value, self.label, self.reason))
        if given != 1:
            raise ValueError("a measurement has a value, or a label, or a reason for having neither")


def unknown(reason: str, **known: Any) -> Measured:
    """A measurement without a value, and why in words that a steward understands."""
    return Measured(reason=reason, **known)


@dataclass(frozen=True)
class Bands:
    """Where good ends and poor begins. `good` and `watch` are the last values that still earn the grade."""

    good: float
    watch: float
    higher_is_better: bool

    def grade(self, value: float) -> Grade:
        """The grade of a value; the limits themselves belong to the better grade."""
        sign = 1 if self.higher_is_better else -1
        if sign * value >= sign * self.good:
            return "good"
        return "watch" if sign * value >= sign * self.watch else "poor"

    def __str__(self) -> str:
        better = "≥" if self.higher_is_better else "≤"
        watch = f", watch {better}{self.watch:g}" if self.watch != self.good else ""
        return f"good {better}{self.good:g}{watch}, else poor"


def at_least(good: float, watch: float) -> Bands:
    """Bands of a measure where more is better."""
    return Bands(good, watch, higher_is_better=True)


def at_most(good: float, watch: float) -> Bands:
    """Bands of a measure where less is better."""
    return Bands(good, watch, higher_is_better=False)


class Compute(Protocol):
    """A metric's function: what it reads by name, then `as_of`."""

    __name__: str

    def __call__(self, *args: Any, **kwargs: Any) -> Measured: ...


@dataclass(frozen=True)
class Metric:
    """A metric's card and its function."""

    id: str
    title: str
    family: str
    definition: str
    unit: str
    source: str
    compute: Compute
    bands: Bands | None = None
    label_grades: Mapping[str, Grade] = field(default_factory=dict)
    pooling: Pooling = "pooled"
    has_history: bool = True
    """Whether it is computed for each month back to the first commit."""
    of_forks_only: bool = False
    """Whether it is measured of forks alone: of anything else there is nothing to know."""
    advice: str = ""
    """What a steward can do when the grade is poor, in one or two sentences."""
    version: int = 1

    @property
    def reads(self) -> tuple[str, ...]:
        """The attributes of a snapshot that the function takes."""
        return tuple(inspect.signature(self.compute).parameters)

    def grade(self, measured: Measured) -> Grade | None:
        """The grade; nothing where the metric has no bands, the value is unknown, or good rests on hardly anything."""
        given = self._within_bands(measured)
        is_enough = measured.coverage is None or measured.coverage >= ENOUGH
        return given if is_enough or given != "good" else None

    def _within_bands(self, measured: Measured) -> Grade | None:
        if measured.label is not None:
            return self.label_grades.get(measured.label)
        if measured.value is None or self.bands is None:
            return None
        return self.bands.grade(measured.value)


def metric(*, family: str, title: str, unit: str, source: str, **card: Any) -> Callable[[Compute], Compute]:
    """Turn a function into a metric; the `Metric` is its attribute `metric`. See the module's docstring."""

    def mark(compute: Compute) -> Compute:
        definition = inspect.cleandoc(compute.__doc__ or "")
        card_of = Metric(
            id=compute.__name__,
            title=title,
            family=family,
            definition=definition,
            unit=unit,
            source=source,
            compute=compute,
            **card,
        )
        compute.metric = card_of  # type: ignore[attr-defined]
        return compute

    return mark


class NotKnownError(Exception):
    """A snapshot does not know on its day what is asked of it; the message is the reason, in words for stewards."""


def measure(metric_card: Metric, snapshot: object) -> Measured:
    """Compute one metric on one snapshot. `as_of` is an attribute of the snapshot like any other."""
    try:
        read = {name: getattr(snapshot, name) for name in metric_card.reads}
    except NotKnownError as error:
        return unknown(str(error))
    return metric_card.compute(**read)
