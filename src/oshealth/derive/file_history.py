"""Who changed which file when, as arrays in git's topological order, sorted and numbered once for all days."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from oshealth.derive.lineage import Lineage, Steps

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Touches:
    """One entry per change and person, by path and person; deletions, bots and machines are left out."""

    row: Ints  # which of the changes
    person: Ints
    is_author: Flags
    is_adding: Flags  # its author brought the file into being
    is_rename: Flags
    known_at: Ints


@dataclass(frozen=True, eq=False)
class Standing:
    """One entry per stretch of time in which a file of the tree stood with one content."""

    path: Ints
    from_at: Ints
    until_at: Ints  # the largest number where it still stands


@dataclass(frozen=True, eq=False)
class FileHistory:
    """`changes` and the numbers made of it. Moments are microseconds since 1970."""

    changes: pl.DataFrame
    paths: pl.DataFrame  # repository, path: the row number is the path's number
    persons: pl.Series
    steps: Steps
    touches: Touches
    standing: Standing
    heads: pl.DataFrame  # first-parent commits: repository, position, known_at

    @staticmethod
    def of(change: pl.DataFrame, commit: pl.DataFrame, people: pl.DataFrame, tree: pl.DataFrame) -> "FileHistory":
        changes = _in_order(change, commit)
        humans = people.filter(pl.col("kind").is_in(["person", "shared"]))
        persons = humans["person"].unique().sort()
        paths = _paths(changes, tree)
        steps = _steps(changes, paths)
        return FileHistory(
            _with_authors(changes, humans),
            paths,
            persons,
            steps,
            _touches(changes, humans, persons, steps),
            _standing(tree, paths),
            commit.filter(pl.col("is_first_parent")).select("repository", "position", "known_at"),
        )

    @cached_property
    def authored_at(self) -> Ints:
        """By the author's date of each change; where that is invalid, when it became known."""
        return _moments(self.changes.select(pl.coalesce("authored_at", "known_at"))["authored_at"])

    @cached_property
    def lineage(self) -> Lineage:
        return Lineage(self.steps)

    def files_at(self, end: datetime) -> Ints:
        """The numbers of the source files that stood at the last instant before `end`."""
        moment = micros(end)
        return self.standing.path[(self.standing.from_at < moment) & (self.standing.until_at >= moment)]


def micros(moment: datetime) -> int:
    return int(np.datetime64(moment, "us").astype(np.int64))


def _in_order(change: pl.DataFrame, commit: pl.DataFrame) -> pl.DataFrame:
    single = commit.filter(pl.col("parents").list.len() <= 1)
    known = single.select("repository", "sha", "position", "known_at", "authored_at")
    return (
        change.filter(~pl.col("is_submodule"))
        .select("repository", "sha", "path", "old_path", "kind")
        .join(known, on=["repository", "sha"], how="inner", maintain_order="left")
        .sort("repository", "position", maintain_order=True)
    )


def _with_authors(changes: pl.DataFrame, humans: pl.DataFrame) -> pl.DataFrame:
    others = humans.filter(~pl.col("is_author")).group_by("sha", maintain_order=True).agg(coauthors="person")
    authors = humans.filter(pl.col("is_author")).select("sha", author="person")
    return changes.join(authors, on="sha", how="left", maintain_order="left").join(
        others, on="sha", how="left", maintain_order="left"
    )


def _paths(changes: pl.DataFrame, tree: pl.DataFrame) -> pl.DataFrame:
    old = changes.filter(pl.col("old_path").is_not_null()).select("repository", path="old_path")
    keys = [changes.select("repository", "path"), old, tree.select("repository", "path")]
    return pl.concat(keys).unique(maintain_order=True)


def _numbers(rows: pl.DataFrame, column: str, paths: pl.DataFrame) -> Ints:
    """The path's number for each row; -1 where it is null."""
    keys = rows.select("repository", pl.col(column).alias("path"))
    numbered = paths.with_row_index("_path")
    found = keys.join(numbered, on=["repository", "path"], how="left", maintain_order="left")
    return found["_path"].cast(pl.Int64).fill_null(-1).to_numpy()


def _steps(changes: pl.DataFrame, paths: pl.DataFrame) -> Steps:
    renames = changes["kind"].is_in(["R"]) & changes["old_path"].is_not_null()
    old = np.where(renames.to_numpy(), _numbers(changes, "old_path", paths), -1)
    return Steps(_numbers(changes, "path", paths), old, _moments(changes["known_at"]), len(paths))


def _touches(changes: pl.DataFrame, humans: pl.DataFrame, persons: pl.Series, steps: Steps) -> Touches:
    numbers = pl.DataFrame({"person": persons}).with_row_index("_person")
    touches = (
        changes.select("sha", "kind")
        .with_row_index("_row")
        .filter(pl.col("kind") != "D")
        .join(humans.select("sha", "person", "is_author"), on="sha", how="inner", maintain_order="left_right")
        .join(numbers, on="person", how="left", maintain_order="left")
    )
    row = touches["_row"].cast(pl.Int64).to_numpy()
    person = touches["_person"].cast(pl.Int64).to_numpy()
    order = np.lexsort((row, person, steps.path[row]))
    is_author, adds = touches["is_author"].to_numpy(), touches["kind"].is_in(["A", "C"]).to_numpy()
    row = row[order]
    return Touches(
        row,
        person[order],
        is_author[order],
        (is_author & adds)[order],
        steps.old_path[row] >= 0,
        steps.known_at[row],
    )


def _standing(tree: pl.DataFrame, paths: pl.DataFrame) -> Standing:
    source = tree.filter(pl.col("is_source"))
    until = source["until_at"].cast(pl.Int64).fill_null(np.iinfo(np.int64).max).to_numpy()
    return Standing(_numbers(source, "path", paths), _moments(source["from_at"]), until)


def _moments(column: pl.Series) -> Ints:
    return column.cast(pl.Int64).to_numpy()
