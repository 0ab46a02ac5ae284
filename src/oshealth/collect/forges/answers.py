"""What forges answer, whichever they are: an answer of HTTP, a page of rows, what is said of the repository itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from oshealth.collect.errors import CollectError
from oshealth.facts import Gap

Kind = Literal["issue", "change_request"]
KINDS: tuple[Kind, ...] = ("issue", "change_request")
Row = dict[str, Any]
Rows = dict[str, list[Row]]
"""Rows by table."""
_MOST_FORKS = 100
NO_JSON = "its answer is cut or no JSON"
UNREADABLE = "The forge's answer is not what its interface promises."


class ForgeError(CollectError):
    """A forge does not tell; `reason` is the short key of the gap, the message one sentence for people."""

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        super().__init__(detail)


@dataclass(frozen=True)
class Answer:
    """One answer of a server; status 0: there was none, or it was cut."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""
    body: Any = None
    fault: str = ""

    @property
    def message(self) -> str:
        """What a forge says beside an error, cut short."""
        said = self.body.get("message") if isinstance(self.body, dict) else None
        return str(said or self.fault)[:200]


@dataclass(frozen=True)
class Page:
    """Rows of some issues or requests, and where the next page begins; None: this was the last."""

    rows: Rows
    cursor: str | None
    total: int | None = None
    """How many there are in all, as the forge counts."""


@dataclass(frozen=True)
class Asked:
    """What is wanted of one listing."""

    path: str
    """The repository's path on its forge: "owner/name"."""
    kind: Kind
    since: datetime | None = None
    """Only what changed since then; None: all."""


@dataclass(frozen=True)
class Overview:
    """What a forge says of a repository itself."""

    row: Row
    """Columns of `forge_facts.FORGE_REPOSITORY` that the forge tells; empty: as it was."""
    path: str
    """Its path now, which may be another than was asked for."""
    rows: Rows
    """Of the tables forge_release and fork; a table that is missing stands as it was."""
    gaps: tuple[Gap, ...] = ()
    read_at: datetime | None = None
    """The forge's own clock."""


NO_ISSUES = Gap("issue", "disabled", "The repository takes no issues on its forge.")


def fork_gaps(count: int) -> tuple[Gap, ...]:
    """What is not told of forks where there are many."""
    if count <= _MOST_FORKS:
        return ()
    detail = f"Of the forks only the {_MOST_FORKS} that changed last are kept."
    return (Gap("fork", "too_many", detail, count - _MOST_FORKS),)


class Forge(Protocol):
    """What github.py and gitlab.py both are, once connected."""

    kind: str
    gaps: tuple[Gap, ...]
    """What this forge, or this token, cannot give at all."""

    def overview(self, path: str, known: Mapping[str, Any]) -> Overview:
        """The repository itself; `known` is its row from the crawl before."""
        ...

    def page(self, asked: Asked, cursor: str | None) -> Page:
        """One page of issues or change requests, with their answers and reviews."""
        ...
