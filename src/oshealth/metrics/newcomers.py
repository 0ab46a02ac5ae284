import polars as pl

from oshealth.derive import Window
from oshealth.measure import Measured, metric, unknown
from oshealth.metrics._reasons import NO_CONTRIBUTION


@metric(
    family="Bus factor",
    title="New contributors",
    unit="people",
    source="CHAOSS New Contributors",
    advice="Where nobody new comes, look at how easy a first contribution is: a guide, small tasks, quick answers.",
)
def newcomers(spans: pl.DataFrame, window_contributions: pl.DataFrame, window: Window) -> Measured:
    """Persons who contributed for the first time in the last year."""
    active = window_contributions["person"].n_unique()
    if not active:
        return unknown(NO_CONTRIBUTION, sample_size=0)
    came = len(spans.filter(pl.col("first_at").is_between(window.start, window.end, closed="left")))
    return Measured(value=came, sample_size=active, evidence={"persons_in_window": active})
