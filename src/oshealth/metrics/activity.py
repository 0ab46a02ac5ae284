import polars as pl

from oshealth.measure import Measured, metric, unknown
from oshealth.metrics._reasons import NO_CONTRIBUTION


@metric(
    family="Activity",
    title="Contributions in a year",
    unit="contributions",
    source="CHAOSS Activity",
    advice="Find out whether the product is finished or forgotten, and say so in its README.",
)
def activity(window_contributions: pl.DataFrame) -> Measured:
    """Contributions in the last year: one per commit for its author, one for each co-author; no merges, no bots."""
    count = len(window_contributions)
    if not count:
        return unknown(NO_CONTRIBUTION, sample_size=0)
    evidence = {
        "commits": window_contributions["sha"].n_unique(),
        "persons": window_contributions["person"].n_unique(),
    }
    return Measured(value=count, sample_size=count, evidence=evidence)
