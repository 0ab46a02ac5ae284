from statistics import fmean, median, pstdev

import polars as pl

from oshealth.derive.cadence import why_no_release
from oshealth.measure import Measured, metric, unknown

FEWEST_INTERVALS = 2


@metric(
    family="Release cadence",
    title="How irregularly releases come",
    unit="ratio",
    source="this project",
    version=2,
    advice="Announce the dates of the next releases and keep to them, with whatever is ready then.",
)
def release_regularity(release_intervals: dict[str, list[float]], releases: pl.DataFrame) -> Measured:
    """How unevenly releases come: 0 is like a clock, above 1 the intervals scatter more than their own length.

    Coefficient of variation (standard deviation over mean) of the last ten stable releases' intervals, those of one UTC
    day being one. Of a codebase with several repositories, the median of theirs.
    """
    enough = {name: days for name, days in release_intervals.items() if len(days) >= FEWEST_INTERVALS}
    if not enough:
        reason = "fewer than three releases" if not releases["is_prerelease"].all() else why_no_release(releases)
        return unknown(reason, sample_size=sum(map(len, release_intervals.values())))
    ratios = {name: pstdev(days) / fmean(days) for name, days in sorted(enough.items())}
    sample_size = sum(map(len, enough.values()))
    return Measured(value=median(ratios.values()), sample_size=sample_size, evidence={"repositories": ratios})
