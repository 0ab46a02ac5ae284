import polars as pl

from oshealth.derive.openness import Openness
from oshealth.measure import Measured, at_least, metric, unknown


@metric(
    family="Dependency openness",
    title="Share of dependencies that are open",
    unit="%",
    source="this project",
    bands=at_least(100, 99),
    has_history=False,
    advice="Replace what is closed, beginning with what the product cannot run without.",
)
def open_dependencies(openness: Openness) -> Measured:
    """Share of the packages that run or build whose licence is approved or open, of those whose licence is known.

    As long as a file that names packages cannot be read, the share is not known.
    """
    known = openness.known
    if openness.is_empty:
        return unknown(openness.nothing, sample_size=0)
    if openness.unreadable:
        reason = f"{len(openness.unreadable)} of the files that name components cannot be read"
        return unknown(reason, sample_size=known.height, evidence={"unreadable": list(openness.unreadable)})
    if known.is_empty():
        return unknown("no licence of a component is known", sample_size=0, coverage=0.0)
    by_state = dict(known.group_by("openness", maintain_order=True).len().iter_rows())
    is_open = known.filter(pl.col("openness") != "non-open").height
    return Measured(
        value=100 * is_open / known.height,
        sample_size=known.height,
        coverage=known.height / openness.needed.height,
        evidence={"by_state": by_state},
    )
