"""What the pages show, read from the warehouse's views. The queries lie beside this file, one to a `.sql` file."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oshealth.reports import words
from oshealth.reports.figures import Change, Figure, changes_in_a_year, pace, parse_evidence, with_notes
from oshealth.reports.years import Year, years_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Row = dict[str, Any]
SubjectKey = tuple[str, str]

_YEAR_DAYS = 365
NEVER_READ = "none of its repositories could be read so far"


@dataclass(frozen=True)
class About:
    """Where the page's figures come from."""

    run: str | None
    as_of: date | None
    started_at: datetime | None
    tool_version: str


@dataclass(frozen=True)
class Watched:
    """What all pages of one warehouse share."""

    about: About
    codebases: Sequence[Row]
    roles: Mapping[str, Mapping[str, Sequence[Row]]]
    """Organisations by codebase and role."""
    repositories: Sequence[Row]
    former: Sequence[Row]
    figures: Mapping[SubjectKey, Sequence[Figure]]


@dataclass(frozen=True)
class Subject:
    """A codebase, or one repository in an audit, with all that its page shows."""

    kind: str
    id: str
    name: str
    summary: str
    governance: Row | None
    repositories: Sequence[Row]
    forks: Sequence[Row]
    former: Sequence[Row]
    figures: Sequence[Figure]
    changes: Sequence[Change] = ()
    years: Sequence[Year] = ()
    """For whom people worked, the newest year first."""
    as_of: date | None = None

    @property
    def repository_ids(self) -> list[str]:
        return [repository["id"] for repository in self.repositories]

    @property
    def is_blind(self) -> bool:
        """Whether none of its repositories has ever been read, so that what was measured says nothing."""
        return bool(self.repositories) and not any(r["was_read"] for r in self.repositories)

    @property
    def pace(self) -> str:
        """How much more or less was done than the year before; empty where that is about the same or not known."""
        return "" if self.quiet_since else pace(self.figures)

    @property
    def why_blind(self) -> str:
        """Why nothing is known of it, where nothing is."""
        return NEVER_READ if len(self.repositories) > 1 else "its repository could not be read so far"

    @property
    def lost_homes(self) -> list[Row]:
        """The former homes that could not be read, so that they lend nothing."""
        return [r for r in self.former if not r["was_read"]]

    @property
    def quiet_since(self) -> date | None:
        """The day of the last contribution, where nobody contributed in the year up to the page's day."""
        if not self.years or self.as_of is None or (self.as_of - self.years[0].last_on).days < _YEAR_DAYS:
            return None
        return self.years[0].last_on

    @property
    def all_repositories(self) -> list[Row]:
        return [*self.repositories, *self.forks]

    @property
    def out_of_reach(self) -> list[Row]:
        """The repositories, forks included, that the last crawl could not read in full."""
        return [r for r in self.all_repositories if not is_read(r)]


def is_read(repository: Row) -> bool:
    """Whether the last crawl read the repository's whole history."""
    return repository["status"] == "ok" and not repository["is_stale"]


def rows(connection: "DuckDBPyConnection", query: str, **parameters: object) -> list[Row]:
    """The rows of one of the queries beside this file, or of any text of SQL that a dashboard brings."""
    text = _query(query) if " " not in query else query
    result = connection.execute(text, parameters or None)
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def read_about(connection: "DuckDBPyConnection") -> About:
    """The run that the figures come from."""
    about = About(**rows(connection, "about")[0])
    connection.execute("set variable as_of = ?", [about.as_of])
    return about


def read_watched(connection: "DuckDBPyConnection") -> Watched:
    """What all pages share; read once for all of them."""
    roles: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows(connection, "roles"):
        roles[row["codebase"]][row["role"]].append(row)
    return Watched(
        read_about(connection),
        rows(connection, "codebases"),
        roles,
        [row | {"was_read": _was_read(row)} for row in rows(connection, "repositories")],
        [row | {"was_read": _was_read(row)} for row in rows(connection, "former")],
        _figures(connection),
    )


def codebase_subject(connection: "DuckDBPyConnection", watched: Watched, codebase: str) -> Subject:
    """A codebase's subject. A KeyError names one that is not watched."""
    found = next((row for row in watched.codebases if row["id"] == codebase), None)
    if found is None:
        raise KeyError(f"no codebase {codebase!r} in the warehouse")
    mine = [r for r in watched.repositories if r["codebase"] == codebase]
    own = [r for r in mine if r["role"] == "own"]
    subject = Subject(
        "codebase",
        codebase,
        found["name"],
        found["summary"] or "",
        found | {"roles": watched.roles.get(codebase, {})},
        own,
        [r for r in mine if r["role"] == "fork"],
        [r for r in watched.former if r["upstream"] in {o["id"] for o in own}],
        watched.figures.get(("codebase", codebase), ()),
    )
    return _with_past(connection, replace(subject, as_of=watched.about.as_of))


def repository_subject(connection: "DuckDBPyConnection", watched: Watched, repository: str) -> Subject:
    """One repository as the subject of a page."""
    mine = [r for r in watched.repositories if r["id"] == repository]
    name = repository.partition("/")[2] or repository
    figures = watched.figures.get(("repository", repository), ())
    subject = Subject("repository", repository, name, "", None, mine, (), (), figures, as_of=watched.about.as_of)
    return _with_past(connection, subject)


def _was_read(repository: Row) -> bool:
    """Whether something of it is held, now or from earlier, or there is nothing in it to be held."""
    return repository["commit_count"] is not None or repository["status"] in {"ok", "empty", "unborn"}


def _figures(connection: "DuckDBPyConnection") -> dict[SubjectKey, list[Figure]]:
    """What was measured of each subject, in the catalogue's order; measures that do not apply were not taken."""
    cards = {row["metric"]: _card(row) for row in rows(connection, "cards")}
    titles = {metric: card["title"] for metric, card in cards.items()}
    for card in cards.values():
        card |= {key: words.with_titles(card[key], titles) for key in ("definition", "source")}
    found: dict[SubjectKey, dict[str, Row]] = defaultdict(dict)
    for row in rows(connection, "figures"):
        found[row.pop("subject_kind"), row.pop("subject")][row["metric"]] = row
    return {
        key: with_notes(
            [_figure(card, measured[metric]) for metric, card in cards.items() if metric in measured]
            + [_figure(_no_card(metric), row) for metric, row in measured.items() if metric not in cards]
        )
        for key, measured in found.items()
    }


def _card(row: Row) -> Row:
    """A measure's card with its bands in words; bands of labels are words already."""
    row |= {key: row[key].replace("'", "’") for key in ("title", "advice")}
    good, watch, is_higher_better = (row.pop(key) for key in ("good_limit", "watch_limit", "is_higher_better"))
    if good is None or watch is None:
        return row
    return row | {"bands": words.limits(good, watch, row["unit"], is_higher_better=is_higher_better)}


def _figure(card: Row, measured: Row) -> Figure:
    return Figure(**card | measured | {"evidence": parse_evidence(measured["evidence"])})


def _no_card(metric: str) -> Row:
    shown = {"title": metric, "family": "Other measures", "definition": "no definition was kept", "unit": ""}
    return {"metric": metric, **shown, "source": "not stated", "bands": None, "advice": ""}


def _with_past(connection: "DuckDBPyConnection", subject: Subject) -> Subject:
    """The same with each figure's past, and what changed in a year."""
    if subject.is_blind:
        return replace(subject, figures=[f.unknown_because(subject.why_blind) for f in subject.figures])
    past: dict[str, list[Row]] = defaultdict(list)
    for row in rows(connection, "past", kind=subject.kind, subject=subject.id):
        past[row["metric"]].append(row)
    figures = [replace(f, past=[(row["as_of"], row["value"]) for row in past[f.metric]]) for f in subject.figures]
    elephants = [(row["as_of"], row["value"]) for row in past["elephant_factor"]]
    elephants += [(f.as_of, f.value) for f in figures if f.metric == "elephant_factor"]
    of = {"kind": subject.kind, "subject": subject.id, "as_of": subject.as_of}
    by_year = rows(connection, "organisations_by_year", **of)
    years = years_of(by_year, elephants)
    return replace(subject, figures=figures, changes=changes_in_a_year(figures, past), years=years)


@cache
def _query(name: str) -> str:
    return Path(__file__).with_name("queries").joinpath(f"{name}.sql").read_text(encoding="utf-8")
