import polars as pl

from oshealth.derive.openness import Openness
from oshealth.measure import Measured, at_least, metric, unknown


@metric(
    family="Dependency openness",
    title="Dependencies whose licence is known",
    unit="%",
    source="CHAOSS License Coverage",
    bands=at_least(98, 90),
    has_history=False,
    advice="Look up what is not known, and ask whoever runs oshealth to write it into licences.toml, with the reason.",
)
def licence_coverage(openness: Openness) -> Measured:
    """Share of the packages that run or build, directly or transitively, whose licence is known as an SPDX expression.

    Where none at all is known, as in an audit that may ask nobody, that says nothing of the codebase: then the share is
    not known. A licence that is known but not judged by anybody counts as known here, and as unknown where openness is
    asked.
    """
    needed = openness.needed
    if needed.is_empty():
        return unknown(openness.nothing, sample_size=0)
    known = needed.filter(pl.col("licence").is_not_null())
    unknown_names = needed.filter(pl.col("licence").is_null())
    if known.is_empty():
        why = needed["reason"].mode().sort()[0]
        return unknown(f"no licence of a component is known: {why}", sample_size=needed.height, coverage=0.0)
    reasons = dict(unknown_names.group_by("reason").len().sort("len", "reason", descending=[True, False]).iter_rows())
    return Measured(
        value=100 * known.height / needed.height,
        sample_size=needed.height,
        evidence={
            "sources": dict(known.group_by("licence_source").len().sort("len", descending=True).iter_rows()),
            "unknown_because": reasons,
            "unknown": unknown_names["key"].to_list(),
        },
    )
