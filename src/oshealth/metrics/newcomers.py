import polars as pl

from oshealth.derive import Window, within
from oshealth.measure import Measured, metric, unknown


@metric(
    family="Bus factor",
    title="New contributors",
    unit="people",
    source="CHAOSS New Contributors",
    advice="Where nobody new comes, look at how easy a first contribution is: a guide, small tasks, quick answers.",
)
def newcomers(contributions: pl.DataFrame, window: Window) -> Measured:
    """Persons whose first contribution lies in the window."""
    active = within(contributions, window)["person"].n_unique()
    if not active:
        return unknown("no contribution in the window", sample_size=0)
    first = contributions.group_by("person").agg(pl.col("authored_at").min())
    return Measured(value=len(within(first, window)), sample_size=active, evidence={"persons_in_window": active})
