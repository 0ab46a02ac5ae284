import polars as pl

from oshealth.measure import Measured, at_most, metric, unknown


@metric(
    family="Bus factor",
    title="Files whose authors did nothing in the last year",
    unit="%",
    source="this project",
    bands=at_most(20, 50),
    version=2,
    advice="Have somebody who works on the product today read, test and document these files, folder by folder, "
    "or remove what nobody needs.",
)
def orphaned_files(authorship: pl.DataFrame, window_contributions: pl.DataFrame, source_file_count: int) -> Measured:
    """Share of the files none of whose authors contributed anything in the last year.

    Authors are told by their degree of authorship, as for `truck_factor`. When nobody contributed in the last year,
    it is all of the files.
    """
    file_count = authorship["file_number"].n_unique()
    if not file_count:
        return unknown("no file that a person is known to have worked on", sample_size=0)
    active = window_contributions["person"].unique()
    authors = authorship.select("file_number", "person", "is_author").filter("is_author")
    kept = authors.filter(pl.col("person").is_in(active.implode()))["file_number"].unique()
    orphaned = file_count - len(kept)
    coverage = file_count / source_file_count
    evidence = {"orphaned": orphaned, "files": file_count, "folders": _folders(authorship, kept)}
    return Measured(value=100 * orphaned / file_count, sample_size=file_count, coverage=coverage, evidence=evidence)


def _folders(authorship: pl.DataFrame, kept: pl.Series) -> list[dict[str, object]]:
    """The ten top folders with most orphaned files; rows of one file follow one another."""
    number = pl.col("file_number")
    is_last_row = number != number.shift(-1, fill_value=-1)
    orphans = authorship.select(number, "repository", "file").filter(is_last_row & ~number.is_in(kept.implode()))
    folder = pl.col("file").str.extract("^([^/]*)/").fill_null(".")
    counts = orphans.group_by("repository", folder.alias("folder")).agg(pl.len().alias("orphaned"))
    return counts.sort("orphaned", "repository", "folder", descending=[True, False, False]).head(10).to_dicts()
