from itertools import accumulate

from oshealth.derive.spread import Spread
from oshealth.measure import Measured, at_least, metric, unknown


@metric(
    family="Contributor spread",
    title="Organisations that did half of the last year's work",
    unit="organisations",
    source="CHAOSS Elephant Factor; bands: this project",
    bands=at_least(3, 2),
    advice="If this organisation stops, so does most of the work. "
    "Contract a second organisation, and have it do part of the development.",
)
def elephant_factor(window_spread: Spread) -> Measured:
    """Smallest number of organisations that together made more than half of the last year's contributions.

    Known as the elephant factor. Contributions of unknown organisations belong to the whole but never to the half.
    Each volunteer counts alone.
    """
    if reason := window_spread.why_unknown:
        return unknown(reason, **window_spread.known_facts)
    reached = accumulate(part.count for part in window_spread.parts)
    factor = next(number for number, sum_ in enumerate(reached, start=1) if 2 * sum_ > window_spread.total)
    return Measured(value=float(factor), **window_spread.known_facts)
