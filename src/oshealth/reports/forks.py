"""The forks of a codebase: what each was measured at, who runs it, and its other branches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oshealth.reports import words
from oshealth.reports.figures import Figure
from oshealth.reports.read import Row, Subject, Watched, rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MOST_BRANCHES = 40
_FAMILY = "Upstream and use"
_DEPLOYMENTS = "fork_deployments"


@dataclass(frozen=True)
class Deployment:
    """A municipality that has branches of its own: likely an installation of its own."""

    municipality: str
    country: str
    branches: Sequence[str]
    newest: Row
    """Of its branches the one that was changed last."""


@dataclass(frozen=True)
class Fork:
    """A fork as the page of its codebase shows it."""

    repository: Row
    figures: Sequence[Figure]
    """What is known of it, as of any repository."""
    unknown: Sequence[Figure]
    """What is not, with the reasons; of one that was never read, nothing is listed."""
    deployments: Sequence[Deployment]
    branches: Sequence[Row]
    """Those that are no deployment, the most recently changed first; not all of them where there are many."""
    branch_count: int

    @property
    def of_its_own(self) -> list[Figure]:
        """What is asked of forks alone: how far it went from the original, and what came back."""
        return [f for f in self.figures if f.family == _FAMILY and f.metric.startswith(("fork_", "upstreamed"))]


@dataclass(frozen=True)
class FoundFork:
    """A fork that nobody declared: how far it is from the original."""

    repository: Row
    figures: Mapping[str, Figure]
    """By metric."""


def read_found_forks(connection: "DuckDBPyConnection", watched: Watched, subject: Subject) -> list[FoundFork]:
    """Those of a codebase, the one that changed last first."""
    mine = [row for row in rows(connection, "found_forks") if row["codebase"] == subject.id]
    found = [(fork, watched.figures.get(("repository", fork["id"]), ())) for fork in mine]
    return [FoundFork(fork, {f.metric: f for f in figures}) for fork, figures in found if figures]


def read_forks(connection: "DuckDBPyConnection", watched: Watched, subject: Subject) -> list[Fork]:
    """The forks of a codebase in the order of their names."""
    branches = rows(connection, "branches", repositories=[fork["id"] for fork in subject.forks])
    return [_fork(fork, [b for b in branches if b["repository"] == fork["id"]], watched) for fork in subject.forks]


def _fork(fork: Row, branches: Sequence[Row], watched: Watched) -> Fork:
    every = watched.figures.get(("repository", fork["id"]), ()) if fork["was_read"] else ()
    figures = [f for f in every if f.is_known]
    deployments = _deployments(figures, {b["name"]: b for b in branches})
    deployed = {name for deployment in deployments for name in deployment.branches}
    others = [b for b in branches if b["name"] not in deployed]
    return Fork(fork, figures, [f for f in every if not f.is_known], deployments, others[:_MOST_BRANCHES], len(others))


def _deployments(figures: Sequence[Figure], branches: Mapping[str, Row]) -> list[Deployment]:
    """From the evidence of the measure; a branch that is no longer there is left out."""
    found = next((f.evidence.get("deployments") for f in figures if f.metric == _DEPLOYMENTS), None) or []
    deployments = []
    for row in found:
        names = [name for name in row["branches"] if name in branches]
        dated = [branches[name] for name in names if branches[name]["committed_at"]]
        if dated:
            newest = max(dated, key=lambda branch: branch["committed_at"])
            deployments.append(Deployment(row["municipality"], words.country(row["country"]), names, newest))
    return deployments
