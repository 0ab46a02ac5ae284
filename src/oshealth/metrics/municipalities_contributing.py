from oshealth.derive.spread import Spread
from oshealth.measure import Measured, at_least, metric, unknown


@metric(
    family="Contributor spread",
    title="Municipalities that wrote code in the last year",
    unit="municipalities",
    source="OSOR study 2025; bands: this project",
    bands=at_least(3, 1),
    advice="Ask the municipalities that use the product for a developer's day a month, or for translations and tests. "
    "Their own people keep knowledge that a supplier takes along.",
)
def municipalities_contributing(window_spread: Spread) -> Measured:
    """Distinct municipalities whose own people contributed in the last year.

    Unknown where the organisation of half or more of the contributions is; those found stand in the evidence then.
    """
    found = {part.organisation: part for part in window_spread.of_types(["municipality"])}
    evidence = window_spread.known_so_far | {"municipalities": sorted(part.name for part in found.values())}
    size, coverage = window_spread.total, window_spread.coverage
    if reason := window_spread.why_unknown:
        return unknown(reason, sample_size=size, coverage=coverage, evidence=evidence)
    return Measured(value=float(len(found)), sample_size=size, coverage=coverage, evidence=evidence)
