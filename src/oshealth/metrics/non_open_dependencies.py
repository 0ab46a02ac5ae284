from oshealth.derive.openness import Openness, closed_names
from oshealth.licences.answer import components_unknown
from oshealth.measure import Measured, at_most, metric, unknown


@metric(
    family="Dependency openness",
    title="Dependencies that are not open",
    unit="dependencies",
    source="Standard for Public Code: MUST be independent from non-open software",
    bands=at_most(0, 0),
    has_history=False,
    advice="Replace each with an open counterpart, or make it optional and name it in publiccode.yml. The findings say "
    "where each stands.",
)
def non_open_dependencies(openness: Openness) -> Measured:
    """Packages that run or build, directly or transitively, and are not open source.

    Four states: approved by the OSI; open without that (free by the FSF's account, or with a reason of our own);
    non-open; unknown. Over an expression, OR needs one open side, AND needs both. Closed products are known by name,
    and what publiccode.yml names as proprietary and not optional is believed. Where nothing closed was found and not
    everything is known, the number is not known either: it is no zero.
    """
    if openness.is_empty and not openness.declared_closed:
        return unknown(openness.nothing, sample_size=0)
    closed = [*closed_names(openness.closed), *openness.declared_closed]
    size = openness.needed.height + len(openness.declared_closed)
    coverage = (openness.known.height + len(openness.declared_closed)) / size if size else None
    if not closed and (openness.unreadable or openness.unknown.height):
        reason = f"nothing closed was found, but {components_unknown(openness.down)}"
        return unknown(reason, sample_size=size, coverage=coverage)
    evidence = {"closed": closed, "unreadable": list(openness.unreadable), "unknown_count": openness.unknown.height}
    return Measured(value=float(len(closed)), sample_size=size, coverage=coverage, evidence=evidence)
