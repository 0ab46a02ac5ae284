from oshealth.derive.spread import Spread
from oshealth.measure import Measured, metric, unknown


@metric(
    family="Contributor spread",
    title="Work done by suppliers",
    unit="%",
    source="OSOR study 2025: market size and turnover of suppliers",
    advice="A high share is normal where development is bought. Then look at how many suppliers there are.",
)
def supplier_share(window_spread: Spread) -> Measured:
    """Share of the last year's contributions made for suppliers, of all, those of unknown organisations included."""
    if reason := window_spread.why_unknown:
        return unknown(reason, **window_spread.known_facts)
    count = sum(part.count for part in window_spread.of_types(["supplier"]))
    return Measured(value=window_spread.percent(count), **window_spread.known_facts)
