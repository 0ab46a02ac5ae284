from datetime import timedelta

import polars as pl

from oshealth.derive import Window, within
from oshealth.measure import Measured, metric, unknown
from oshealth.metrics._reasons import NO_CONTRIBUTION_BEFORE


@metric(
    family="Bus factor",
    title="Contributors who stopped",
    unit="people",
    source="CHAOSS Contributors; this project",
    advice="Ask those who stopped why, and who looks after what they wrote.",
)
def leavers(contributions: pl.DataFrame, spans: pl.DataFrame, window: Window) -> Measured:
    """Persons whose last contribution lies in the year before the last: they did nothing since."""
    year_before = Window(window.start - timedelta(days=365), window.start)
    earlier = within(contributions, year_before)["person"].n_unique()
    if not earlier:
        return unknown(NO_CONTRIBUTION_BEFORE, sample_size=0)
    last_at = pl.col("last_at")
    stopped = len(spans.filter(last_at.is_between(year_before.start, year_before.end, closed="left")))
    return Measured(value=stopped, sample_size=earlier, evidence={"persons_the_year_before": earlier})
