import polars as pl

from oshealth.derive.exits import exit_of
from oshealth.measure import Measured, at_most, metric, unknown
from oshealth.metrics._reasons import NO_CONTRIBUTION


@metric(
    family="Bus factor",
    title="Files that only the two busiest people know",
    unit="%",
    source="this project, on the degree of authorship of Avelino et al. 2016",
    bands=at_most(20, 50),
    version=2,
    has_history=False,
    advice="Let others work on what these two know while they are there: "
    "pair on changes, and have each change reviewed by a third person.",
)
def two_busiest_exit(authorship: pl.DataFrame, window_contributions: pl.DataFrame) -> Measured:
    """Share of files left without any author if the two persons with most contributions in the last year left.

    Authors are told by their degree of authorship, as for `truck_factor`. The evidence tells the same of folders, and
    which share of the last year's commits was theirs alone.
    """
    if window_contributions.is_empty():
        return unknown(NO_CONTRIBUTION, sample_size=0)
    counts = window_contributions["person"].value_counts().sort(["count", "person"], descending=[True, False])
    lost = exit_of(counts["person"].head(2).to_list(), authorship, window_contributions)
    if lost.files is None:
        return unknown("no file has an author", sample_size=0)
    files = authorship.filter("is_author").select("repository", "file").n_unique()
    return Measured(value=100 * lost.files, sample_size=files, evidence={"folders": lost.folders, "work": lost.work})
