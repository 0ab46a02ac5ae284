from collections import Counter

from oshealth.derive.spread import Spread
from oshealth.measure import Measured, at_least, metric, unknown
from oshealth.metrics._reasons import NO_CONTRIBUTION


@metric(
    family="Contributor spread",
    title="Work of which we know on whose behalf it was done",
    unit="%",
    source="this project",
    bands=at_least(80, 50),
    advice="Ask whoever runs oshealth to write down for whom the busiest people work: `oshealth people list --names` "
    "shows them, `oshealth people affiliate` notes it. Ask contributors to sign changes with their work address.",
)
def affiliation_coverage(window_spread: Spread) -> Measured:
    """Share of the last year's contributions whose organisation is known, volunteers among them."""
    if not window_spread.total:
        return unknown(NO_CONTRIBUTION, sample_size=0)
    by_type: Counter[str] = Counter()
    for part in window_spread.parts:
        by_type[part.type] += part.count
    evidence = {"by_type": dict(by_type), "unknown": window_spread.total - window_spread.known}
    value = window_spread.percent(window_spread.known)
    return Measured(value=value, sample_size=window_spread.total, coverage=value / 100, evidence=evidence)
