"""Who answers when somebody writes: the repositories of all codebases in one table, whichever forge they live on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from oshealth.reports.figures import Figure
from oshealth.reports.read import Row, Subject, Watched

METRICS = ("first_response", "unanswered", "change_request_closure", "reviewed_changes", "open_issue_age")
"""The columns, in their order."""


@dataclass(frozen=True)
class Answering:
    """How one repository answers."""

    codebase: str
    repository: Row
    figures: Sequence[Figure]
    """By `METRICS`."""

    @property
    def is_known(self) -> bool:
        return any(figure.is_known for figure in self.figures)

    @property
    def host(self) -> str:
        """Where it lives."""
        return str(self.repository["id"]).partition("/")[0]


@dataclass(frozen=True)
class Answers:
    """All repositories that were measured."""

    told: Sequence[Answering]
    reasons: Sequence[tuple[str, int]]
    """Why nothing is known of the others, and of how many; the commonest first."""

    @property
    def titles(self) -> list[str]:
        return [figure.title for figure in self.told[0].figures] if self.told else []


def read_answers(watched: Watched, subjects: Iterable[Subject]) -> Answers:
    """Of the codebases' own repositories, in their order."""
    every = [one for subject in subjects for one in _answering(watched, subject)]
    reasons: dict[str, int] = {}
    for one in every:
        if not one.is_known:
            reasons[one.figures[0].why] = reasons.get(one.figures[0].why, 0) + 1
    ordered = sorted(reasons.items(), key=lambda reason: (-reason[1], reason[0]))
    return Answers([one for one in every if one.is_known], ordered)


def _answering(watched: Watched, subject: Subject) -> list[Answering]:
    found = []
    for repository in subject.repositories:
        measured = {f.metric: f for f in watched.figures.get(("repository", repository["id"]), ())}
        if repository["was_read"] and all(metric in measured for metric in METRICS):
            found.append(Answering(subject.name, repository, [measured[metric] for metric in METRICS]))
    return found
