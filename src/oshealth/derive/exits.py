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


def exits_of_organisations(authorship: pl.DataFrame, organisations: pl.DataFrame) -> pl.DataFrame:
    """For each organisation, what would have nobody if all of its people left: organisation, files, folders (shares).

    `organisations` has one row per person: whom that person works for. An organisation without such a file has no row.
    """
    rows = authored(authorship).join(organisations.select("person", "organisation"), on="person", how="left")
    files, folders = _held_alone(rows, ["repository", "file"]), _held_alone(rows, FOLDER)
    return files.rename({"share": "files"}).join(folders.rename({"share": "folders"}), on="organisation", how="left")


def authored(authorship: pl.DataFrame) -> pl.DataFrame:
    """The authors of each file, with the folder that the file lies in ("" at the top)."""
    folder = pl.col("file").str.extract(r"^(.*)/[^/]*$").fill_null("").alias("folder")
    return authorship.filter("is_author").select("repository", "file", "person", folder)


def _held_alone(rows: pl.DataFrame, unit: list[str]) -> pl.DataFrame:
    """By organisation the share of units all of whose authors are its own people."""
    holders = rows.group_by(unit).agg(
        pl.col("organisation").first(),
        is_alone=(pl.col("organisation").n_unique() == 1) & pl.col("organisation").is_not_null().all(),
    )
    alone = holders.filter("is_alone").group_by("organisation").len()
    return alone.select("organisation", (pl.col("len") / max(holders.height, 1)).alias("share"))


def _share(rows: pl.DataFrame) -> float | None:
    lost: list[bool] = rows["is_lost"].to_list()
    return sum(lost) / len(lost) if lost else None
