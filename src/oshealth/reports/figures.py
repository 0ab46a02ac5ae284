"""A measure of one subject, ready to be shown: its value, its card and its past; and the families they fall into."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from oshealth.reports import words
from oshealth.reports.evidence import Part, in_words
from oshealth.reports.sparkline import Point

GRADES = ("good", "watch", "poor", "unknown", "none")


@dataclass(frozen=True)
class Figure:
    """One row of the view `figure`, with the measure's card."""

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
        said = [] if self.sample_size is None else [f"Counted from {_things(self, self.sample_size)}"]
        if self.coverage is not None:
            said.append(f"known for {words.share(self.coverage)}{' of them' if said else ''}")
        return words.sentence("; ".join(said))

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


_THINGS = {
    **dict.fromkeys(("truck_factor", "recent_bus_factor", "orphaned_files", "supplier_exit"), ("file", "files")),
    "two_busiest_exit": ("file", "files"),
    **dict.fromkeys(("newcomers", "newcomers_staying", "leavers"), ("person", "people")),
    **dict.fromkeys(("releases_per_year", "days_since_release"), ("release", "releases")),
    **dict.fromkeys(("days_between_releases", "release_regularity"), ("interval", "intervals")),
    **dict.fromkeys(("release_lag", "unreleased_commits"), ("recorded change", "recorded changes")),
    "maintainability_change": ("recorded change", "recorded changes"),
    "signed_tags": ("version tag", "version tags"),
    "automation": ("check", "checks"),
    "documents": ("document", "documents"),
    "declared_users": ("organisation", "organisations"),
    "municipalities_of_users_contributing": ("municipality", "municipalities"),
    **dict.fromkeys(("upstreamed", "fork_patches_upstream"), ("change of its own", "changes of its own")),
}
"""What a measure's sample is made of, where it is not what its family counts."""
_THINGS_OF_ALL = {"Contributor spread", "Activity", "Bus factor"}


def _things(figure: Figure, count: int) -> str:
    """How many of what: "556 contributions"; "20 of them" where nobody said what they are."""
    of_family = ("contribution", "contributions") if figure.family in _THINGS_OF_ALL else None
    one_many = _THINGS.get(figure.metric) or of_family
    return words.plural(count, *one_many) if one_many else f"a sample of {words.number(count)}"


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

    @property
    def is_better(self) -> bool:
        return _RANK[self.figure.grade] < _RANK[self.before.grade]


_RANK = {"good": 0, "watch": 1, "poor": 2}
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


_SAYS_THE_SAME = {
    "organisations_contributing": "elephant_factor",
    "top_supplier_share": "elephant_factor",
    "releases_per_year": "days_since_release",
}
"""A measure whose advice is that of another, which is given instead where it is graded no better."""


_FOLLOWS_FROM_SILENCE = ("orphaned_files", "releases_per_year", "days_since_release", "activity_change")


def families(figures: Iterable[Figure]) -> dict[str, list[Figure]]:
    """Figures by family: those of the four questions first, then each other family in the order that it appears."""
    grouped: dict[str, list[Figure]] = {question.family: [] for question in QUESTIONS}
    for figure in figures:
        grouped.setdefault(figure.family, []).append(figure)
    return grouped


def to_do(figures: Iterable[Figure], *, is_quiet: bool = False) -> list[Figure]:
    """What is poor and then what is to be watched, where the measure's card says what to do; nothing twice.

    Of one where nothing happens any more, what follows from that is left out: the page says it first.
    """
    graded = {f.metric: f for f in figures if f.grade in {"poor", "watch"} and f.advice}
    for metric in _FOLLOWS_FROM_SILENCE if is_quiet else ():
        graded.pop(metric, None)
    told = [f for f in graded.values() if not _is_told_by(graded.get(_SAYS_THE_SAME.get(f.metric, "")), f)]
    return sorted(told, key=lambda f: f.grade != "poor")


def _is_told_by(other: Figure | None, figure: Figure) -> bool:
    return other is not None and _RANK[other.grade] >= _RANK[figure.grade]


def changes_in_a_year(figures: Iterable[Figure], past: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Change]:
    """What has another grade than about a year ago; what became worse comes first."""
    changed = []
    for figure in figures:
        row = _a_year_ago(past.get(figure.metric, ()), figure.as_of)
        if row and row["grade"] in _RANK and figure.grade in _RANK and row["grade"] != figure.grade:
            before = replace(figure, value=row["value"], given_grade=row["grade"], as_of=row["as_of"], past=())
            changed.append(Change(figure, before))
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
