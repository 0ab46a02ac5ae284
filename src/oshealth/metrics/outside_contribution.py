from oshealth.derive.spread import Spread
from oshealth.measure import Measured, metric, unknown
from oshealth.sources import Codebase

UNDECLARED = "no supplier is declared in sources.toml"


@metric(
    family="Contributor spread",
    title="Work from outside the owner and its suppliers",
    unit="%",
    source="OSOR study 2025: Golemio",
    advice="Nearly nothing comes from outside the owner and its suppliers. "
    "A contributing guide, small open tasks and quick answers invite others.",
)
def outside_contribution(window_spread: Spread, codebase: Codebase | None) -> Measured:
    """Share of the last year's contributions from outside the owner (the stewards) and its contracted suppliers.

    Both are those that sources.toml names today. Unknown organisations belong to the whole, not to the outside.
    """
    if codebase is None:
        return unknown("sources.toml names no owner and no supplier for this repository")
    if reason := window_spread.why_unknown:
        return unknown(reason, **window_spread.known_facts)
    by_suppliers = window_spread.percent(sum(part.count for part in window_spread.of_types(["supplier"])))
    if by_suppliers and not codebase.suppliers:
        return unknown(f"{UNDECLARED}, and suppliers did {by_suppliers:.0f} % of the work", **window_spread.known_facts)
    inside = {*codebase.stewards, *codebase.suppliers}
    count = sum(part.count for part in window_spread.parts if part.organisation not in inside)
    return Measured(value=window_spread.percent(count), **window_spread.known_facts)
