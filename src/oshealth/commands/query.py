"""`oshealth query`: ask the warehouse."""

import sys
from pathlib import Path

from oshealth.commands.environment import data_folder
from oshealth.warehouse.errors import QueryError
from oshealth.warehouse.query import Format, run_query


def ask(data: Path | None, sql: str, form: Format) -> None:
    """Print the answer to a question, or to the question in a file."""
    text = _text_of(Path(sql)) if sql.endswith(".sql") else sql
    run_query(data_folder(data) / "oshealth.duckdb", text, form, sys.stdout)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise QueryError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None
    except ValueError:
        raise QueryError(f"{path} is no text") from None
