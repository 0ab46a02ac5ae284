"""One page for one codebase, or for one repository in an audit: the same code and template."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oshealth.reports import pictures, words
from oshealth.reports.answers import sections
from oshealth.reports.charts import Chart
from oshealth.reports.figures import Figure
from oshealth.reports.forks import read_forks, read_found_forks
from oshealth.reports.page import write_page
from oshealth.reports.read import (
    Row,
    Subject,
    Watched,
    codebase_subject,
    read_watched,
    repository_subject,
    rows,
)
from oshealth.reports.todo import tasks

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_BUS_FACTORS = ("contributor_absence_factor", "truck_factor", "recent_bus_factor")


@dataclass(frozen=True)
class Unknown:
    """A reason for not knowing, and the measures that it keeps in the dark."""

    reason: str
    titles: Sequence[str]


def write_codebase(
    connection: "DuckDBPyConnection", codebase_id: str, folder: Path, watched: Watched | None = None
) -> Path:
    """Write the page of one codebase. A KeyError names one that the warehouse does not have."""
    watched = watched or read_watched(connection)
    subject = codebase_subject(connection, watched, codebase_id)
    return _write(connection, watched, subject, folder / page_name(codebase_id), home="index.html")


def audit_page(connection: "DuckDBPyConnection", subject: str, path: Path) -> Path:
    """Write the page of one repository ("github.com/owner/name", or what the audit calls it) to a file."""
    watched = read_watched(connection)
    return _write(connection, watched, repository_subject(connection, watched, subject), path, home=None)


def page_name(codebase_id: str) -> str:
    """The file name of a codebase's page, beside the portfolio's index.html."""
    return f"{codebase_id}.html" if codebase_id != "index" else "index-codebase.html"


def _write(connection: "DuckDBPyConnection", watched: Watched, subject: Subject, path: Path, home: str | None) -> Path:
    as_of = watched.about.as_of or date.min
    repositories, forks = subject.repository_ids, [fork["id"] for fork in subject.forks]
    findings = rows(connection, "findings", repositories=repositories)
    return write_page(
        path,
        "codebase.html",
        charts=_charts(connection, subject, as_of),
        about=watched.about,
        subject=subject,
        home=home,
        sections=sections(subject.figures, subject.quiet_since, next(iter(subject.years), None)),
        todo=tasks(subject.figures, findings, is_quiet=subject.quiet_since is not None),
        unknowns=unknowns(subject.figures),
        gaps=rows(connection, "gaps", repositories=repositories + forks),
        table=_repository_table(watched, subject),
        forks=read_forks(connection, watched, subject),
        unknowns_of=unknowns,
        found_forks=read_found_forks(connection, watched, subject),
    )


def unknowns(figures: Sequence[Figure]) -> list[Unknown]:
    """The measures without a value, gathered by their reason."""
    reasons: dict[str, list[str]] = {}
    for figure in figures:
        if not figure.is_known:
            reasons.setdefault(figure.why, []).append(figure.title)
    return [Unknown(reason, titles) for reason, titles in reasons.items()]


def _charts(connection: "DuckDBPyConnection", subject: Subject, as_of: date) -> list[Chart]:
    of = {"kind": subject.kind, "subject": subject.id, "as_of": as_of}
    releases = rows(connection, "releases", repositories=subject.repository_ids, as_of=as_of)
    for release in releases:
        release["repository"] = words.short_repository(release["repository"]).rpartition("/")[2]
    return [
        pictures.people_who_matter(_bus_factor_rows(subject.figures, subject.quiet_since or as_of), as_of),
        pictures.contributions_by_type(
            rows(connection, "contributions_by_year", **of), _last_bar(subject.quiet_since, as_of)
        ),
        pictures.contributions_by_month(rows(connection, "contributions_by_month", **of)),
        pictures.releases_over_time(releases, as_of),
    ]


def _last_bar(quiet_since: date | None, as_of: date) -> str:
    return f"Nothing since {words.day(quiet_since)}." if quiet_since else f"The last bar ends with {words.day(as_of)}."


def _bus_factor_rows(figures: Sequence[Figure], until: date) -> list[Row]:
    """The past of the ways of counting whom the work rests on; a stretch that is not known breaks the line.

    It ends where the work ended: what is counted from the whole history would go on for ever.
    """
    return [
        {"date": when.isoformat(), "measure": figure.title, "value": value}
        for figure in figures
        if figure.metric in _BUS_FACTORS and sum(value is not None for _, value in figure.past) > 1
        for when, value in figure.past
        if when <= until
    ]


def _repository_table(watched: Watched, subject: Subject) -> list[dict[str, Any]]:
    """A row for each measure that any of the repositories has, with a figure for each repository."""
    measured = [{f.metric: f for f in watched.figures.get(("repository", r), ())} for r in subject.repository_ids]
    if len(measured) < 2:
        return []
    return [
        {"title": figure.title, "family": figure.family, "figures": [found.get(figure.metric) for found in measured]}
        for figure in subject.figures
        if any(figure.metric in found for found in measured)
    ]
