from collections import Counter
from collections.abc import Mapping

from oshealth.derive.spread import Spread
from oshealth.measure import Measured, metric, unknown

ARCHETYPE_OF: dict[str, str] = {
    "municipality": "internal",
    "region": "internal",
    "state": "internal",
    "publicly owned company": "quasi-internal",
    "association": "association",
    "foundation": "foundation",
    "civil society": "civil-society supplier",
    "supplier": "private supplier",
}
"""Universities and volunteers belong to none of them: they count, and where they prevail the label is "mixed"."""
UNDECIDED = "on whose behalf people worked is known for too few contributions to say who did most of the work"


@metric(
    family="Contributor spread",
    title="The kind of organisation that did most of the work",
    unit="label",
    source="OSOR study 2025: archetypes",
    advice="Compare it with how the product is meant to be run. If they differ, decide which of them should change.",
)
def archetype(window_spread: Spread, spreads_by_year: Mapping[int, Spread]) -> Measured:
    """The kind of organisation that made more than half of the last year's contributions.

    internal (municipality, region, state), quasi-internal (publicly owned company), association, foundation,
    civil-society supplier, private supplier; mixed where no kind made more than half, even if all contributions of
    unknown organisations were its own. In between, unknown. The shares of each year stand in the evidence.
    """
    shares = {str(year): _shares(spread) for year, spread in spreads_by_year.items()}
    evidence = {"window": _shares(window_spread), "years": shares}
    known = window_spread.known_facts | {"evidence": evidence}
    if reason := window_spread.why_unknown:
        return unknown(reason, **known)
    counts = _counts(window_spread)
    nobody_knows = counts.pop("unknown")
    most, count = counts.most_common(1)[0]
    if 2 * count > window_spread.total:
        return Measured(label=most if most in ARCHETYPE_OF.values() else "mixed", **known)
    if 2 * (count + nobody_knows) > window_spread.total:
        return unknown(UNDECIDED, **known)
    return Measured(label="mixed", **known)


def _counts(spread: Spread) -> Counter[str]:
    counts = Counter({"unknown": spread.total - spread.known})
    for part in spread.parts:
        counts[ARCHETYPE_OF.get(part.type, part.type)] += part.count
    return counts


def _shares(spread: Spread) -> dict[str, float]:
    """Per cent of all contributions by kind, the unknown among them."""
    return {kind: spread.percent(count) for kind, count in _counts(spread).most_common() if count}
