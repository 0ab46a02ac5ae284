import polars as pl

from oshealth.measure import Measured, at_least, metric, unknown
from oshealth.metrics._reasons import NO_CONTRIBUTION


@metric(
    family="Bus factor",
    title="People who did half of the last year's work",
    unit="people",
    source="CHAOSS Contributor Absence Factor; openCode badge, level 3, asks for 2 in six months",
    bands=at_least(3, 2),
    advice="Ask whoever employs these people to put a second and a third person on the product, "
    "and invite other organisations to contribute.",
)
def contributor_absence_factor(window_contributions: pl.DataFrame) -> Measured:
    """The smallest number of persons who together made more than half of the last year's contributions.

    Persons are taken in descending order of their contributions, of which a commit gives one to its author and one to
    each co-author.
    """
    total = len(window_contributions)
    if not total:
        return unknown(NO_CONTRIBUTION, sample_size=0)
    counts = window_contributions["person"].value_counts(sort=True)["count"]
    factor = int((counts.cum_sum() * 2 <= total).sum()) + 1
    shares = [round(100 * count / total, 1) for count in counts.head(10)]
    evidence = {"persons": len(counts), "largest_shares_percent": shares}
    return Measured(value=factor, sample_size=total, evidence=evidence)
