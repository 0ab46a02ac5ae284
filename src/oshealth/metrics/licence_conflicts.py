from collections.abc import Mapping

import polars as pl

from oshealth.derive.findings import COMBINED, conflicts_of
from oshealth.derive.own_licence import OwnLicence
from oshealth.measure import Measured, at_most, metric, unknown


@metric(
    family="Dependency openness",
    title="Licences that cannot be combined",
    unit="dependencies",
    source="OSADL compatibility matrix, where the rule is known",
    bands=at_most(0, 0),
    has_history=False,
    version=2,
    advice="Have a lawyer look at each, replace the dependency, or license the work so that both fit.",
)
def licence_conflicts(needs: pl.DataFrame, own_licences: Mapping[str, OwnLicence]) -> Measured:
    """Packages that run and whose licence cannot be combined with the repository's own, each with the rule.

    Only where the OSADL matrix knows the rule; where either side may be chosen, every choice must fail. Images, actions
    and system packages stand beside the work and are left out. The matrix is of code that is taken in: a package used
    as a library is no conflict where its copyleft ends there (LGPL, MPL, EPL), unless the own licence is a GPL.
    """
    if own_licences and all(own.is_none for own in own_licences.values()):
        return unknown("it has no licence of its own that others could conflict with", sample_size=0)
    if not any(own.expression for own in own_licences.values()):
        return unknown("the repository's own licence is not known", sample_size=0)
    combined = needs.filter(pl.col("scope") == "runtime", pl.col("ecosystem").is_in(COMBINED))
    known = combined.filter(pl.col("licence").is_not_null())
    if known.is_empty():
        return unknown(
            "no licence is known of a package that runs in it"
            if combined.height
            else "no file names a package that runs in it",
            sample_size=0,
        )
    found = {(need["key"], clash.rule): need["name"] for need, clash in conflicts_of(needs, dict(own_licences))}
    rules = [{"name": name, "rule": rule} for (_, rule), name in found.items()]
    return Measured(
        value=float(len(rules)),
        sample_size=known.height,
        coverage=known.height / combined.height,
        evidence={"conflicts": rules},
    )
