from datetime import date

import polars as pl

from oshealth.derive.cadence import why_no_release
from oshealth.measure import Measured, at_most, metric, unknown


@metric(
    family="Release cadence",
    title="Days since the last release",
    unit="days",
    source="openCode badge, level 2; upper band: this project",
    bands=at_most(182, 365),
    advice="Ask why nothing was released, and when the next release comes. "
    "If the product is finished, say so in its README.",
)
def days_since_release(stable_releases: pl.DataFrame, releases: pl.DataFrame, as_of: date) -> Measured:
    """Days from the last stable release to the day; of a codebase, from the last one of any of its repositories."""
    if stable_releases.is_empty():
        return unknown(why_no_release(releases), sample_size=0)
    last = stable_releases.sort("released_at").row(-1, named=True)
    released_on: date = last["released_at"].date()
    evidence = {key: last[key] for key in ("repository", "version", "sources")} | {"on": released_on.isoformat()}
    days = (as_of - released_on).days
    return Measured(value=float(days), sample_size=stable_releases.height, evidence=evidence)
