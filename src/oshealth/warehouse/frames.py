"""Columns of the frames that go into the warehouse and are no facts: what is declared, crawled, run and measured."""

from collections.abc import Mapping

import polars as pl
from polars.datatypes import DataType

from oshealth.facts import MOMENT


def _frame(columns: Mapping[str, DataType | type[DataType]]) -> pl.Schema:
    return pl.Schema(columns)


# One row per codebase of sources.toml.
CODEBASE = _frame(
    {
        "codebase": pl.String,
        "name": pl.String,
        "summary": pl.String,
        "declared_archetype": pl.String,
        "countries": pl.List(pl.String),
        "position": pl.Int32,
    }
)
# One row per codebase, organisation and role.
CODEBASE_ORGANISATION = _frame({"codebase": pl.String, "organisation": pl.String, "role": pl.String})
# One row per repository watched.
REPOSITORY = _frame(
    {
        "repository": pl.String,
        "codebase": pl.String,
        "url": pl.String,
        "role": pl.String,
        "upstream": pl.String,
        "packages": pl.List(pl.String),
    }
)
# One row per organisation that sources.toml describes.
ORGANISATION = _frame({"organisation": pl.String, "name": pl.String, "type": pl.String, "country": pl.String})

COUNTED_TABLES = ("commit", "change", "file", "branch", "document", "dependency")
"""The fact tables whose rows in the warehouse are as many as a ledger says."""

# One row per crawl that is kept.
CRAWL = _frame(
    {
        "repository": pl.String,
        "crawl": pl.String,
        "crawled_at": MOMENT,
        "head": pl.String,
        "default_branch": pl.String,
        "status": pl.String,
        "detail": pl.String,
        "refs_at": MOMENT,
        "manifests_at": MOMENT,
        "schema_version": pl.Int32,
        "is_newest": pl.Boolean,
        "is_stale": pl.Boolean,
        "is_readable": pl.Boolean,
        **{f"{table}_count": pl.Int64 for table in COUNTED_TABLES},
    }
)

# One row per metric of the catalogue.
METRIC = _frame(
    {
        "metric": pl.String,
        "title": pl.String,
        "family": pl.String,
        "definition": pl.String,
        "unit": pl.String,
        "source": pl.String,
        "bands": pl.String,
        "good_limit": pl.Float64,
        "watch_limit": pl.Float64,
        "is_higher_better": pl.Boolean,
        "pooling": pl.String,
        "has_history": pl.Boolean,
        "advice": pl.String,
        "version": pl.Int32,
        "position": pl.Int32,
    }
)

# One row per run, as the pipeline knows it.
RUN = _frame(
    {
        "run_id": pl.String,
        "started_at": MOMENT,
        "finished_at": MOMENT,
        "as_of": pl.Date,
        "tool_version": pl.String,
        "status": pl.String,  # ok, partial, failed
        "detail": pl.String,
    }
)
