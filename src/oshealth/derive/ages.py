"""How old the versions in use are, from the dates of their packages' releases as they were known on a day."""

from datetime import datetime

import polars as pl

DAYS_PER_YEAR = 365.25


def ages_of(needs: pl.DataFrame, releases: pl.DataFrame, end: datetime) -> pl.DataFrame:
    """One row per direct dependency whose packages have sources that date releases.

    key, name, version, newest (stable, null: none known), last_released_at (of any version), libyears (null: a date is
    missing).
    """
    package = (
        pl.when(pl.col("resolved_version").is_null()).then("purl").otherwise(pl.col("purl").str.replace(r"@[^@]*$", ""))
    )
    direct = needs.filter(pl.col("is_direct"), pl.col("ecosystem").is_in(DATED)).unique("key", maintain_order=True)
    direct = direct.select(
        "key", "name", "scope", pl.col("resolved_version").alias("version"), package.alias("package")
    )
    known = releases.filter(pl.col("released_at") < end).sort("released_at")
    stable = (
        known.filter("is_stable")
        .group_by("package")
        .agg(pl.col("version").last().alias("newest"), pl.col("released_at").last().alias("newest_at"))
    )
    last = known.group_by("package").agg(pl.col("released_at").last().alias("last_released_at"))
    used = known.select("package", "version", pl.col("released_at").alias("used_at"))
    ages = direct.join(stable, on="package", how="left").join(last, on="package", how="left")
    ages = ages.join(used, on=["package", "version"], how="left", maintain_order="left")
    years = (pl.col("newest_at") - pl.col("used_at")).dt.total_seconds() / 86_400 / DAYS_PER_YEAR
    return ages.with_columns(years.clip(lower_bound=0.0).alias("libyears"))


DATED = ("npm", "pypi", "maven", "golang", "cargo", "nuget", "gem")
