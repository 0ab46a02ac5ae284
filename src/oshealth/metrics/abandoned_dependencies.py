from datetime import datetime, timedelta

import polars as pl

from oshealth.measure import Measured, at_most, metric, unknown
from oshealth.metrics._reasons import NO_DATES, NO_DIRECT

SILENT_FOR = timedelta(days=730)


@metric(
    family="Dependency openness",
    title="Direct dependencies without a release for two years",
    unit="%",
    source="this project",
    bands=at_most(10, 25),
    has_history=False,
    advice="Ask of each whether it is finished or abandoned, and look for a maintained counterpart of the latter.",
)
def abandoned_dependencies(ages: pl.DataFrame, end: datetime) -> Measured:
    """Share of the direct dependencies that have had no release of any kind in the two years up to the day."""
    if ages.is_empty():
        return unknown(NO_DIRECT, sample_size=0)
    known = ages.filter(pl.col("last_released_at").is_not_null())
    if known.is_empty():
        return unknown(NO_DATES, sample_size=0, coverage=0.0)
    silent = known.filter(pl.col("last_released_at") < end - SILENT_FOR).sort("last_released_at", "name")
    rows = [
        {"name": name, "last_release": at.date()} for name, at in silent.select("name", "last_released_at").iter_rows()
    ]
    return Measured(
        value=100 * silent.height / known.height,
        sample_size=known.height,
        coverage=known.height / ages.height,
        evidence={"silent": rows},
    )
