"""A small warehouse in memory for the pages: made-up codebases, a run, and a past of three years."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import polars as pl

from oshealth.measure import Bands, at_least, at_most
from oshealth.warehouse.schema import create_tables, create_views

AS_OF = date(2024, 10, 1)
RUN = "run-1"

# id, family, title, unit, bands, then the values of the first, second and third codebase (a text is a reason).
Row = dict[str, Any]
Card = tuple[str, str, str, str, Bands | None]
BUS, SPREAD, CADENCE, OPENNESS = "Bus factor", "Contributor spread", "Release cadence", "Dependency openness"
CARDS: dict[Card, tuple[float | str, ...]] = {
    ("contributor_absence_factor", BUS, "People behind half of the work", "people", at_least(3, 2)): (1, 4),
    ("truck_factor", BUS, "People who know half of the code", "people", at_least(3, 2)): (2, 5),
    ("recent_bus_factor", BUS, "People who know half of the recent code", "people", at_least(3, 2)): (1, 3),
    ("orphaned_files", BUS, "Files without an active author", "%", at_most(20, 50)): (61.37, 18.2),
    ("newcomers", BUS, "Newcomers", "people", None): (2, 14),
    ("affiliation_coverage", SPREAD, "Contributions whose organisation is known", "%", at_least(80, 50)): (97.6, 43.1),
    ("municipalities_contributing", SPREAD, "Municipalities that contribute", "count", at_least(3, 1)): (1, 2),
    ("supplier_share", SPREAD, "Share of suppliers", "%", None): (81.2, 12.0),
    ("top_supplier_share", SPREAD, "Share of the largest supplier", "%", at_most(50, 80)): (81.2, 9.0),
    ("releases_per_year", CADENCE, "Releases in a year", "per year", at_least(2, 1)): (9, 0),
    ("days_since_release", CADENCE, "Days since the last release", "days", at_most(182, 365)): (23, 1212),
    ("release_regularity", CADENCE, "Regularity of releases", "ratio", None): (0.4137, "fewer than three releases"),
    ("unreleased_commits", CADENCE, "Changes waiting for a release", "commits", None): (1, 3417),
    ("non_open_dependencies", OPENNESS, "Components that are not open", "count", at_most(0, 0)): (
        2,
        "the licences of its components have not been looked up",
    ),
    ("licence_coverage", OPENNESS, "Components whose licence is known", "%", at_least(98, 90)): (99.62, 71.4),
    ("first_response", "Responsiveness", "Time to a first answer", "hours", at_most(48, 168)): (
        "GitHub was not asked: no token was given",
        61.2,
    ),
    ("shade_of_blue", "Colours nobody thought of", "Shade of blue", "shades", None): (17, 12),
}
REPOSITORIES = {
    "github.com/desk-example/desk": ("library-desk", "own", None, "ok"),
    "github.com/desk-example/desk-image": ("library-desk", "own", None, "ok"),
    "github.com/old-example/desk": ("library-desk", "former", "github.com/desk-example/desk", "ok"),
    "github.com/voices-example/voices": ("city-voices", "own", None, "partial"),
    "github.com/north-example/voices": ("city-voices", "fork", "github.com/voices-example/voices", "ok"),
    "gitlab.com/far-example/away": ("far-away", "own", None, "unreachable"),
}
ORGANISATIONS = {
    "north-town": ("North Town", "municipality", "DK"),
    "soft-makers": ("Soft Makers", "supplier", "DK"),
    "desk-association": ("Desk Association", "association", "DK"),
    "skrivbord": ("Skrivbord", "association", "SE"),
    "voices-foundation": ("Voices Foundation", "foundation", "NL"),
}


ROLES = [
    ("library-desk", "desk-association", "steward"),
    ("library-desk", "skrivbord", "steward"),
    ("library-desk", "soft-makers", "supplier"),
    ("library-desk", "north-town", "user"),
    ("city-voices", "voices-foundation", "steward"),
]


def made_up_warehouse(name: str = "") -> duckdb.DuckDBPyConnection:
    """The warehouse; `name` takes the place of every name that a repository or person could choose."""
    connection = duckdb.connect()
    create_tables(connection)
    _declared(connection, name)
    _crawled(connection, name)
    _measured(connection, name)
    create_views(connection)
    return connection


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Row]) -> None:
    """Insert rows given as dictionaries; columns that are left out are null."""
    frame = pl.from_dicts(list(rows), infer_schema_length=None)
    connection.register("incoming", frame)
    connection.execute(f"insert into {table} by name select * from incoming")  # noqa: S608
    connection.unregister("incoming")


def moment(year: int, month: int) -> datetime:
    """The third hour of a month's first day, in UTC and without a zone, as all facts are."""
    return datetime(year, month, 1, 3, tzinfo=UTC).replace(tzinfo=None)


def _declared(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    codebases: list[Row] = [
        {"codebase": "library-desk", "name": "Library Desk", "countries": ["DK", "SE"], "position": 0}
        | {"summary": "Public computers in libraries.", "declared_archetype": "association"},
        {"codebase": "city-voices", "name": name or "City Voices", "countries": ["NL"], "position": 1}
        | {"summary": name or "Debates and votes.", "declared_archetype": name or "foundation"},
        {"codebase": "far-away", "name": "Far Away", "countries": [], "position": 2},
    ]
    insert(connection, "codebase", codebases)
    known = [
        {"organisation": key, "name": name or title, "type": kind, "country": country}
        for key, (title, kind, country) in ORGANISATIONS.items()
    ]
    insert(connection, "organisation", known)
    roles = [dict(zip(("codebase", "organisation", "role"), role, strict=True)) for role in ROLES]
    insert(connection, "codebase_organisation", roles)


def _crawled(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    for repository, (codebase, role, upstream, status) in REPOSITORIES.items():
        row: Row = {"repository": repository, "codebase": codebase, "role": role, "upstream": upstream, "packages": []}
        insert(connection, "repository", [row])
        insert(connection, "crawl", _crawls(repository, status, name))
        insert(connection, "commit", [_commit(repository)])
    insert(connection, "release", _releases(name))
    insert(connection, "contribution", _contributions())
    branch = {"repository": "github.com/north-example/voices", "name": name or "north-town"}
    rest = {"is_default": False, "committed_at": moment(2023, 5), "ahead_count": 3}
    insert(connection, "branch", [branch | rest])
    gap = {"repository": "github.com/voices-example/voices", "what": "commit", "reason": "invalid_date"}
    insert(connection, "gap", [gap | {"detail": name or "3 commits bear dates that cannot be", "count": 3}])
    finding = {"repository": "github.com/desk-example/desk", "kind": "non_open", "subject": name or "closed-browser"}
    words = {"grade": "poor", "detail": name or "is not open source", "advice": name or "Offer an open browser."}
    insert(connection, "finding", [finding | words | {"path": name or "scripts/install.sh", "line": 7}])


def _crawls(repository: str, status: str, name: str) -> Iterator[Row]:
    def crawl(when: datetime, how: str, is_newest: bool) -> dict[str, Any]:
        return {
            "repository": repository,
            "crawl": f"{when:%Y%m%dT%H%M%SZ}",
            "crawled_at": when,
            "status": how,
            "detail": None if how == "ok" else name or "the address did not answer",
            "schema_version": 1,
            "is_newest": is_newest,
            "is_stale": how == "unreachable",
            "is_readable": True,
        }

    if status == "unreachable":
        yield crawl(moment(2024, 9), "ok", is_newest=False)
    yield crawl(moment(2024, 10), status, is_newest=True)


def _commit(repository: str) -> Row:
    flags = {"is_merge": False, "is_inherited": False, "is_first_parent": True}
    when = dict.fromkeys(("authored_at", "committed_at", "known_at"), moment(2024, 8))
    return {"repository": repository, "sha": "a1", "position": 0, "parents": []} | flags | when


def _releases(name: str) -> Iterator[Row]:
    for repository in ("github.com/desk-example/desk", "github.com/desk-example/desk-image"):
        for number in range(12):
            yield {
                "repository": repository,
                "version": f"{name}1.{number}",
                "released_at": moment(2022, 1) + timedelta(days=85 * number + len(repository)),
                "is_prerelease": number % 4 == 3,
                "sources": ["tag"],
            }


def _contributions() -> Iterator[Row]:
    by = (("soft-makers", 5), ("north-town", 2), (None, 1))
    for month in range(36):
        written = moment(2021 + (month + 9) // 12, (month + 9) % 12 + 1)
        for organisation, count in by:
            for number in range(count + month % 3):
                row = {"codebase": "library-desk", "repository": "github.com/desk-example/desk", "kind": "person"}
                who = {"sha": f"{month}-{organisation}-{number}", "person": "f" * 32, "organisation": organisation}
                yield row | who | {"is_author": True, "authored_at": written}


def _measured(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    started = moment(2024, 10) + timedelta(days=1)
    run = {"run_id": RUN, "started_at": started, "as_of": AS_OF, "tool_version": "0.1.0", "status": "partial"}
    insert(connection, "run", [run])
    for position, ((metric, family, title, unit, bands), values) in enumerate(CARDS.items()):
        card = {"metric": metric, "family": family, "title": title, "unit": unit, "position": position}
        words = {"definition": f"Definition of {title}.", "source": "a paper of 2016", "pooling": "pooled"}
        advice = {"advice": f"Do something about it: {title}.", "has_history": True, "version": 1}
        limits = (bands.good, bands.watch, bands.higher_is_better) if bands else (None, None, None)
        graded = dict(zip(("good_limit", "watch_limit", "is_higher_better"), limits, strict=True))
        insert(connection, "metric", [card | words | advice | graded | {"bands": str(bands) if bands else None}])
        insert(connection, "measurement", _measurements(metric, bands, values, name))


def _measurements(metric: str, bands: Bands | None, values: Sequence[float | str], name: str) -> Iterator[Row]:
    subjects = [("codebase", "library-desk", values[0]), ("codebase", "city-voices", values[1])]
    subjects += [("repository", repository, values[0]) for repository in list(REPOSITORIES)[:2]]
    for kind, subject, value in subjects:
        for age in range(36 if kind == "codebase" else 1):
            year, month = divmod(AS_OF.year * 12 + AS_OF.month - 1 - age, 12)
            past = value + age % 5 if isinstance(value, float | int) and age else value
            yield {"subject_kind": kind, "subject": subject, "metric": metric, "as_of": date(year, month + 1, 1)} | (
                _measurement(past, bands, name)
            )


def _measurement(value: float | str, bands: Bands | None, name: str) -> dict[str, Any]:
    rest = {"run_id": RUN, "tool_version": "0.1.0", "metric_version": 1}
    if isinstance(value, str):
        return rest | {"reason": name or value}
    evidence = {"repository": name or "desk", "persons": ["a" * 32, "b" * 32], "last": "2024-09-08", "rows": [{"n": 1}]}
    found = {"value": value, "sample_size": 1234, "coverage": 0.976, "grade": bands.grade(value) if bands else None}
    return rest | found | {"evidence": json.dumps(evidence)}
