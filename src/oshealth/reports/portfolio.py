"""The page over all codebases, and all pages at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from oshealth.reports.answering import read_answers
from oshealth.reports.answers import sections
from oshealth.reports.codebase import page_name, unknowns, write_codebase
from oshealth.reports.errors import PageError
from oshealth.reports.figures import Section
from oshealth.reports.page import write_page
from oshealth.reports.read import Subject, Watched, codebase_subject, read_watched
from oshealth.reports.todo import Task, tasks

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FIRST = 2
"""How many things to do the portfolio names for each codebase; the codebase's own page has all."""


@dataclass(frozen=True)
class Link:
    """A page beside the report: what it tells, and its address as seen from the report's folder."""

    text: str
    address: str


@dataclass(frozen=True)
class Entry:
    """A codebase as the portfolio shows it."""

    subject: Subject
    page: str
    sections: Sequence[Section]

    @property
    def todo(self) -> Sequence[Task]:
        """The first things to do: what bars use, then what is poor, one of each question before a second of any."""
        poor = [[t for t in tasks(section.figures, ()) if t.grade == "poor"] for section in self.sections]
        in_turn = [found[turn] for turn in range(max(map(len, poor), default=0)) for found in poor if turn < len(found)]
        return sorted(in_turn, key=lambda task: task.rank)[:_FIRST]

    @property
    def grades(self) -> dict[str, int]:
        """How many measures have each grade."""
        every = [figure.grade for figure in self.subject.figures]
        return {grade: every.count(grade) for grade in ("good", "watch", "poor", "unknown")}


def write_portfolio(
    connection: "DuckDBPyConnection", folder: Path, watched: Watched | None = None, links: Sequence[Link] = ()
) -> Path:
    """Write index.html: every codebase with its four answers, who answers, and where the dashboards are."""
    watched = watched or read_watched(connection)
    entries = [_entry(codebase_subject(connection, watched, row["id"])) for row in watched.codebases]
    return write_page(
        folder / "index.html",
        "portfolio.html",
        about=watched.about,
        entries=entries,
        urgent=[e for e in entries if e.todo or e.subject.is_blind or e.subject.quiet_since],
        repository_count=sum(r["role"] == "own" for r in watched.repositories),
        fork_count=sum(r["role"] == "fork" for r in watched.repositories),
        links=links,
        answers=read_answers(watched, [entry.subject for entry in entries]),
        unknowns=[(entry, unknowns(entry.subject.figures)) for entry in entries],
    )


def write_all(connection: "DuckDBPyConnection", folder: Path, links: Sequence[Link] = ()) -> list[Path]:
    """Write the portfolio's page and one for each codebase; the portfolio's is the first of the list.

    Raises:
        PageError: of some codebases no page could be written; those of the others are.
    """
    watched = read_watched(connection)
    pages: list[Path] = []
    faults: list[str] = []
    for row in watched.codebases:
        try:
            pages.append(write_codebase(connection, row["id"], folder, watched))
        except Exception as error:  # noqa: BLE001 (a defect in one page must not hold back the others)
            faults.append(f"{row['id']} ({type(error).__name__}: {error})")
    portfolio = write_portfolio(connection, folder, watched, links)
    if faults:
        raise PageError(f"no page could be written of {', '.join(faults)}")
    return [portfolio, *pages]


def _entry(subject: Subject) -> Entry:
    return Entry(
        subject, page_name(subject.id), sections(subject.figures, subject.quiet_since, next(iter(subject.years), None))
    )
