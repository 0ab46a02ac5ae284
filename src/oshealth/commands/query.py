"""`oshealth query`: ask the warehouse."""

import sys
from pathlib import Path

from oshealth.commands.environment import data_folder
from oshealth.warehouse.errors import QueryError
from oshealth.warehouse.query import Format, run_query


def ask(data: Path | None, sql: str, form: Format) -> None:
    """Print the answer to a question, or to the question in a file or on standard input."""
    run_query(data_folder(data) / "oshealth.duckdb", _text_of(sql), form, sys.stdout)


def _text_of(sql: str) -> str:
    if sql == "-":
        return sys.stdin.read()
    if not sql.endswith(".sql"):
        return sql
    path = Path(sql)
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise QueryError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None
    except ValueError:
        raise QueryError(f"{path} is no text") from None
