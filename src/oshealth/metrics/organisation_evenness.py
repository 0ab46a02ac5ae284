from math import log

from oshealth.derive.spread import Spread
from oshealth.measure import Measured, metric, unknown


@metric(
    family="Contributor spread",
    title="How evenly organisations share the work",
    unit="0–1",
    source="Pielou 1966, from ecology; this project",
    advice="Near 0, one organisation does nearly everything, whatever the number of others.",
)
def organisation_evenness(window_spread: Spread) -> Measured:
    """How evenly the last year's contributions are spread: 1 is all the same, 0 is one organisation alone.

    Shannon entropy of contributions by organisation over its maximum (Pielou's evenness). Unknown organisations are
    left out, each volunteer counts alone.
    """
    if reason := window_spread.why_unknown:
        return unknown(reason, **window_spread.known_facts)
    shares = [part.count / window_spread.known for part in window_spread.parts]
    entropy = -sum(share * log(share) for share in shares)
    return Measured(value=entropy / log(len(shares)) if len(shares) > 1 else 0.0, **window_spread.known_facts)
