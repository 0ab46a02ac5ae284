"""What if they leave: which files, folders and work would have nobody."""

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

FOLDER = ["repository", "folder"]


@dataclass(frozen=True)
class Exit:
    """Shares (0 to 1) that would have nobody left; null where there is nothing to take a share of."""

    files: float | None
    folders: float | None
    work: float | None
    """Of the commits looked at, those that only the leavers worked on."""


def exit_of(leavers: Collection[str], authorship: pl.DataFrame, contributions: pl.DataFrame) -> Exit:
    """What would have nobody if these persons left. `authorship` has `file`, `person`, `is_author`.

    A file has somebody while one of its authors stays, a folder while one file directly in it has. Files that have no
    author are left out. `contributions` are those of the stretch of time to look at, say the last year.
    """
    gone = pl.col("person").is_in(list(leavers))
    files = authored(authorship).group_by("repository", "file", "folder").agg(is_lost=gone.all())
    folders = files.group_by(FOLDER).agg(is_lost=pl.col("is_lost").all())
    work = contributions.group_by("sha").agg(is_lost=gone.all())
    return Exit(_share(files), _share(folders), _share(work))


def authored(authorship: pl.DataFrame) -> pl.DataFrame:
    """The authors of each file, with the folder that the file lies in ("" at the top)."""
    folder = pl.col("file").str.extract(r"^(.*)/[^/]*$").fill_null("").alias("folder")
    return authorship.filter("is_author").select("repository", "file", "person", folder)


def file_holders(authorship: pl.DataFrame, organisations: pl.DataFrame, active: Collection[str]) -> pl.DataFrame:
    """One row per authored file: whose alone it is, and whether an author outside that is `active`.

    `organisations` has one row per person: whom that person works for. `organisation` is that of all authors, null
    where they work for several or it is not known of one; `author_count` and `unknown_count` count them;
    `active_organisations` are those of the authors among `active`, null for the unknown.
    """
    organisation = pl.col("organisation")
    is_alone = (organisation.n_unique() == 1) & (organisation.null_count() == 0)
    return (
        authored(authorship)
        .join(organisations.select("person", "organisation"), on="person", how="left")
        .group_by("repository", "file", "folder")
        .agg(
            pl.when(is_alone).then(organisation.first()).alias("organisation"),
            pl.len().alias("author_count"),
            organisation.null_count().alias("unknown_count"),
            organisation.filter(pl.col("person").is_in(list(active))).alias("active_organisations"),
        )
    )


def shares_held_alone(holders: pl.DataFrame) -> dict[str, float]:
    """For each organisation the share of files that would have nobody if all of its people left, the largest first."""
    counts = (
        holders["organisation"].drop_nulls().value_counts().sort(["count", "organisation"], descending=[True, False])
    )
    return {organisation: count / holders.height for organisation, count in counts.iter_rows()}


def folders_held_alone(holders: pl.DataFrame, organisation: str) -> float:
    """The share of folders all of whose files would have nobody if an organisation's people left."""
    is_lost = (pl.col("organisation") == organisation).fill_null(value=False).all()
    lost: list[bool] = holders.group_by(FOLDER).agg(is_lost=is_lost)["is_lost"].to_list()
    return sum(lost) / len(lost)


def _share(rows: pl.DataFrame) -> float | None:
    lost: list[bool] = rows["is_lost"].to_list()
    return sum(lost) / len(lost) if lost else None
