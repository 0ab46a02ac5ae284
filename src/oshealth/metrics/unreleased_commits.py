import polars as pl

from oshealth.derive.cadence import why_no_release
from oshealth.derive.containment import KEY
from oshealth.measure import Measured, metric, unknown

NOT_PLACED = "no release can be found in the history of the default branch"


@metric(
    family="Release cadence",
    title="Commits waiting for a release",
    unit="commits",
    source="this project",
    advice="Work that is paid for but not released reaches nobody. Ask for a release of what waits.",
)
def unreleased_commits(commits: pl.DataFrame, first_releases: pl.DataFrame, releases: pl.DataFrame) -> Measured:
    """Commits on the default branch, without merges, that no stable release contains. By ancestry, not by date.

    Repositories that never released are left out; `coverage` is the share of commits in those that did.
    """
    if releases["is_prerelease"].all():
        return unknown(why_no_release(releases), sample_size=commits.height)
    if first_releases.is_empty():
        return unknown(NOT_PLACED, sample_size=commits.height)
    looked_at = commits.filter(pl.col("repository").is_in(first_releases["repository"].unique().to_list()))
    waiting = looked_at.join(first_releases, on=KEY, how="anti")
    counts = dict(waiting.group_by("repository").len().sort("repository").iter_rows())
    coverage = looked_at.height / commits.height if commits.height else None
    return Measured(
        value=float(waiting.height), sample_size=looked_at.height, coverage=coverage, evidence={"repositories": counts}
    )
