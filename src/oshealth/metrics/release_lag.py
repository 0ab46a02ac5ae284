from typing import cast

import polars as pl

from oshealth.derive.cadence import why_no_release
from oshealth.derive.window import Window
from oshealth.measure import Measured, at_most, metric, unknown
from oshealth.metrics._reasons import NO_CONTRIBUTION

SECONDS_A_DAY = 86_400


@metric(
    family="Release cadence",
    title="Days from a change to its release",
    unit="days",
    source="lead time for changes (DORA); bands: this project",
    bands=at_most(90, 180),
    advice="Finished work waits long before users get it. Release more often, in smaller steps.",
)
def release_lag(released_commits: pl.DataFrame, releases: pl.DataFrame, window: Window) -> Measured:
    """How long changes of the last year waited for a release: the median days from a commit to the first stable one.

    A release contains a commit by ancestry. Commits still waiting have no lag yet: `coverage` is the share of the
    last year's commits that are released.
    """
    inside = released_commits.filter(pl.col("authored_at").is_between(window.start, window.end, closed="left"))
    if releases["is_prerelease"].all():
        return unknown(why_no_release(releases), sample_size=0)
    if inside.is_empty():
        return unknown(NO_CONTRIBUTION, sample_size=0)
    released = inside.filter(pl.col("released_at").is_not_null())
    if released.is_empty():
        return unknown("no change of the last year is in a release yet", sample_size=0, coverage=0.0)
    seconds = (released["released_at"] - released["authored_at"]).dt.total_seconds().clip(lower_bound=0)
    days = pl.Series(seconds / SECONDS_A_DAY)
    middle, nine_in_ten = cast("float", days.median()), cast("float", days.quantile(0.9))
    coverage = released.height / inside.height
    return Measured(
        value=middle, sample_size=released.height, coverage=coverage, evidence={"nine_in_ten_within_days": nine_in_ten}
    )
