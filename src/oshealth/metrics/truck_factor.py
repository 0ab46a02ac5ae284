import polars as pl

from oshealth.derive.leaving import leave_in_order
from oshealth.measure import Measured, at_least, metric, unknown


@metric(
    family="Bus factor",
    title="People without whom half of the code has no author",
    unit="people",
    source="Avelino, Passos, Hora, Valente: A novel approach for estimating truck factors, ICPC 2016",
    bands=at_least(3, 2),
    version=2,
    advice="These few wrote most of the files. Let somebody new change files together with them while they are still "
    "around, and make it a part of the next contract.",
)
def truck_factor(authorship: pl.DataFrame, source_file_count: int) -> Measured:
    """How many people must leave, those with most files first, until fewer than half of the files have an author left.

    A person's degree of authorship of a file, over the whole history, is `DOA = 3.293 + 1.098·FA + 0.164·DL −
    0.321·ln(1 + AC)`: FA is 1 for whoever first added the file or added it again later, DL counts that person's
    changes, AC all others'. The adding commit is no change, a rename is one; co-authors made a change and added
    nothing. Renames carry authorship along, in git's topological order. An author of a file has a DOA over 0.75 of
    the file's highest, and either DOA ≥ 3.293 or FA = 1. Of two with as many files, the one with more changes goes
    first. The factor is the number taken when fewer than half of the files have an author left. Files that only
    bots touched are left out.
    """
    file_count = authorship["file_number"].n_unique()
    if not file_count:
        return unknown("no file that a person is known to have worked on", sample_size=0)
    authors = authorship.select("file_number", "person", "is_author").filter("is_author")
    leaving = leave_in_order(authors, _most_files_first(authors, authorship), file_count)
    coverage = file_count / source_file_count
    factor = leaving.stopping
    if factor is None:
        return unknown("fewer than half of the files have an author to begin with", sample_size=file_count)
    evidence = {
        "people": sorted(leaving.persons[:factor]),
        "authors": len(leaving.persons),
        "files": file_count,
        "files_with_author_left": list(leaving.files_left[: factor + 1]),
    }
    return Measured(value=factor, sample_size=file_count, coverage=coverage, evidence=evidence)


def _most_files_first(authors: pl.DataFrame, authorship: pl.DataFrame) -> pl.Series:
    changes = authorship.group_by("person").agg(pl.col("changes").sum())
    counts = authors.group_by("person").agg(pl.len().alias("files")).join(changes, on="person")
    return counts.sort("files", "changes", "person", descending=[True, True, False])["person"]
