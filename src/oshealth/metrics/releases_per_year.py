import polars as pl

from oshealth.derive.window import Window
from oshealth.measure import Measured, at_least, metric, unknown


@metric(
    family="Release cadence",
    title="Releases per year",
    unit="per year",
    source="openCode badge, level 2: a release in six months",
    bands=at_least(2, 1),
    advice="Agree with the supplier on a release at least twice a year, and tag each one. "
    "Users can then plan their updates.",
)
def releases_per_year(stable_releases: pl.DataFrame, all_commits: pl.DataFrame, window: Window) -> Measured:
    """Stable releases in the 365 days up to the day. No release in any source read is 0; no source is unknown."""
    if stable_releases.is_empty() and all_commits.is_empty():
        return unknown("no change is recorded yet, or none could be read", sample_size=0)
    inside = stable_releases.filter(pl.col("released_at") >= window.start)
    day = pl.col("released_at").dt.strftime("%Y-%m-%d").alias("on")
    versions = inside.select("repository", "version", day, "sources").tail(20).to_dicts()
    return Measured(value=float(inside.height), sample_size=stable_releases.height, evidence={"releases": versions})
