"""A measure of one subject, ready to be shown: its value, its card and its past; and the families they fall into."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from oshealth.reports import words
from oshealth.reports.basis import basis, too_little
from oshealth.reports.evidence import Part, in_words
from oshealth.reports.sparkline import Point

GRADES = ("poor", "watch", "good", "unknown", "none")
"""What weighs most comes first."""


@dataclass(frozen=True)
class Figure:
    """One row of queries/figures.sql, with the measure's card."""

    metric: str
    title: str
    family: str
    definition: str
    unit: str
    source: str
    bands: str | None
    advice: str
    value: float | None
    label: str | None
    given_grade: str | None
    reason: str | None
    sample_size: int | None
    coverage: float | None
    as_of: date
    evidence: Mapping[str, Any] = field(default_factory=dict)
    past: Sequence[Point] = ()
    note: str = ""
    """What must stand beside the value, lest it mislead."""

    @property
    def is_known(self) -> bool:
        return self.value is not None or self.label is not None

    @property
    def grade(self) -> str:
        """Good, watch or poor; "unknown" where there is no value; "none" where the measure has no bands."""
        if not self.is_known:
            return "unknown"
        return self.given_grade or "none"

    @property
    def text(self) -> str:
        """The value as people read it, or "not known"."""
        if self.metric == "fork_days_since_synchronised" and self.value == 0 and not self.evidence.get("lacking"):
            return "none lacking"
        if self.value is not None:
            return words.quantity(self.value, self.unit)
        return words.label(self.label, self.evidence) if self.label else "not known"

    @property
    def why(self) -> str:
        """The reason why it is not known; empty where it is."""
        return "" if self.is_known else self.reason or "no reason was recorded"

    def unknown_because(self, reason: str) -> "Figure":
        """The same measure without what was measured."""
        nothing = {"value": None, "label": None, "given_grade": None, "sample_size": None, "coverage": None}
        return replace(self, **nothing, reason=reason, evidence={})  # type: ignore[arg-type]

    @property
    def basis(self) -> str:
        """What it was counted from, and for how much of it the needed fact is known; empty where neither is said."""
        said = basis(self.metric, self.family, self.value, self.sample_size, self.coverage)
        if self.is_known and self.bands and self.given_grade is None and too_little(self.coverage):
            said += " That is too little to call it good."
        return said.lstrip()

    @property
    def details(self) -> list[Part]:
        """What stands behind the figure, part by part."""
        return in_words(self.evidence)

    @property
    def past_in_words(self) -> str:
        """What the small line shows, for those who do not see it."""
        known = [(when, value) for when, value in self.past if value is not None]
        if len(known) < 2:
            return ""
        (first, begin), (last, end) = known[0], known[-1]
        return (
            f"{self.title}: from {words.quantity(begin, self.unit)} in {words.month(first)} "
            f"to {words.quantity(end, self.unit)} in {words.month(last)}"
        )


@dataclass(frozen=True)
class Question:
    """One of the four questions, or a family of measures around them."""

    key: str
    ask: str
    family: str


@dataclass(frozen=True)
class Change:
    """A measure whose grade is another one than a year ago."""

    figure: Figure
    before: Figure
    is_of_little: bool = False
    """Whether it counts people who work there while the work collapses: then better is no good news."""

    @property
    def is_better(self) -> bool:
        return RANK[self.figure.grade] < RANK[self.before.grade]


RANK = {"good": 0, "watch": 1, "poor": 2}
_MUCH, _COLLAPSE = 10, -50
"""Per cent of change in activity that is worth a line, and that overshadows everything else."""
_YEAR_AGO_DAYS = range(330, 401)


QUESTIONS = (
    Question("leave", "How many people can leave before the work stops?", "Bus factor"),
    Question("work", "Who does the work, and on whose behalf?", "Contributor spread"),
    Question("ship", "Does it ship?", "Release cadence"),
    Question("open", "Is it open all the way down?", "Dependency openness"),
)


@dataclass(frozen=True)
class Section:
    """A question, its answer in a sentence, and the figures behind it."""

    question: Question
    answer: str
    figures: Sequence[Figure]

    @property
    def counts(self) -> dict[str, int]:
        """How many figures have each grade, those that occur only."""
        tally = {grade: sum(f.grade == grade for f in self.figures) for grade in GRADES}
        return {grade: count for grade, count in tally.items() if count}

    @property
    def profile(self) -> str:
        """The counts in words: "2 good, 1 poor, 3 not known"."""
        said = [f"{count} {words.GRADE_WORDS[grade].lower()}" for grade, count in self.counts.items()]
        return ", ".join(said)

    @property
    def signs(self) -> list[Figure]:
        """The figures by how much they weigh; none where all are alike, since then the counts say it all."""
        return sorted(self.figures, key=lambda f: GRADES.index(f.grade)) if len(self.counts) > 1 else []

    @property
    def known(self) -> list[Figure]:
        return [f for f in self.figures if f.is_known]

    @property
    def unknown(self) -> dict[str, list[Figure]]:
        """The figures without a value, by the reason that they share."""
        reasons: dict[str, list[Figure]] = {}
        for f in self.figures:
            if not f.is_known:
                reasons.setdefault(f.why, []).append(f)
        return reasons


def families(figures: Iterable[Figure]) -> dict[str, list[Figure]]:
    """Figures by family: those of the four questions first, then each other family in the order that it appears."""
    grouped: dict[str, list[Figure]] = {question.family: [] for question in QUESTIONS}
    for figure in figures:
        grouped.setdefault(figure.family, []).append(figure)
    return grouped


def with_notes(figures: Sequence[Figure]) -> list[Figure]:
    """The same, with what must stand beside a value lest it mislead: it is of long ago, or of a part only."""
    by_id = {figure.metric: figure for figure in figures}
    return [_noted(figure, by_id) for figure in figures]


def _noted(figure: Figure, by_id: Mapping[str, Figure]) -> Figure:
    since = by_id.get("days_since_release")
    if figure.metric == "days_between_releases" and since and since.value is not None and since.grade == "poor":
        last = figure.as_of - timedelta(days=since.value)
        grade = None if figure.given_grade == "good" else figure.given_grade
        return replace(figure, note=f"none since {words.day(last)}", given_grade=grade)
    if figure.metric == "municipalities_contributing" and figure.value == 0 and (figure.coverage or 1) < 1:
        return replace(figure, note="among those we know")
    return figure


def pace(figures: Iterable[Figure]) -> str:
    """How much more or less was done than the year before, where it is much."""
    change = next((f for f in figures if f.metric == "activity_change"), None)
    if change is None or change.value is None or abs(change.value) < _MUCH:
        return ""
    said = f"{words.percent(abs(change.value))} {'less' if change.value < 0 else 'more'} was done"
    now, before = (change.evidence.get(key) for key in ("now", "before"))
    if not isinstance(now, int) or not isinstance(before, int):
        return said
    return f"{said}: {words.plural(now, 'contribution')}, {words.number(before)} in the year before"


def changes_in_a_year(figures: Iterable[Figure], past: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Change]:
    """What has another grade than about a year ago; what became worse comes first."""
    figures = list(figures)
    is_collapsing = any(f.metric == "activity_change" and (f.value or 0) <= _COLLAPSE for f in figures)
    changed = []
    for figure in figures:
        row = _a_year_ago(past.get(figure.metric, ()), figure.as_of)
        if row and row["grade"] in RANK and figure.grade in RANK and row["grade"] != figure.grade:
            before = replace(figure, value=row["value"], given_grade=row["grade"], as_of=row["as_of"], past=())
            changed.append(Change(figure, before, is_collapsing and figure.family == "Bus factor"))
    return sorted(changed, key=lambda change: change.is_better)


def _a_year_ago(past: Sequence[Mapping[str, Any]], as_of: date) -> Mapping[str, Any] | None:
    near = [row for row in past if (as_of - row["as_of"]).days in _YEAR_AGO_DAYS]
    return min(near, key=lambda row: abs((as_of - row["as_of"]).days - 365), default=None)


def parse_evidence(text: str | None) -> Mapping[str, Any]:
    """The evidence column; what is no JSON object counts as none."""
    try:
        parsed = json.loads(text or "{}")
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
