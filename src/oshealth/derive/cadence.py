"""The time between releases, shared by the measures of release cadence."""

from datetime import datetime, timedelta
from itertools import pairwise

import polars as pl

LAST_RELEASES = 10
NEVER = "never released"
ONLY_PRERELEASES = "only pre-releases so far, no stable release"


def release_moments(stable_releases: pl.DataFrame) -> dict[str, list[datetime]]:
    """When each repository released, oldest first.

    Versions of one UTC day are one, at the first of them: those of several maintained lines, of several parts, or what
    one commit named. Between them there is no interval.
    """
    moments: dict[str, list[datetime]] = {}
    day = pl.col("released_at").dt.date().alias("day")
    days = stable_releases.group_by("repository", day).agg(pl.col("released_at").min())
    pairs = days.select("repository", "released_at").sort("released_at", "repository")
    for repository, moment in pairs.iter_rows():
        moments.setdefault(repository, []).append(moment)
    return moments


def release_intervals(stable_releases: pl.DataFrame) -> dict[str, list[float]]:
    """Days between the last ten stable releases of each repository that released at least twice."""
    intervals = {}
    for repository, moments in release_moments(stable_releases).items():
        last = moments[-LAST_RELEASES:]
        if len(last) > 1:
            intervals[repository] = [(later - earlier) / timedelta(days=1) for earlier, later in pairwise(last)]
    return intervals


def why_no_release(releases: pl.DataFrame) -> str:
    """Why a subject without a stable release has none, in words."""
    return NEVER if releases.is_empty() else ONLY_PRERELEASES
