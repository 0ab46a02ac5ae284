from datetime import timedelta

import polars as pl

from oshealth.derive import Window, within
from oshealth.measure import Measured, metric, unknown
from oshealth.metrics._reasons import NO_CONTRIBUTION, NO_CONTRIBUTION_BEFORE


@metric(
    family="Activity",
    title="More or less work than the year before",
    unit="%",
    source="CHAOSS Activity",
    advice="When work falls off sharply, ask early whether money, people or interest ran out.",
)
def activity_change(contributions: pl.DataFrame, window: Window) -> Measured:
    """Contributions in the last 365 days against the 365 before: 0 is as many, −50 half, 100 twice as many."""
    now = len(within(contributions, window))
    before = len(within(contributions, Window(window.start - timedelta(days=365), window.start)))
    if not now:
        return unknown(NO_CONTRIBUTION, sample_size=before)
    if not before:
        return unknown(NO_CONTRIBUTION_BEFORE, sample_size=now)
    return Measured(
        value=100 * (now - before) / before, sample_size=now + before, evidence={"now": now, "before": before}
    )
