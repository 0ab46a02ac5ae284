"""Frames of rows, and rows that were kept as JSON."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import polars as pl

from oshealth.collect.forges.answers import Row, Rows
from oshealth.facts import TABLES


def frame_of(table: str, rows: Sequence[Row]) -> pl.DataFrame:
    """The frame of a table. Text that is no Unicode has its halves of characters escaped."""
    schema = TABLES[table]
    named = [{name: _clean(row.get(name)) for name in schema} for row in rows]
    return pl.DataFrame(named, schema=schema)


def moments_of(rows: Rows) -> Rows:
    """Rows as they were before they were kept as JSON."""
    return {table: [_with_moments(table, row) for row in kept] for table, kept in rows.items()}


def _with_moments(table: str, row: Row) -> Row:
    schema = TABLES[table]
    return {name: _moment(value) if schema[name] == pl.Datetime("us") else value for name, value in row.items()}


def _moment(value: Any) -> Any:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode(errors="backslashreplace").decode()
    return [_clean(each) for each in value] if isinstance(value, list) else value
