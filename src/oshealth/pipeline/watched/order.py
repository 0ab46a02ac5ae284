"""What one run is to do, and how each part of it ended: plain values that can travel to another machine."""

import secrets
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal, Protocol

from oshealth.clock import now
from oshealth.collect.address import Mirrors
from oshealth.licences.decisions import read_decisions
from oshealth.pipeline.watched.project import Project, ProjectError, chosen, open_project
from oshealth.visible import visible

Stage = Literal["crawl", "forge", "forks", "packages", "maintainability", "identify", "measure", "load", "report"]
End = Literal["done", "unchanged", "failed", "waiting"]
"""Of these "waiting" is none for good: a forge's limit is spent, and the item is asked for again."""


@dataclass(frozen=True)
class Order:
    """One run over a project folder."""

    folder: str
    data: str
    run_id: str
    started_at: datetime
    as_of: date
    codebases: tuple[str, ...] = ()
    """Ids from sources.toml; empty: all."""
    mirrors: tuple[str, ...] = ()
    is_offline: bool = False

    def project(self) -> Project:
        """The project folder, read anew: wherever the order has travelled to."""
        return open_project(Path(self.folder), Path(self.data), self.mirrors)


@dataclass(frozen=True)
class Outcome:
    """How one stage ended for one repository, subject or file."""

    stage: Stage
    item: str
    end: End
    detail: str = ""
    """Why it failed, or what it found; one sentence for people."""
    seconds: float = 0.0

    def __post_init__(self) -> None:
        """Let nothing that a repository named act in a terminal, in Prefect's log or in its pages."""
        object.__setattr__(self, "detail", visible(self.detail))


class Each(Protocol):
    """Does one stage for several items, in any order and number at once, and yields each outcome as it comes.

    Items that must wait for a limit are waited for; without patience they end as "waiting".
    """

    def __call__(self, stage: Stage, items: Sequence[str], *, is_patient: bool = True) -> Iterator[Outcome]: ...


Do = Callable[[Order, str], Outcome]
"""What one stage does for one item. It raises only what may pass when tried again."""


def order_for(folder: str, data: str | None, codebases: Sequence[str], as_of: str | None, **options: Any) -> Order:
    """The order of a run that starts now. What is wrong with sources.toml or with what was asked is said at once.

    `options` are `mirrors` and `is_offline`.

    Raises:
        ProjectError: no such codebase, a day that is not over, or a data folder that cannot be written.
    """
    project = open_project(Path(folder), Path(data) if data else None)
    chosen(project, codebases)
    # What is wrong is said before anything starts: decisions, mirrors, the folder, the key of the aliases in it.
    read_decisions(project.folder)
    Mirrors.parse(options.get("mirrors", ()))
    started_at = now()
    day = past_day(date.fromisoformat(as_of) if as_of else None, started_at.date())
    _check_writable(project.data)
    _ = project.alias_key
    return Order(
        folder=str(project.folder),
        data=str(project.data),
        # Two runs may start in the same second: each must land what it measured itself.
        run_id=f"{started_at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}",
        started_at=started_at,
        as_of=day,
        codebases=tuple(codebases),
        mirrors=tuple(options.get("mirrors", ())),
        is_offline=bool(options.get("is_offline", False)),
    )


def past_day(wanted: date | None, today: date) -> date:
    """The day to measure. What lies in the future would stand in the warehouse as its newest state for good.

    Raises:
        ProjectError: it has not come yet.
    """
    if wanted is not None and wanted > today:
        raise ProjectError(f"--as-of {wanted} lies in the future; the newest possible day is {today}")
    return wanted or today


def _check_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise ProjectError(f"{folder} cannot be written: {error.strerror}") from None


def end_of_day(day: date) -> datetime:
    """The first moment after a UTC day."""
    return datetime.combine(day, time()) + timedelta(days=1)


def failed(stage: Stage, item: str, error: BaseException) -> Outcome:
    """The outcome of a stage that raised. Errors of our own are sentences; others need their kind to be understood."""
    kind = type(error)
    is_own = kind.__module__.startswith("oshealth") and str(error)
    return Outcome(stage, item, "failed", str(error) if is_own else f"{kind.__name__}: {error}")


def timed(outcome: Outcome, seconds: float) -> Outcome:
    """The outcome with what it took, rounded to the millisecond, unless that is known better already."""
    return outcome if outcome.seconds else replace(outcome, seconds=round(seconds, 3))
