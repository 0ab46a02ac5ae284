"""The warehouse as one file: built beside the old one, checked, and put in its place at once."""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from oshealth.warehouse.check import run_checks
from oshealth.warehouse.contents import Contents
from oshealth.warehouse.errors import CheckError, WarehouseError
from oshealth.warehouse.load import load
from oshealth.warehouse.schema import create_tables, create_views

STORAGE_VERSION = "v1.5.0"
"""Older than the DuckDB that writes, so that analysts' DuckDB 1.5 opens the file."""


def publish(target: Path, contents: Contents) -> Mapping[str, str]:
    """Build the warehouse from its contents and replace the file `target` with it.

    Whoever has the old file open goes on reading it. On any failure the old file stands as it was.

    Returns:
        The repositories that were left out, since their rows contradict what must hold, and why.

    Raises:
        CheckError: a check found wrong rows that no repository alone brings.
        WarehouseError: such rows do not fit the tables, or the folder cannot be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with _only_one(target):
        building = target.with_name(f".{target.name}.building")
        _remove(building)
        try:
            left_out = _build_what_holds(building, contents)
            _to_disk(building)
            _log_of(target).unlink(missing_ok=True)
            building.replace(target)
            _to_disk(target.parent)
        except duckdb.Error as error:
            raise WarehouseError(f"{target}: cannot be built: {error}") from error
        finally:
            _remove(building)
    return left_out


def build_in_memory(contents: Contents) -> duckdb.DuckDBPyConnection:
    """The same tables and views without a file, unchecked."""
    connection = duckdb.connect(":memory:")
    _fill(connection, contents)
    return connection


def open_warehouse(path: Path | str, settings: Mapping[str, str] | None = None) -> duckdb.DuckDBPyConnection:
    """A read-only connection. What it sees stays as it is, though a newer file be published meanwhile.

    Args:
        path: the file.
        settings: DuckDB's settings for this connection.
    """
    if not Path(path).is_file():
        raise WarehouseError(f"{path}: no such file; `oshealth run` makes it")
    try:
        return duckdb.connect(str(path), read_only=True, config=dict(settings or {}))
    except duckdb.Error as error:
        raise WarehouseError(f"{path}: cannot be opened: {first_line(error)}") from error


def first_line(error: duckdb.Error) -> str:
    """What DuckDB says, without the lines that point into the statement."""
    return str(error).partition("\n")[0]


def _build_what_holds(path: Path, contents: Contents) -> Mapping[str, str]:
    """Build from all contents, or without the repositories that could not stand alone either: who they are, and why."""
    try:
        _build_file(path, contents)
    except (CheckError, duckdb.Error):
        repositories = {ledger.repository for ledger in contents.ledgers} - contents.unreadable.keys()
        left_out = {name: why for name in sorted(repositories) if (why := _fault(contents.only(name)))}
        if not left_out or left_out.keys() == repositories:
            raise
        _remove(path)
        _build_file(path, contents.without(left_out))
        return left_out
    return {}


def _fault(contents: Contents) -> str | None:
    """Why contents do not hold, in a sentence; None where they do."""
    try:
        with build_in_memory(contents) as connection:
            run_checks(connection)
    except CheckError as error:
        return f"Its facts were left out, since they contradict what must hold: {', '.join(error.failed)}."
    except duckdb.Error as error:
        return f"Its facts were left out, since they do not fit the tables: {first_line(error)}"
    return None


def _build_file(path: Path, contents: Contents) -> None:
    with duckdb.connect(str(path), config={"storage_compatibility_version": STORAGE_VERSION}) as connection:
        _fill(connection, contents)
        run_checks(connection)
        connection.execute("checkpoint")


def _fill(connection: duckdb.DuckDBPyConnection, contents: Contents) -> None:
    """Do all in one transaction: each of some hundred statements would wait for the disk otherwise."""
    connection.begin()
    create_tables(connection)
    load(connection, contents)
    create_views(connection)
    connection.commit()


@contextmanager
def _only_one(target: Path) -> Iterator[None]:
    """Let one process build at a time; another waits for its turn."""
    with target.with_name(f".{target.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    _log_of(path).unlink(missing_ok=True)


def _log_of(path: Path) -> Path:
    """DuckDB's write-ahead log: one left beside the old file must not be played into the new one."""
    return path.with_name(f"{path.name}.wal")
