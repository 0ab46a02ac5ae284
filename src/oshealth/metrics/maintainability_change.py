from typing import cast

import polars as pl

from oshealth.derive import Window, within
from oshealth.measure import Measured, metric, unknown
from oshealth.metrics._reasons import NO_CONTRIBUTION


@metric(
    family="Activity",
    title="How well new code can be maintained",
    unit="0–1",
    source="di Biase, Rastogi, Bruntink, van Deursen: The delta maintainability model, TechDebt 2019; PyDriller",
    has_history=False,
    advice="Agree on short and simple functions as a rule of review, and let a tool check it.",
)
def maintainability_change(maintainability: pl.DataFrame, commits: pl.DataFrame, window: Window) -> Measured:
    """How good the code is that changed in the last year: 0 is all of it hard to maintain, 1 none of it.

    Median over the commits of their delta maintainability: of each, the mean of PyDriller's three properties, which are
    size, complexity and number of parameters of the functions that it changed. `coverage` is the share of the last
    year's commits that were looked at; they are read newest first, within a budget of time, and many change no code
    that can be measured.
    """
    recent = within(commits, window)
    if recent.is_empty():
        return unknown(NO_CONTRIBUTION, sample_size=0)
    looked_at = within(maintainability, window)
    coverage = len(looked_at) / len(recent)
    values = looked_at["value"].drop_nulls()
    if looked_at.is_empty():
        return unknown("none of the last year's changes has been looked at yet", sample_size=0, coverage=coverage)
    if values.is_empty():
        reason = "none of the changes looked at touches code whose maintainability can be measured"
        return unknown(reason, sample_size=0, coverage=coverage)
    evidence = {"measured": len(values), "looked_at": len(looked_at), "commits": len(recent)}
    return Measured(
        value=cast("float", values.median()),
        sample_size=len(values),
        coverage=coverage,
        evidence=evidence,
    )
