"""Rows made of what forges tell and what sources.toml says: repositories, and forks of them."""

import polars as pl

from oshealth.facts import TABLES

_TOLD = ("repository", "forge_id", "is_archived", "licence", "topics", "star_count", "moved_to")


def repositories(watched: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """The repositories watched, with what their forge says of them."""
    return watched.join(told.select(_TOLD), on="repository", how="left", maintain_order="left")


def forks(watched: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Forks that sources.toml declares or a forge names, each once: a frame FORK with `is_declared`."""
    declared = watched.filter(role="fork").select(
        pl.col("upstream").alias("repository"), pl.col("repository").alias("fork")
    )
    named = declared.select(
        "repository", pl.col("fork").str.to_lowercase().alias("_key"), is_declared=pl.lit(value=True)
    )
    found = told.with_columns(_key=pl.col("fork").str.to_lowercase()).unique(["repository", "_key"], keep="first")
    rows = found.join(named, on=["repository", "_key"], how="left")
    more = declared.with_columns(_key=pl.col("fork").str.to_lowercase(), is_declared=pl.lit(value=True))
    more = more.join(found, on=["repository", "_key"], how="anti")
    columns = [*TABLES["fork"].names(), "is_declared"]
    known = rows.with_columns(pl.col("is_declared").fill_null(value=False)).select(columns)
    return pl.concat([known, more.drop("_key")], how="diagonal").select(columns).sort("repository", "fork")
