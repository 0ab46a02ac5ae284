"""`oshealth query`: ask the warehouse."""

import sys
from pathlib import Path

from oshealth.commands.environment import data_folder
from oshealth.warehouse.query import Format, run_query


def ask(data: Path | None, sql: str, form: Format) -> None:
    """Print the answer to a question, or to the question in a file."""
    text = Path(sql).read_text(encoding="utf-8") if sql.endswith(".sql") and Path(sql).is_file() else sql
    run_query(data_folder(data) / "oshealth.duckdb", text, form, sys.stdout)
