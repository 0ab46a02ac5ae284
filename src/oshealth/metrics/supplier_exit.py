import polars as pl

from oshealth.derive.exits import file_holders, folders_held_alone, shares_held_alone
from oshealth.derive.spread import Spread
from oshealth.measure import Measured, at_most, metric, unknown

NO_SUPPLIER = "no supplier contributed in the last year"
NO_AUTHOR = "no file has an author"
AUTHORS_UNKNOWN = "on whose behalf the files' authors worked is known for no more than half of them"


@metric(
    family="Contributor spread",
    title="Files that only the largest supplier knows",
    unit="%",
    source="this project, on the degree of authorship of Avelino et al. 2016",
    bands=at_most(20, 50),
    version=2,
    advice="Plan the handover while the supplier is there: have a second supplier or your own people "
    "change and review what only the supplier knows.",
)
def supplier_exit(
    window_spread: Spread,
    authorship: pl.DataFrame,
    author_organisations: pl.DataFrame,
    window_contributions: pl.DataFrame,
) -> Measured:
    """Share of files left without any author if the people of the last year's largest supplier all left.

    A person belongs to whom that person last contributed for. `coverage` is the share of authors whose organisation
    is known. The evidence tells the share that each organisation holds alone, and how many files would then have no
    author who contributed in the last year: others may have left long ago.
    """
    suppliers = window_spread.of_types(["supplier"])
    if reason := window_spread.why_unknown or (None if suppliers else NO_SUPPLIER):
        return unknown(reason, sample_size=window_spread.total, coverage=window_spread.coverage)
    supplier = suppliers[0]
    persons = window_contributions["person"].unique().to_list()
    holders = file_holders(authorship, author_organisations, persons)
    authors, unknown_authors = int(holders["author_count"].sum()), int(holders["unknown_count"].sum())
    if 2 * unknown_authors >= authors:
        return unknown(AUTHORS_UNKNOWN if authors else NO_AUTHOR, sample_size=holders.height)
    shares = shares_held_alone(holders)
    return Measured(
        value=100 * shares.get(supplier.organisation, 0.0),
        sample_size=holders.height,
        coverage=1 - unknown_authors / authors,
        evidence={
            "supplier": supplier.name,
            "folders": folders_held_alone(holders, supplier.organisation),
            "files_by_organisation": dict(list(shares.items())[:10]),
            "files_then_without_an_active_author": _without_an_active_author(holders, supplier.organisation),
        },
    )


def _without_an_active_author(holders: pl.DataFrame, supplier: str) -> float:
    """Share of files none of whose authors both contributed in the window and works for somebody else."""
    actives = holders["active_organisations"].to_list()
    return sum(all(organisation == supplier for organisation in of_file) for of_file in actives) / len(actives)
