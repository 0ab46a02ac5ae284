"""What must hold before a warehouse is published: each file of checks/ returns the rows that are wrong."""

import duckdb

from oshealth.warehouse import sql_files
from oshealth.warehouse.errors import CheckError

_SHOWN_ROWS = 3


def run_checks(connection: duckdb.DuckDBPyConnection) -> None:
    """Run every check; all that fail are named in one error, each with its first rows."""
    failed = {name: words for name, q in sql_files.read("checks").items() if (words := _failure(connection, name, q))}
    if failed:
        raise CheckError(failed)


def _failure(connection: duckdb.DuckDBPyConnection, name: str, query: str) -> str | None:
    found = connection.execute(query)
    columns = [column[0] for column in found.description or []]
    wrong = found.fetchmany(_SHOWN_ROWS)
    if not wrong:
        return None
    meaning = query.partition("\n")[0].removeprefix("--").strip()
    shown = ["  " + ", ".join(f"{c} {v}" for c, v in zip(columns, row, strict=True)) for row in wrong]
    return "\n".join([f"{name}: {meaning}", *shown])
