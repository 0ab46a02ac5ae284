"""Ask the warehouse in SQL and write the answer: read-only, without files and network, within a limit of memory."""

from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any, Literal, TextIO

import duckdb

from oshealth.warehouse.answers import write_csv, write_json, write_table
from oshealth.warehouse.errors import QueryError
from oshealth.warehouse.publish import first_line, open_warehouse

Format = Literal["table", "csv", "json"]
_WRITERS = {"table": write_table, "csv": write_csv, "json": write_json}
_ASKING = {
    duckdb.StatementType.SELECT,
    duckdb.StatementType.EXPLAIN,
    duckdb.StatementType.MULTI,  # what `pivot` is made of
}
_LOCKED = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "memory_limit": "1GB",
    "max_temp_directory_size": "0GB",
    "lock_configuration": "true",
}
_BATCH_ROWS = 1000


def run_query(path: Path, sql: str, form: Format, out: TextIO) -> None:
    """Write the answer to one question as a table of 80 columns, as CSV, or as a JSON array of objects.

    Raises:
        WarehouseError: there is no warehouse, or it cannot be opened.
        QueryError: the SQL is wrong, wants more than to read, or needs too much memory.
    """
    with open_warehouse(path, _LOCKED) as connection:
        try:
            found = connection.execute(_question(connection, sql))
            _WRITERS[form](_columns(found), _rows(found), out)
        except duckdb.Error as error:
            raise QueryError(_sentence(error)) from error


def _question(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise QueryError(f"expected one question, found {len(statements)}")
    if statements[0].type not in _ASKING:
        raise QueryError("the warehouse is only read: ask with select, from, with, describe, summarize or pivot")
    return statements[0]


def _columns(found: duckdb.DuckDBPyConnection) -> list[str]:
    """The columns' names; the second of a name becomes name_2, so that JSON keeps both."""
    names: list[str] = []
    for name, *_ in found.description or []:
        names.append(next(free for free in _numbered(name) if free not in names))
    return names


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}_{number}" for number in count(2))


def _rows(found: duckdb.DuckDBPyConnection) -> Iterator[Sequence[Any]]:
    while batch := found.fetchmany(_BATCH_ROWS):
        yield from batch


def _sentence(error: duckdb.Error) -> str:
    if isinstance(error, duckdb.OutOfMemoryException):
        return (
            f"the answer needs more than {_LOCKED['memory_limit']} of memory; ask for less, or open the file in DuckDB"
        )
    hints = [line for line in str(error).splitlines()[1:] if line.startswith(("Did you mean", "Candidate bindings"))]
    return " ".join([first_line(error), *hints[:1]])
