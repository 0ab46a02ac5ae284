import polars as pl

from oshealth.derive.openness import Openness
from oshealth.measure import Measured, at_least, metric, unknown


@metric(
    family="Dependency openness",
    title="Direct dependencies bound to one version",
    unit="%",
    source="OpenSSF Scorecard Pinned-Dependencies",
    bands=at_least(90, 50),
    has_history=False,
    advice="Commit a lock file, and name base images by digest and actions by commit: then all build the same thing.",
)
def pinned_dependencies(needs: pl.DataFrame, openness: Openness) -> Measured:
    """Share of the direct dependencies bound by a lock file, an exact version, a commit or a digest."""
    direct = needs.filter(pl.col("is_direct"))
    if direct.is_empty():
        return unknown(openness.nothing, sample_size=0)
    free = direct.filter(~pl.col("is_pinned")).select("name", "path").unique(maintain_order=True).to_dicts()
    pinned = int(direct["is_pinned"].sum())
    return Measured(100 * pinned / direct.height, sample_size=direct.height, evidence={"not_pinned": free})
