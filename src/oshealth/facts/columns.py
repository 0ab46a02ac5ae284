"""What the tables' schemas are made of."""

from collections.abc import Mapping
from datetime import datetime

import polars as pl
from polars.datatypes import DataType

MOMENT: DataType = pl.Datetime("us")


def table(columns: Mapping[str, DataType | type[DataType]]) -> pl.Schema:
    """The schema of a table."""
    return pl.Schema(columns)


def stood_before(end: datetime | None) -> pl.Expr:
    """Whether a row of FILE or DOCUMENT stood at the last instant before a moment; without one, whether it stands."""
    stands = pl.col("until_at").is_null()
    return stands if end is None else (pl.col("from_at") < end) & (stands | (pl.col("until_at") >= end))
