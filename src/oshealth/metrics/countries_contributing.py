from collections import Counter

from oshealth.derive.spread import Spread
from oshealth.measure import Measured, metric, unknown
from oshealth.metrics._reasons import NO_CONTRIBUTION


@metric(
    family="Contributor spread",
    title="Countries from which people contributed",
    unit="countries",
    source="OSOR study 2025",
    advice="If users in other countries only take the product, ask what keeps them from giving back.",
)
def countries_contributing(window_spread: Spread) -> Measured:
    """Distinct countries of the organisations for which people contributed in the last year.

    `coverage` is the share of contributions whose country is known.
    """
    by_country: Counter[str] = Counter()
    for part in window_spread.parts:
        if part.country:
            by_country[part.country] += part.count
    located, total = by_country.total(), window_spread.total
    evidence = {"countries": dict(by_country.most_common()), "unknown": total - located}
    if not total:
        return unknown(NO_CONTRIBUTION, sample_size=0)
    if 2 * located <= total:
        reason = "the country is known for no more than half of the last year's contributions"
        return unknown(reason, sample_size=total, coverage=located / total, evidence=evidence)
    return Measured(value=float(len(by_country)), sample_size=total, coverage=located / total, evidence=evidence)
