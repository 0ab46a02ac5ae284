"""A small portfolio for the warehouse's tests: a town's app, its fork and former home, and a library never crawled.

town/app     ann 2023, ann with bob 2024, ben of the firm 2024, a bot 2024, a merge       owner: the town
firm/app     the same first two commits and one written after the move                    former home
county/app   the same first two commits and one of its own                                fork
town/lib     watched, not crawled
"""

import hashlib
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import polars as pl

from facts_builder import History, moment
from oshealth.facts import MEASUREMENT, PACKAGES, PEOPLE, TABLES
from oshealth.measure import Measured, at_least, metric
from oshealth.sources import Codebase, Organisation, Repository, Sources
from oshealth.store import Ledger
from oshealth.warehouse import RUN, Contents
from oshealth.warehouse.frames import COUNTED_TABLES

APP, FORMER, FORK, LIB = (
    "example.org/town/app",
    "example.org/firm/app",
    "example.org/county/app",
    "example.org/town/lib",
)
CRAWLED_AT = moment("2024-07-01 03:00")


def alias(name: str) -> str:
    """A keyed hash, as it were."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]


ANN, BOB, BEN, BOT = (alias(name) for name in ("ann", "bob", "ben", "bot"))


def contents(**changes: Any) -> Contents:
    """The sample as a warehouse takes it."""
    history = _history()
    schemas = {**TABLES, **PEOPLE, **PACKAGES}
    frames = {table: pl.DataFrame(rows, schema=schemas[table]) for table, rows in history.rows.items()}
    facts = {table: frames[table] for table in TABLES}
    ledgers = [_ledger(name, facts) for name in (APP, FORMER, FORK)]
    given = {
        "facts": facts,
        "people": {table: frames[table] for table in PEOPLE},
        "measurements": measurements(
            row("truck_factor", date(2024, 6, 30), "day", value=1.0, grade="poor"),
            row("truck_factor", date(2024, 6, 30), "later", value=2.0, grade="watch"),
            row("truck_factor", date(2024, 5, 31), "day", value=3.0, grade="good"),
            row("truck_factor", date(2024, 5, 31), "later", value=2.0, grade="watch"),
            row("archetype", date(2024, 6, 30), "day", label="mixed"),
            row("open_issue_age", date(2024, 6, 30), "day", reason="the forge was not asked"),
        ),
        "metrics": [truck_factor.metric],  # type: ignore[attr-defined]
        "sources": sources(),
        "ledgers": ledgers,
        "runs": runs(("day", moment("2024-06-30 04:00")), ("later", moment("2024-07-02 04:00"))),
    }
    return Contents(**{**given, **changes})


@metric(
    family="Bus factor", title="Truck factor", unit="people", source="a paper", bands=at_least(3, 2), advice="Pair."
)
def truck_factor(as_of: date) -> Measured:
    """Persons who may leave."""
    return Measured(value=as_of.day)


def sources() -> Sources:
    """Two codebases of a town."""
    app = Repository(url=f"https://{APP}", former=(f"https://{FORMER}",))
    fork = Repository(url=f"https://{FORK}", fork_of=f"https://{APP}")
    return Sources(
        organisation=(Organisation(id="firm", name="The Firm", type="supplier", country="DK"),),
        codebase=(
            Codebase(
                id="app",
                name="App",
                stewards=("guild",),
                suppliers=("firm",),
                users=("town",),
                repository=(app, fork),
            ),
            Codebase(id="lib", name="Lib", stewards=("guild",), repository=(Repository(url=f"https://{LIB}"),)),
        ),
    )


def row(metric_id: str, as_of: date, run_id: str, **found: Any) -> dict[str, Any]:
    """One measurement of the codebase app."""
    known = {"subject_kind": "codebase", "subject": "app", "metric": metric_id, "as_of": as_of, "run_id": run_id}
    return {**known, "tool_version": "0.1.0", "metric_version": 1, "evidence": "{}", **found}


def measurements(*rows: dict[str, Any]) -> pl.DataFrame:
    """Rows of MEASUREMENT."""
    return pl.DataFrame(rows, schema=MEASUREMENT)


def runs(*started: tuple[str, datetime]) -> pl.DataFrame:
    """Rows of RUN that went well."""
    rows = [
        {"run_id": run_id, "started_at": at, "as_of": at.date(), "tool_version": "0.1.0", "status": "ok"}
        for run_id, at in started
    ]
    return pl.DataFrame(rows, schema=RUN)


def changed(given: Contents, table: str, **values: Any) -> Contents:
    """The same contents with the first row of a fact table changed; the ledgers count as before."""
    frame = given.fact(table)
    first = frame.head(1).with_columns(pl.lit(v, dtype=frame.schema[c]).alias(c) for c, v in values.items())
    return replace(given, facts={**given.facts, table: pl.concat([first, frame.slice(1)])})


def doubled(given: Contents, table: str) -> Contents:
    """The same contents with the first row of a fact table twice, as its ledger says."""
    frame = given.fact(table)
    repository = frame["repository"][0]
    more = [replace(x, rows={**x.rows, table: x.rows[table] + (x.repository == repository)}) for x in given.ledgers]
    return replace(given, facts={**given.facts, table: pl.concat([frame, frame.head(1)])}, ledgers=more)


def _history() -> History:
    history = History(APP, FORMER, FORK)
    first = history.commit(ANN, "2023-05-01", adds=["a.py"])
    second = history.commit(ANN, "2024-02-01", changes=["a.py"], coauthors=[BOB])
    for home in (FORMER, FORK):
        history.commit(ANN, "2023-05-01", adds=["a.py"], repository=home, sha=first)
        history.commit(ANN, "2024-02-01", changes=["a.py"], coauthors=[BOB], repository=home, sha=second)
    third = history.commit(BEN, "2024-03-01", adds=["b.py"], repository=APP)
    history.commit(BOT, "2024-03-02", changes=["b.py"], repository=APP)
    history.merge(ANN, "2024-03-03", repository=APP)
    history.commit(BEN, "2024-04-01", adds=["c.py"], repository=FORMER)
    history.commit(BOB, "2024-05-01", adds=["d.py"], repository=FORK)
    _people(history)
    history.release("1.0.0", "2023-06-01", sha=first)
    history.release("1.1.0", "2024-03-04", sha=third)
    history.release("0.9.0", "2023-05-02", sha=first, repository=FORMER)
    history.release("1.0.0", "2023-06-01", sha=first, repository=FORK)
    history.document("readme", "README.md", "2023-05-01", text="Hello")
    history.add("branch", name="main", sha=second, is_default=True)
    history.add("branch", repository=FORK, name="hillside", sha=second, is_default=False, ahead_count=3)
    asked = {"author_kind": "person", "updated_at": moment("2024-05-02")}
    history.add("issue", number=1, author_account=ANN, state="open", opened_at=moment("2024-05-01"), **asked)
    request = {"state": "merged", "opened_at": moment("2024-05-01"), "merged_at": moment("2024-05-03"), **asked}
    history.add("change_request", number=2, author_account=BOB, closed_at=moment("2024-05-03"), **request)
    answer = {"subject_kind": "issue", "number": 1, "responder_account": BOB}
    history.add("response", **answer, responded_at=moment("2024-05-02"))
    history.add("gap", what="commit", reason="invalid_date", detail="A date is before 1990.", count=1)
    return history


def _people(history: History) -> None:
    for person in (ANN, BOB, BEN):
        history.identity(person, person)
    history.is_bot(BOT)
    history.affiliate(ANN, "firm", until="2024-01-01")
    history.affiliate(ANN, "town", since="2024-01-01")
    history.affiliate(BEN, "firm")
    history.organisation("town", "municipality", population=12_000)
    history.organisation("guild", "association")


def _ledger(repository: str, facts: dict[str, pl.DataFrame]) -> Ledger:
    rows = {table: facts[table].filter(repository=repository).height for table in COUNTED_TABLES}
    return Ledger(repository, f"https://{repository}", CRAWLED_AT, "ok", crawl="20240701T030000Z", rows=rows)
