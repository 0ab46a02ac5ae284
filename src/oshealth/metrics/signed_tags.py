import polars as pl

from oshealth.derive.cadence import NEVER
from oshealth.measure import Measured, at_least, metric, unknown


@metric(
    family="Release cadence",
    title="Signed version tags",
    unit="%",
    source="openCode badge, security level 2",
    bands=at_least(80, 80),
    advice="Ask the developers to sign version tags (`git tag -s`). "
    "A signature lets users check that a release comes from them.",
)
def signed_tags(releases: pl.DataFrame) -> Measured:
    """Share of version tags, pre-releases included, that bear a signature. Whether it is valid is not checked."""
    if releases.is_empty():
        return unknown(NEVER, sample_size=0)
    signed = releases.sort("released_at")["is_signed"].drop_nulls()
    if signed.is_empty():
        return unknown("it has no version tags: its releases are named in other places", sample_size=0)
    flags: list[bool] = signed.to_list()
    evidence = {"signed": sum(flags), "tags": len(flags), "signed_of_the_last_ten": sum(flags[-10:])}
    return Measured(value=100 * sum(flags) / len(flags), sample_size=len(flags), evidence=evidence)
