from datetime import datetime

import polars as pl

from oshealth.derive.cadence import why_no_release
from oshealth.measure import Measured, metric, unknown

NOT_PLACED = "none of its releases can be found in the history of the main line"


@metric(
    family="Release cadence",
    title="Changes waiting for a release",
    unit="commits",
    source="this project",
    version=2,
    advice="Work that is paid for but not released reaches nobody. Ask for a release of what waits.",
)
def unreleased_commits(
    released_commits: pl.DataFrame, first_releases: pl.DataFrame, releases: pl.DataFrame, end: datetime
) -> Measured:
    """Commits on the default branch, without merges, that no stable release contains. By ancestry, not by date.

    What was merged later stood on a branch by then, and waits for no release yet.

    Repositories that never released are left out; `coverage` is the share of commits in those that did.
    """
    released_commits = released_commits.filter(pl.col("landed_at") < end)
    total = released_commits.height
    if releases["is_prerelease"].all():
        return unknown(why_no_release(releases), sample_size=total)
    if first_releases.is_empty():
        return unknown(NOT_PLACED, sample_size=total)
    released = set(first_releases["repository"].unique())
    counts = released_commits.group_by("repository").agg(pl.len(), waiting=pl.col("released_at").null_count())
    rows = [row for row in counts.sort("repository").iter_rows() if row[0] in released]
    looked_at = sum(count for _, count, _ in rows)
    return Measured(
        value=float(sum(waiting for _, _, waiting in rows)),
        sample_size=looked_at,
        coverage=looked_at / total if total else None,
        evidence={
            "repositories": {repository: waiting for repository, _, waiting in rows},
            "never_released": {
                row[0]: row[1] for row in counts.sort("repository").iter_rows() if row[0] not in released
            },
        },
    )
