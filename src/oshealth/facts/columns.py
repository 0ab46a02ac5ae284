"""What the tables' schemas are made of."""

from collections.abc import Mapping

import polars as pl
from polars.datatypes import DataType

MOMENT: DataType = pl.Datetime("us")


def table(columns: Mapping[str, DataType | type[DataType]]) -> pl.Schema:
    """The schema of a table."""
    return pl.Schema(columns)
