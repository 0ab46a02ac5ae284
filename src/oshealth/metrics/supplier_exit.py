from typing import Any

import polars as pl

from oshealth.derive.exits import exit_of, exits_of_organisations
from oshealth.derive.spread import Spread
from oshealth.measure import Measured, at_most, metric, unknown

NO_SUPPLIER = "no supplier contributed in the window"
NO_AUTHOR = "no file has an author"
AUTHORS_UNKNOWN = "for half or more of the files' authors the organisation is not known"


@metric(
    family="Contributor spread",
    title="Files nobody knows if the largest supplier leaves",
    unit="%",
    source="this project, on the degree of authorship of Avelino et al. 2016",
    bands=at_most(20, 50),
    advice="Plan the handover while the supplier is there: have a second supplier or your own people "
    "change and review what only the supplier knows.",
)
def supplier_exit(
    window_spread: Spread,
    authorship: pl.DataFrame,
    author_organisations: pl.DataFrame,
    window_contributions: pl.DataFrame,
) -> Measured:
    """Share of files left without any author if the people of the window's largest supplier all left.

    A person belongs to whom that person last contributed for. `coverage` is the share of authors whose organisation
    is known. The evidence tells the same of every organisation, and of the two busiest persons.
    """
    authors = authorship.filter("is_author").join(author_organisations, on="person", how="left")
    if reason := _why_unknown(window_spread, authors):
        return unknown(reason, sample_size=window_spread.total, coverage=window_spread.coverage)
    supplier = window_spread.of_types(["supplier"])[0]
    exits = exits_of_organisations(authorship, author_organisations)
    rows = exits.sort("files", "organisation", descending=[True, False]).head(10).to_dicts()
    value = next(iter(exits.filter(pl.col("organisation") == supplier.organisation)["files"]), 0.0)
    return Measured(
        value=100 * value,
        sample_size=authors.select("repository", "file").n_unique(),
        coverage=1 - authors["organisation"].null_count() / authors.height,
        evidence={
            "supplier": supplier.name,
            "if_an_organisation_left": rows,
            "if_the_two_busiest_left": _busiest(authorship, window_contributions),
        },
    )


def _why_unknown(spread: Spread, authors: pl.DataFrame) -> str | None:
    if spread.why_unknown:
        return spread.why_unknown
    if not spread.of_types(["supplier"]):
        return NO_SUPPLIER
    if authors.is_empty():
        return NO_AUTHOR
    return AUTHORS_UNKNOWN if 2 * authors["organisation"].null_count() >= authors.height else None


def _busiest(authorship: pl.DataFrame, contributions: pl.DataFrame) -> dict[str, Any]:
    counts = contributions["person"].value_counts().sort(["count", "person"], descending=[True, False])
    busiest = counts["person"].head(2).to_list()
    lost = exit_of(busiest, authorship, contributions)
    return {"persons": busiest, "files": lost.files, "folders": lost.folders, "work": lost.work}
