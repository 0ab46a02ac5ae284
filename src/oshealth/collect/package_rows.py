"""What was found of packages as rows, beside what was known."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from oshealth.collect.registries.answer import Found, Wanted
from oshealth.facts import PACKAGE, PACKAGE_RELEASE
from oshealth.package_versions import is_stable


def rows_of(
    known: Mapping[str, pl.DataFrame], wanted: Sequence[Wanted], found: Mapping[str, Sequence[Found]], now: datetime
) -> dict[str, pl.DataFrame]:
    """What was known, with what was found in its place. What has no answer does not replace one."""
    rows: list[tuple[Any, ...]] = []
    released: list[tuple[Any, ...]] = []
    for one in wanted:
        for each in found[one.purl]:
            # An answer about dates alone is no row of its own: what matters stands in the other table.
            if each.licences or each.reason or not each.releases:
                rows.append((one.purl, each.source, list(each.licences), each.released_at, now, each.reason))
            released += [
                (
                    one.package,
                    release.version,
                    release.released_at,
                    is_stable(one.ecosystem, release.version),
                    each.source,
                    now,
                )
                for release in each.releases
            ]
    return {
        "package": _merged_packages(known, pl.DataFrame(rows, schema=PACKAGE, orient="row")),
        "package_release": _merged_releases(known, pl.DataFrame(released, schema=PACKAGE_RELEASE, orient="row")),
    }


def _merged_packages(known: Mapping[str, pl.DataFrame], new: pl.DataFrame) -> pl.DataFrame:
    """Of two rows of one package and source the newer one, unless only the older has a licence."""
    before = known.get("package", PACKAGE.to_frame())
    # Nothing new is no news: the same reason again changes no row.
    new = new.join(before.filter(pl.col("reason").is_not_null()), on=["purl", "source", "reason"], how="anti")
    rows = pl.concat([before, new])
    is_told = pl.col("licences_raw").list.len() > 0
    rows = rows.with_columns(is_told.alias("_is_told")).sort("_is_told", "fetched_at", descending=True)
    rows = rows.unique(["purl", "source"], keep="first", maintain_order=True)
    # Once a package's licence is known, why nobody told it before is of no interest.
    kept = pl.col("_is_told") | ~pl.col("_is_told").any().over("purl")
    return rows.filter(kept).drop("_is_told").sort("purl", "source")


def _merged_releases(known: Mapping[str, pl.DataFrame], new: pl.DataFrame) -> pl.DataFrame:
    """The list of versions as the newest answer has it."""
    before = known.get("package_release", PACKAGE_RELEASE.to_frame()).join(new, on="package", how="anti")
    fresh = new.unique(["package", "version"], keep="first", maintain_order=True)
    return pl.concat([before, fresh]).sort("package", "released_at", "version")
