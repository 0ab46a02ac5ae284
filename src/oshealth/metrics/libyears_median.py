from typing import cast

import polars as pl

from oshealth.measure import Measured, at_most, metric, unknown
from oshealth.metrics._reasons import NO_DATES, NO_DIRECT


@metric(
    family="Dependency openness",
    title="Age of the versions in use, at the middle",
    unit="years",
    source="Cox, Bouwers, van Eekelen, Visser, ICSE 2015; bands of this project",
    bands=at_most(0.5, 2),
    has_history=False,
    version=2,
    advice="Let a bot propose updates every week, and take the oldest dependencies first.",
)
def libyears_median(ages: pl.DataFrame) -> Measured:
    """Median over all direct dependencies of the years between the version in use and the newest stable one.

    Both as they had been released by the day. Newest is the highest version, which need not be the last one released;
    what is that or newer is 0 years old.
    """
    if ages.is_empty():
        return unknown(NO_DIRECT, sample_size=0)
    known = ages["libyears"].drop_nulls()
    if known.is_empty():
        return unknown(NO_DATES, sample_size=0, coverage=0.0)
    median = known.median()
    return Measured(cast("float", median), sample_size=known.len(), coverage=known.len() / ages.height)
