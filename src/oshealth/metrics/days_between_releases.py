from statistics import median

import polars as pl

from oshealth.derive.cadence import why_no_release
from oshealth.measure import Measured, at_most, metric, unknown


@metric(
    family="Release cadence",
    title="Days between releases",
    unit="days",
    source="CHAOSS Release Frequency; bands: this project",
    bands=at_most(182, 365),
    version=2,
    advice="Long intervals make each update large and risky. Ask for smaller releases at fixed dates.",
)
def days_between_releases(release_intervals: dict[str, list[float]], releases: pl.DataFrame) -> Measured:
    """Median interval of the last ten stable releases of a repository.

    Intervals lie between releases of one repository; those of a codebase's repositories are taken together. Versions
    of one UTC day, such as those of several maintained lines, count as one release in time.
    """
    days = [day for of_repository in release_intervals.values() for day in of_repository]
    if not days:
        return unknown(too_few(releases), sample_size=0)
    evidence = {"median_days": {name: median(each) for name, each in sorted(release_intervals.items())}}
    return Measured(value=median(days), sample_size=len(days), evidence=evidence)


def too_few(releases: pl.DataFrame) -> str:
    """Why there is no interval."""
    if not releases["is_prerelease"].all():
        return "released on one day only: an interval needs two"
    return why_no_release(releases)
