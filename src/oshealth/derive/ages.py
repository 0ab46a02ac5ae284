"""How old the versions in use are, from the dates of their packages' releases as they were known on a day."""

from collections import defaultdict
from datetime import datetime
from typing import Any

import polars as pl

from oshealth.package_versions import order_of

DATED = ("npm", "pypi", "maven", "golang", "cargo", "nuget", "gem")
DAYS_PER_YEAR = 365.25


def ages_of(needs: pl.DataFrame, releases: pl.DataFrame, end: datetime) -> pl.DataFrame:
    """One row per direct dependency whose packages have sources that date releases.

    key, name, version, newest (the stable one of the highest version; null: none known), last_released_at (of any
    version), libyears (null: a date is missing; 0: nothing newer is stable).
    """
    package = (
        pl.when(pl.col("resolved_version").is_null()).then("purl").otherwise(pl.col("purl").str.replace(r"@[^@]*$", ""))
    )
    direct = needs.filter(pl.col("is_direct"), pl.col("ecosystem").is_in(DATED)).unique("key", maintain_order=True)
    direct = direct.select(
        "key", "name", "scope", pl.col("resolved_version").alias("version"), package.alias("package")
    )
    known = releases.filter(pl.col("released_at") < end).join(direct, on="package", how="semi")
    known = known.with_columns(_places(known).alias("place")).sort("place", "released_at")
    stable = (
        known.filter("is_stable")
        .group_by("package")
        .agg(pl.col("version", "released_at", "place").last().name.prefix("newest_"))
        .rename({"newest_version": "newest", "newest_released_at": "newest_at"})
    )
    last = known.group_by("package").agg(pl.col("released_at").max().alias("last_released_at"))
    used = known.select("package", "version", "place", pl.col("released_at").alias("used_at"))
    ages = direct.join(stable, on="package", how="left").join(last, on="package", how="left")
    ages = ages.join(used, on=["package", "version"], how="left", maintain_order="left")
    years = (pl.col("newest_at") - pl.col("used_at")).dt.total_seconds() / 86_400 / DAYS_PER_YEAR
    is_newest = pl.col("place") >= pl.col("newest_place")
    return ages.with_columns(pl.when(is_newest).then(0.0).otherwise(years.clip(lower_bound=0.0)).alias("libyears"))


def _places(releases: pl.DataFrame) -> pl.Series:
    """The place of each version among those of its package, by its ecosystem's order; 0 where it cannot be read."""
    orders: dict[str, dict[Any, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row, (package, version) in enumerate(releases.select("package", "version").iter_rows()):
        order = order_of(package.removeprefix("pkg:").partition("/")[0], version)
        if order is not None:
            orders[package][order].append(row)
    places = [0] * releases.height
    for of_package in orders.values():
        for place, order in enumerate(sorted(of_package), start=1):
            for row in of_package[order]:
                places[row] = place
    return pl.Series(places, dtype=pl.Int64)
