from oshealth.derive.spread import Spread
from oshealth.measure import Measured, at_most, metric, unknown


@metric(
    family="Contributor spread",
    title="Work done by the largest supplier",
    unit="%",
    source="OSOR study 2025; bands: this project",
    bands=at_most(50, 80),
    advice="The product depends on one supplier. Split the next tender, "
    "or ask for documentation and training that let another one start.",
)
def top_supplier_share(window_spread: Spread) -> Measured:
    """Share of the last year's contributions made for the largest supplier, of all, the unknown included."""
    if reason := window_spread.why_unknown:
        return unknown(reason, **window_spread.known_facts)
    largest = next(iter(window_spread.of_types(["supplier"])), None)
    evidence = window_spread.known_so_far | {"supplier": largest.name if largest else None}
    value = window_spread.percent(largest.count) if largest else 0.0
    return Measured(value=value, sample_size=window_spread.total, coverage=window_spread.coverage, evidence=evidence)
