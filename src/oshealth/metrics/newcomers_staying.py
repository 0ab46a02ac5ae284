from datetime import timedelta

import polars as pl

from oshealth.derive import Window
from oshealth.measure import Measured, metric, unknown


@metric(
    family="Bus factor",
    title="New contributors who stayed",
    unit="%",
    source="CHAOSS Contributor retention",
    advice="People try and leave again: answer their first contributions fast, and offer them a next task.",
)
def newcomers_staying(spans: pl.DataFrame, window: Window) -> Measured:
    """Of those who came one to two years ago, the share who contributed again three months or more after they came.

    They came with a first contribution 12 to 24 months back; what they did later counts up to the day.
    """
    came = spans.filter(
        (pl.col("first_at") >= window.start - timedelta(days=365)) & (pl.col("first_at") < window.start)
    )
    if came.is_empty():
        return unknown("nobody new came one to two years ago", sample_size=0)
    stayed = len(came.filter(pl.col("last_at") >= pl.col("first_at").dt.offset_by("3mo")))
    return Measured(
        value=100 * stayed / len(came), sample_size=len(came), evidence={"stayed": stayed, "came": len(came)}
    )
