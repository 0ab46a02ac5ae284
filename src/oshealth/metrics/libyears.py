import polars as pl

from oshealth.measure import Measured, metric, unknown
from oshealth.metrics._reasons import NO_DATES, NO_DIRECT


@metric(
    family="Dependency openness",
    title="Age of the versions in use, in all",
    unit="years",
    source="Cox, Bouwers, van Eekelen, Visser, ICSE 2015",
    has_history=False,
    version=2,
    advice="Let a bot propose updates every week; the list of the oldest says where to begin.",
)
def libyears(ages: pl.DataFrame) -> Measured:
    """Sum over all direct dependencies of the years between the version in use and the newest stable one.

    Both as they had been released by the day. Newest is the highest version, which need not be the last one released;
    what is that or newer is 0 years old. Only dependencies whose dates are known are in the sum: it is the least
    that it can be.
    """
    if ages.is_empty():
        return unknown(NO_DIRECT, sample_size=0)
    known = ages.filter(pl.col("libyears").is_not_null())
    if known.is_empty():
        return unknown(NO_DATES, sample_size=0, coverage=0.0)
    oldest = known.sort("libyears", "name", descending=[True, False]).head(20)
    rows = oldest.select("name", "version", "newest", pl.col("libyears").round(2).alias("years")).to_dicts()
    total = float(known["libyears"].sum())
    return Measured(total, sample_size=known.height, coverage=known.height / ages.height, evidence={"oldest": rows})
