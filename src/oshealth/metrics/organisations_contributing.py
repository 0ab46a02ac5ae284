from oshealth.derive.spread import Spread
from oshealth.measure import Measured, at_least, metric, unknown


@metric(
    family="Contributor spread",
    title="Organisations that contributed in the last year",
    unit="organisations",
    source="CHAOSS Organizational Diversity; bands: this project",
    bands=at_least(3, 2),
    advice="Few organisations carry the work. Invite a second supplier or a user to take a small task of its own.",
)
def organisations_contributing(window_spread: Spread) -> Measured:
    """Distinct organisations for which people contributed in the last year. Volunteers are no organisation."""
    if reason := window_spread.why_unknown:
        return unknown(reason, **window_spread.known_facts)
    count = len({part.organisation for part in window_spread.named})
    return Measured(value=float(count), **window_spread.known_facts)
