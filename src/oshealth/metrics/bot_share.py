import polars as pl

from oshealth.derive import Window, within
from oshealth.measure import Measured, metric, unknown
from oshealth.metrics._reasons import NO_CONTRIBUTION


@metric(
    family="Activity",
    title="Contributions made by bots",
    unit="%",
    source="this project",
    advice="Bots keep dependencies fresh, but somebody has to read what they do.",
)
def bot_share(window_contributions: pl.DataFrame, bot_contributions: pl.DataFrame, window: Window) -> Measured:
    """Share of the last year's contributions that bots and machine accounts made. All other measures leave them out."""
    bots = len(within(bot_contributions, window))
    total = bots + len(window_contributions)
    if not total:
        return unknown(NO_CONTRIBUTION, sample_size=0)
    return Measured(value=100 * bots / total, sample_size=total, evidence={"by_bots": bots, "by_people": total - bots})
