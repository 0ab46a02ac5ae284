"""The facts of all repositories: Parquet files in one folder per crawl, made visible by a ledger written last.

DATA/facts/github.com+owner+name/20261123T031500Z/{commit,change,…}.parquet, ledger.json
DATA/facts/+people/20261123T033000Z/{identity,affiliation,organisation}.parquet, ledger.json
DATA/facts/+packages/20261123T031000Z/{package,package_release}.parquet, ledger.json
DATA/facts/+measurements/RUN/measurement.parquet, ledger.json
DATA/facts/+history/SUBJECT/20261123T033000Z/measurement.parquet, ledger.json
DATA/facts/+notes/NAME
"""

import shutil
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl

from oshealth.facts import MEASUREMENT, PACKAGES, PEOPLE, TABLES, Status
from oshealth.store.crawl_folders import UNFINISHED_AFTER, by_age, new_folder, newest, subfolders
from oshealth.store.ledger import (
    FILE_NAME,
    Ledger,
    StoreError,
    crawl_moment,
    folder_name,
    read_ledger,
    repository_of,
    write_ledger,
)

_PEOPLE = "+people"
_PACKAGES = "+packages"
_MEASUREMENTS = "+measurements"
_HISTORY = "+history"
_UNREAD = "crawl"
_OF_ROWS = ("head", "default_branch", "fingerprint", "refs_at", "manifests_at")
"""What a ledger says of the rows themselves, which a crawl that found none leaves as they are."""
_MOST_SEGMENTS = 16
_KEPT_FOR = timedelta(days=30)


class FactsFolder:
    """The facts below a data folder. Reading needs no lock: a crawl is there as a whole, or not at all."""

    def __init__(self, data: Path) -> None:
        self.path = data / "facts"

    def repositories(self) -> list[str]:
        """The repositories that have facts, sorted."""
        found = [repository_of(path.name) for path in self._folders() if newest(path)]
        return sorted(found)

    def ledger(self, repository: str) -> Ledger | None:
        """The ledger of the newest complete crawl; none where there is no crawl of this schema version."""
        return newest(self.path / folder_name(repository))

    def write(
        self,
        ledger: Ledger,
        frames: Mapping[str, pl.DataFrame],
        *,
        append: Collection[str] = (),
        carry: Collection[str] = (),
    ) -> Ledger:
        """Land a crawl, complete or not at all.

        Args:
            ledger: what was crawled; its crawl, rows, files and sizes are filled in here.
            frames: rows by table, each exactly as `facts.TABLES` has it.
            append: tables whose frame is added to the rows of the newest crawl.
            carry: tables that stand as in the newest crawl; their frames are not given.

        Returns:
            The ledger as written.
        """
        for table, frame in frames.items():
            _check(table, frame, TABLES[table])
        folder = self.path / folder_name(ledger.repository)
        previous = newest(folder)
        at = max(ledger.crawled_at, previous.crawled_at) if previous else ledger.crawled_at
        crawl = new_folder(folder, at)
        files = {table: _names(previous, table) for table in carry}
        rows = {table: _rows(previous, table) for table in carry}
        for table, frame in frames.items():
            earlier = _names(previous, table) if table in append else ()
            rows[table] = frame.height + (_rows(previous, table) if earlier else 0)
            merged = len(earlier) >= _MOST_SEGMENTS
            whole = pl.concat([_read(folder, earlier, TABLES[table]), frame]) if merged else frame
            files[table] = (*(() if merged else earlier), *_write(whole, folder, crawl / f"{table}.parquet"))
        written = _landed(folder, replace(ledger, crawled_at=at, crawl=crawl.name, rows=rows, files=files))
        _sweep(folder, written)
        return written

    def add(
        self, repository: str, frames: Mapping[str, pl.DataFrame], added_at: datetime, append: Collection[str] = ()
    ) -> Ledger:
        """Land tables made from a repository's newest crawl, whose other tables and ledger stand as they are."""
        previous = self.ledger(repository)
        if previous is None:
            raise StoreError(f"{repository} has no facts yet, to which tables could be added")
        carry = previous.files.keys() - frames.keys()
        return self.write(replace(previous, crawled_at=added_at), frames, append=append, carry=carry)

    def write_unread(self, ledger: Ledger) -> Ledger:
        """Land a crawl that could not read the repository: what the crawl before found stands, with a gap."""
        previous = self.ledger(ledger.repository)
        gap = (ledger.repository, _UNREAD, ledger.status, ledger.detail, None)
        gaps = pl.DataFrame([gap], schema=TABLES["gap"], orient="row")
        if previous is None:
            return self.write(ledger, {"gap": gaps})
        before = self.read(ledger.repository, "gap").filter(pl.col("what") != _UNREAD)
        kept = {name: getattr(previous, name) for name in _OF_ROWS}
        known = replace(ledger, **kept, read_as=previous.read_as or previous.status)
        return self.write(known, {"gap": pl.concat([before, gaps])}, carry=previous.files.keys() - {"gap"})

    def read(self, repository: str, table: str) -> pl.DataFrame:
        """The rows of a table; none where the repository has no facts."""
        folder = self.path / folder_name(repository)
        return _read(folder, _names(newest(folder), table), TABLES[table])

    def scan(self, repository: str, table: str) -> pl.LazyFrame:
        """As `read`, to be cut down before it is read."""
        folder = self.path / folder_name(repository)
        names = _names(newest(folder), table)
        return pl.scan_parquet([folder / name for name in names]) if names else TABLES[table].to_frame().lazy()

    def write_people(self, frames: Mapping[str, pl.DataFrame], written_at: datetime) -> None:
        """Land what the room `people` made: every table of `facts.PEOPLE`, for all repositories together."""
        self._write_shared(_PEOPLE, PEOPLE, frames, written_at)

    def read_people(self) -> dict[str, pl.DataFrame]:
        """The newest tables of `facts.PEOPLE`; empty ones where there are none yet."""
        return self._read_shared(_PEOPLE, PEOPLE)

    def write_packages(self, frames: Mapping[str, pl.DataFrame], written_at: datetime) -> None:
        """Land what is known of packages: every table of `facts.PACKAGES`, whoever needs them."""
        self._write_shared(_PACKAGES, PACKAGES, frames, written_at)

    def read_packages(self) -> dict[str, pl.DataFrame]:
        """The newest tables of `facts.PACKAGES`; empty ones where there are none yet."""
        return self._read_shared(_PACKAGES, PACKAGES)

    def _write_shared(
        self, name: str, schemas: Mapping[str, pl.Schema], frames: Mapping[str, pl.DataFrame], written_at: datetime
    ) -> None:
        if frames.keys() != schemas.keys():
            raise StoreError(f"{name[1:]} need the tables {sorted(schemas)}, not {sorted(frames)}")
        for table, frame in frames.items():
            _check(table, frame, schemas[table])
        folder = self.path / name
        crawl = new_folder(folder, written_at)
        files = {table: _write(frame, folder, crawl / f"{table}.parquet") for table, frame in frames.items()}
        ledger = Ledger(name, "", written_at, "ok", crawl=crawl.name, files=files)
        _sweep(folder, _landed(folder, ledger))

    def _read_shared(self, name: str, schemas: Mapping[str, pl.Schema]) -> dict[str, pl.DataFrame]:
        folder = self.path / name
        ledger = newest(folder)
        return {table: _read(folder, _names(ledger, table), schema) for table, schema in schemas.items()}

    def append_measurements(self, frame: pl.DataFrame, run_id: str, measured_at: datetime, detail: str = "") -> None:
        """Land a run's measurements beside those of earlier runs, and in `detail` what failed. A run lands once."""
        _check("measurement", frame, MEASUREMENT)
        folder = self.path / _MEASUREMENTS
        run = folder / folder_name(run_id)
        run.mkdir(parents=True, exist_ok=False)
        files = {"measurement": _write(frame, folder, run / "measurement.parquet")}
        status: Status = "partial" if detail else "ok"
        _landed(folder, Ledger(_MEASUREMENTS, "", measured_at, status, detail, crawl=run.name, files=files))

    def write_history(self, subject: str, frame: pl.DataFrame, fingerprint: str, measured_at: datetime) -> None:
        """Land a subject's past months, computed again, in place of those before.

        `fingerprint` stands for all that they were computed from: equal means that there is nothing to compute.
        """
        _check("measurement", frame, MEASUREMENT)
        folder = self.path / _HISTORY / folder_name(subject)
        crawl = new_folder(folder, measured_at)
        files = {"measurement": _write(frame, folder, crawl / "measurement.parquet")}
        ledger = Ledger(subject, "", measured_at, "ok", fingerprint=fingerprint, crawl=crawl.name, files=files)
        _landed(folder, ledger)
        for path in by_age(folder)[1:]:
            shutil.rmtree(path, ignore_errors=True)

    def history_fingerprint(self, subject: str) -> str | None:
        """What the stored history of a subject was computed from; nothing where there is none."""
        ledger = newest(self.path / _HISTORY / folder_name(subject))
        return ledger.fingerprint if ledger else None

    def history_until(self, subject: str) -> date | None:
        """The last day of the stored history of a subject; nothing where there is none."""
        folder = self.path / _HISTORY / folder_name(subject)
        names = _names(newest(folder), "measurement")
        days = [pl.read_parquet(folder / name, glob=False, columns=["as_of"])["as_of"].max() for name in names]
        return max((day for day in days if isinstance(day, date)), default=None)

    def read_measurements(self) -> pl.DataFrame:
        """The past months of all subjects, then the measurements of all runs in the order in which they were made."""
        folders = subfolders(self.path / _HISTORY)
        histories = [_read(folder, _names(newest(folder), "measurement"), MEASUREMENT) for folder in folders]
        folder = self.path / _MEASUREMENTS
        ledgers = [ledger for path in subfolders(folder) if (ledger := read_ledger(path))]
        ledgers.sort(key=lambda ledger: (ledger.crawled_at, ledger.crawl))
        runs = _read(folder, [name for ledger in ledgers for name in _names(ledger, "measurement")], MEASUREMENT)
        return pl.concat([*histories, runs])

    def note(self, name: str, text: str) -> None:
        """Keep a short text under a name: of what something was made, so that it need not be made again."""
        path = self.path / "+notes" / folder_name(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def noted(self, name: str) -> str | None:
        """The text under a name; nothing where there is none."""
        path = self.path / "+notes" / folder_name(name)
        return path.read_text(encoding="utf-8") if path.exists() else None

    def people_crawl(self) -> str:
        """The folder of the newest tables of people: another one, other tables."""
        ledger = newest(self.path / _PEOPLE)
        return ledger.crawl if ledger else ""

    def packages_crawl(self) -> str:
        """The same of what is known of packages."""
        ledger = newest(self.path / _PACKAGES)
        return ledger.crawl if ledger else ""

    def run_names(self) -> list[str]:
        """The folders of the runs that have landed."""
        return [path.name for path in subfolders(self.path / _MEASUREMENTS) if read_ledger(path)]

    def _folders(self) -> list[Path]:
        return [path for path in subfolders(self.path) if not path.name.startswith("+")]


def _names(ledger: Ledger | None, table: str) -> tuple[str, ...]:
    return ledger.files.get(table, ()) if ledger else ()


def _rows(ledger: Ledger | None, table: str) -> int:
    return ledger.rows.get(table, 0) if ledger else 0


def _check(table: str, frame: pl.DataFrame, schema: pl.Schema) -> None:
    if frame.schema != schema or frame.columns != list(schema):
        raise StoreError(f"the table {table} must have {dict(schema)}, not {dict(frame.schema)}")


def _write(frame: pl.DataFrame, folder: Path, path: Path) -> tuple[str, ...]:
    if frame.is_empty():
        return ()
    frame.write_parquet(path, compression="zstd", compression_level=1)
    return (path.relative_to(folder).as_posix(),)


def _read(folder: Path, names: Collection[str], schema: pl.Schema) -> pl.DataFrame:
    frames = [pl.read_parquet(folder / name, glob=False) for name in names]
    return pl.concat(frames) if frames else schema.to_frame()


def _landed(folder: Path, ledger: Ledger) -> Ledger:
    names = [name for table in ledger.files.values() for name in table]
    ledger = replace(ledger, sizes={name: (folder / name).stat().st_size for name in names})
    write_ledger(folder / ledger.crawl / FILE_NAME, ledger)
    return ledger


def _sweep(folder: Path, newest: Ledger) -> None:
    """Remove crawls that never finished, and finished ones of long ago that no kept ledger names."""
    kept, old = {newest.crawl}, []
    for path in by_age(folder):
        ledger, age = read_ledger(path), newest.crawled_at - (crawl_moment(path.name) or newest.crawled_at)
        if age > (_KEPT_FOR if ledger else UNFINISHED_AFTER) and path.name != newest.crawl:
            old.append(path)
        elif ledger:
            kept |= {name.split("/", 1)[0] for name in ledger.sizes}
    for path in old:
        if path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)
