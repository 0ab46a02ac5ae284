"""What a warehouse is made from, as frames: facts, people, measurements, the catalogue and what sources.toml says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from oshealth.derive.findings import FINDING
from oshealth.facts import MEASUREMENT, PEOPLE, TABLES
from oshealth.licences.judging import JUDGED
from oshealth.measure import Metric
from oshealth.sources import Sources
from oshealth.store import FactsFolder, Ledger
from oshealth.store.ledger import crawl_moment, folder_name, read_ledger, repository_of
from oshealth.warehouse.declared import watched_ids
from oshealth.warehouse.errors import WarehouseError
from oshealth.warehouse.frames import RUN

LOADED_TABLES = (
    *("commit", "change", "file", "release", "branch", "document", "dependency", "gap"),
    *("issue", "change_request", "review", "response", "fork", "forge_release", "forge_repository"),
)
"""The fact tables that the warehouse holds: texts are never published, others are there for metrics alone."""

STOPPED = "It was stopped before it landed; the past months that it computed stand."

_OF_REPOSITORY = pl.col("subject_kind") == "repository"


@dataclass(frozen=True)
class Contents:
    """All that goes into one warehouse."""

    facts: Mapping[str, pl.DataFrame]
    """By table of `facts.TABLES`, the rows of all repositories together; tables may be missing."""
    people: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    """By table of `facts.PEOPLE`."""
    measurements: pl.DataFrame = field(default_factory=MEASUREMENT.to_frame)
    metrics: Sequence[Metric] = ()
    sources: Sources | None = None
    """None in an audit of one repository: then the ledgers say which repositories there are."""
    ledgers: Sequence[Ledger] = ()
    """Of every crawl kept; the last one of a repository is the newest, whose rows are in `facts`."""
    unreadable: Mapping[str, str] = field(default_factory=dict)
    """Repositories whose facts could not be read or cannot be believed, and why, in a sentence."""
    runs: pl.DataFrame = field(default_factory=RUN.to_frame)
    licences: pl.DataFrame = field(default_factory=JUDGED.to_frame)
    """What is known of packages' licences: `licences.judging.JUDGED`."""
    findings: pl.DataFrame = field(default_factory=FINDING.to_frame)
    """What a steward should look at: `derive.findings.FINDING`."""

    def fact(self, table: str) -> pl.DataFrame:
        """The rows of a fact table."""
        return self.facts[table] if table in self.facts else TABLES[table].to_frame()

    def of_people(self, table: str) -> pl.DataFrame:
        """The rows of a table of people."""
        return self.people[table] if table in self.people else PEOPLE[table].to_frame()

    def only(self, repository: str) -> "Contents":
        """What one repository alone brings: its facts, its crawls and what was measured and found of it."""
        ledgers = [ledger for ledger in self.ledgers if ledger.repository == repository]
        mine = self._of(pl.col("repository") == repository, _OF_REPOSITORY & (pl.col("subject") == repository))
        return replace(mine, people={}, ledgers=ledgers, licences=JUDGED.to_frame())

    def without(self, left_out: Mapping[str, str]) -> "Contents":
        """The same without the rows of these repositories, which are named as unreadable with the reason."""
        names = list(left_out)
        kept = self._of(~pl.col("repository").is_in(names), ~(_OF_REPOSITORY & pl.col("subject").is_in(names)))
        return replace(kept, unreadable={**self.unreadable, **left_out})

    def _of(self, repositories: pl.Expr, subjects: pl.Expr) -> "Contents":
        return replace(
            self,
            facts={table: self.fact(table).filter(repositories) for table in LOADED_TABLES},
            measurements=self.measurements.filter(subjects),
            findings=self.findings.filter(repositories),
        )


def read_contents(
    data: Path, sources: Sources, metrics: Sequence[Metric], runs: pl.DataFrame | None = None
) -> Contents:
    """The contents from a data folder. A repository whose files cannot be read is left out and named as unreadable.

    Raises:
        WarehouseError: the measurements or the people, which belong to no repository alone, cannot be read.
    """
    folder = FactsFolder(data)
    facts, unreadable = _read_facts(folder, watched_ids(sources))
    ledgers = [ledger for repository in watched_ids(sources) for ledger in _ledgers(folder, repository)]
    try:
        people, measurements = folder.read_people(), folder.read_measurements()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise WarehouseError(f"{folder.path}: measurements or people cannot be read: {error}") from error
    return Contents(
        facts=facts,
        people=people,
        measurements=measurements,
        metrics=metrics,
        sources=sources,
        ledgers=ledgers,
        unreadable=unreadable,
        runs=_runs(folder, measurements, RUN.to_frame() if runs is None else runs),
    )


def _read_facts(folder: FactsFolder, repositories: Sequence[str]) -> tuple[dict[str, pl.DataFrame], dict[str, str]]:
    """The tables of all repositories together, and those that cannot be read with the reason."""
    read: dict[str, dict[str, pl.DataFrame]] = {}
    unreadable: dict[str, str] = {}
    for repository in repositories:
        try:
            read[repository] = {table: _read(folder, repository, table) for table in LOADED_TABLES}
        except (pl.exceptions.PolarsError, OSError) as error:
            why = f"Its facts could not be read ({type(error).__name__}); the next crawl writes them anew."
            unreadable[repository] = why
    return {table: _together(table, [tables[table] for tables in read.values()]) for table in LOADED_TABLES}, unreadable


def _read(folder: FactsFolder, repository: str, table: str) -> pl.DataFrame:
    frame = folder.read(repository, table)
    if frame.schema != TABLES[table]:
        raise pl.exceptions.SchemaError(f"{table} has other columns than it must")
    return frame


def _together(table: str, frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat([TABLES[table].to_frame(), *frames])


def _ledgers(folder: FactsFolder, repository: str) -> list[Ledger]:
    """Every crawl kept, the newest last."""
    newest = folder.ledger(repository)
    if newest is None:
        return []
    found = _ledgers_in(folder.path / folder_name(repository))
    return [*(ledger for ledger in found if ledger.crawl != newest.crawl), newest]


def _ledgers_in(folder: Path) -> list[Ledger]:
    paths = sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    return [ledger for path in paths if (ledger := read_ledger(path))]


def _runs(folder: FactsFolder, measurements: pl.DataFrame, given: pl.DataFrame) -> pl.DataFrame:
    """The runs given, those of which the ledger of their measurements tells, and those that never landed theirs."""
    ledgers = {repository_of(ledger.crawl): ledger for ledger in _ledgers_in(folder.path / "+measurements")}
    measured = measurements.group_by("run_id").agg(pl.col("as_of").max(), pl.col("tool_version").first())
    rows = [
        {"run_id": run_id, "as_of": as_of, "tool_version": version, **ended}
        for run_id, as_of, version in measured.sort("run_id").iter_rows()
        if run_id not in set(given["run_id"]) and (ended := _ended(run_id, ledgers.get(run_id)))
    ]
    return pl.concat([given, pl.DataFrame(rows, schema=RUN)])


def _ended(run_id: str, ledger: Ledger | None) -> dict[str, object]:
    if ledger is None:
        # Its id tells when it started; nothing where it is no run of ours.
        started_at = crawl_moment(run_id)
        return {"started_at": started_at, "status": "failed", "detail": STOPPED} if started_at else {}
    status = "partial" if ledger.detail else "ok"
    return {"started_at": ledger.crawled_at, "status": status, "detail": ledger.detail or None}
