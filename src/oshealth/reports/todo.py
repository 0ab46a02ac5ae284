"""What to do: poor measures, poor findings, and then what is to be watched; nothing twice, and what is alike together.

A page says first what weighs most: that nothing happens any more is said by the page itself, and before all else comes
a licence without which nobody may use the code.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from oshealth.reports import words
from oshealth.reports.figures import RANK, Figure

Finding = Mapping[str, Any]

_SAYS_THE_SAME = {
    "organisations_contributing": "elephant_factor",
    "top_supplier_share": "elephant_factor",
    "releases_per_year": "days_since_release",
}
"""A measure whose advice is that of another, which is given instead where it is graded no better."""
_FOLLOWS_FROM_SILENCE = ("orphaned_files", "releases_per_year", "days_since_release", "activity_change")
_CLOSED = frozenset({"non_open_dependency", "declared_proprietary", "own_licence_not_open", "no_licence"})
_BARS_USE = frozenset({"no_licence", "own_licence_not_open"})
_FOUND_BY_ITSELF = {
    "licence_conflicts": frozenset({"licence_conflict"}),
    "licence_declared": _BARS_USE,
    "non_open_dependencies": frozenset({"non_open_dependency", "declared_proprietary"}),
    "open_dependencies": frozenset({"non_open_dependency"}),
    "open_all_the_way_down": _CLOSED,
}
"""Measures that count findings: where those are named one by one, the count is not said again."""
_MOST_ALONE = 5
"""How many findings of one kind are named one by one."""


@dataclass(frozen=True)
class Task:
    """One thing to do."""

    grade: str
    title: str
    advice: str
    metric: str | None = None
    """The figure that it comes from."""
    places: Sequence[str] = ()
    """Where it shows, or what it consists of."""
    where: Sequence[str] = ()
    """The same without what it says there, where that differs."""
    bars_use: bool = False
    """Whether nobody may use the code until it is done."""

    @property
    def rank(self) -> tuple[bool, bool]:
        """What weighs most comes first."""
        return not self.bars_use, self.grade != "poor"


def to_do(figures: Iterable[Figure], *, is_quiet: bool = False) -> list[Figure]:
    """What is poor and then what is to be watched, where the measure's card says what to do; nothing twice.

    Of one where nothing happens any more, what follows from that is left out: the page says it first.
    """
    graded = {f.metric: f for f in figures if f.grade in {"poor", "watch"} and f.advice}
    for metric in _FOLLOWS_FROM_SILENCE if is_quiet else ():
        graded.pop(metric, None)
    told = [f for f in graded.values() if not _is_told_by(graded.get(_SAYS_THE_SAME.get(f.metric, "")), f)]
    return sorted(told, key=lambda f: f.grade != "poor")


def tasks(figures: Iterable[Figure], findings: Sequence[Finding], *, is_quiet: bool = False) -> list[Task]:
    """Poor measures, poor findings, then what is to be watched."""
    kinds = {finding["kind"] for finding in findings if finding["grade"] == "poor"}
    measured = [_measured(f) for f in to_do(figures, is_quiet=is_quiet) if not kinds & _counted(f)]
    every = [*measured, *_found(findings)]
    return sorted(every, key=lambda task: task.rank)


def finding_title(finding: Finding) -> str:
    """What was found, after what it is about where the sentence does not say that itself."""
    subject, detail = words.short_repository(str(finding["subject"])), str(finding["detail"])
    is_said = str(finding["subject"]).startswith("pkg:") or subject.rpartition("/")[2] in detail
    return detail if is_said else f"{subject}: {detail}"


def _counted(figure: Figure) -> frozenset[str]:
    return _FOUND_BY_ITSELF.get(figure.metric, frozenset())


def _is_told_by(other: Figure | None, figure: Figure) -> bool:
    return other is not None and RANK[other.grade] >= RANK[figure.grade]


def _measured(figure: Figure) -> Task:
    bars_use = figure.metric == "licence_declared" and figure.grade == "poor"
    return Task(figure.grade, f"{figure.title}: {figure.text}.", figure.advice, figure.metric, bars_use=bars_use)


def _found(findings: Sequence[Finding]) -> list[Task]:
    """Findings one by one; those that are alike, or many of a kind, together."""
    gathered: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        advice = "" if finding["kind"] in _ALIKE else finding["advice"]
        gathered.setdefault((finding["kind"], finding["grade"], advice), []).append(finding)
    every: list[Task] = []
    for (kind, grade, advice), alike in gathered.items():
        if kind in _ALIKE:
            every.append(_ALIKE[kind](grade, alike))
        elif len(alike) > _MOST_ALONE:
            title = f"{words.plural(len(alike), 'finding')} of one kind, such as: {finding_title(alike[0])}"
            said = [finding_title(each) for each in alike]
            every.append(Task(grade, title, advice, None, said, _places(alike), bars_use=kind in _BARS_USE))
        else:
            bars_use = kind in _BARS_USE
            every += [
                Task(grade, finding_title(each), each["advice"], None, [place(each)], bars_use=bars_use)
                for each in alike
            ]
    return every


def _places(found: Sequence[Finding]) -> list[str]:
    return [place(finding) for finding in found]


def place(finding: Finding) -> str:
    """Where it shows: "town/desk, scripts/install.sh, line 7"."""
    line = f"line {finding['line']}" if finding["line"] else ""
    return ", ".join(filter(None, (words.short_repository(finding["repository"]), finding["path"], line)))


def _unreadable(grade: str, files: Sequence[Finding]) -> Task:
    if len(files) == 1:
        title, them = "A file that names components cannot be read: what it names is not known.", "it"
    else:
        title = f"{len(files)} files that name components cannot be read: what they name is not known."
        them = "them"
    return Task(grade, title, f"Ask the developers to look at {them}.", None, [place(each) for each in files])


def _services(grade: str, found: Sequence[Finding]) -> Task:
    names = list(dict.fromkeys(str(finding["subject"]) for finding in found))
    if len(names) == 1:
        title = f"It talks to a service that is not open: {names[0]}."
        advice = "See that everything works without it, and say in publiccode.yml what it is needed for."
    else:
        title = f"It talks to {words.count_of(len(names), 'service')} that are not open: {words.series(names)}."
        advice = "See that everything works without them, and say in publiccode.yml what each is needed for."
    return Task(
        grade, title, advice, None, [f"{finding['detail']} {place(finding)}" for finding in found], _places(found)
    )


_ALIKE = {"unreadable_manifest": _unreadable, "closed_service": _services}
