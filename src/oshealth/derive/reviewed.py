"""Which changes people have reviewed on a forge: what is known of a file is not only what was written in it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from oshealth.facts import MOMENT
from oshealth.facts.people import IDENTITY

READ = pl.Schema({"review": pl.UInt32(), "person": pl.String(), "submitted_at": MOMENT, "row": pl.Int64()})
"""One row per review and change that it was of; `row` is the change's number in `FileHistory.changes`."""


@dataclass(frozen=True, eq=False)
class Reviewed:
    """Reviews of change requests by humans other than who opened them."""

    read: pl.DataFrame
    """`READ`."""
    submitted: pl.DataFrame
    """review, submitted_at, person (null: nobody knows whose account it is), is_placed (its commits are known)."""

    def evidence(self, end: datetime, untold: Mapping[str, str]) -> dict[str, object]:
        """What of the reviews before a moment counts; `untold` is why a repository's reviews are not known."""
        known = self.submitted.filter(pl.col("submitted_at") < end)
        counted = known.filter(pl.col("person").is_not_null() & pl.col("is_placed")).height
        told: dict[str, object] = {"reviews_counted": counted, "reviews_left_out": known.height - counted}
        if untold:
            told["reviews_not_known"] = sorted(set(untold.values()))
        return told


def reviewed_of(tables: Mapping[str, pl.DataFrame], changes: pl.DataFrame) -> Reviewed:
    """From rows of `facts.REVIEW`, `CHANGE_REQUEST`, `COMMIT` and `IDENTITY`, and `FileHistory.changes`.

    A reviewer is a person where a noreply address of theirs names the account. A request's commits are those that its
    merge brought; of one that was squashed or rebased, the last.
    """
    requests = tables["change_request"].select("repository", "number", "author_account", "merge_sha")
    reviews = (
        tables["review"]
        .filter(pl.col("reviewer_kind") != "bot", pl.col("submitted_at").is_not_null())
        .join(requests, on=["repository", "number"])
        .filter(pl.col("reviewer_account").ne_missing(pl.col("author_account")))
        .join(_persons(tables["identity"]), left_on="reviewer_account", right_on="alias", how="left")
        .select("submitted_at", "person", "merge_sha")
        .with_row_index("review")
    )
    if reviews.is_empty():
        return Reviewed(READ.to_frame(), reviews.drop("merge_sha").with_columns(is_placed=pl.lit(value=False)))
    merged = _commits_of(tables["commit"], set(reviews["merge_sha"].drop_nulls()))
    seen = changes.with_row_index("row").filter(~pl.col("kind").is_in(["D", "R"])).select("row", "sha")
    placed = reviews.join(merged, on="merge_sha")
    read = placed.filter(pl.col("person").is_not_null()).join(seen, on="sha").select(READ.names()).cast(dict(READ))  # type: ignore[arg-type]
    is_placed = pl.col("review").is_in(placed["review"].unique().to_list())
    return Reviewed(read, reviews.drop("merge_sha").with_columns(is_placed=is_placed))


def _persons(identity: pl.DataFrame) -> pl.DataFrame:
    known = IDENTITY.to_frame() if identity.is_empty() else identity
    return known.filter(pl.col("kind").is_in(["person", "shared"])).select("alias", "person").unique("alias")


def _commits_of(commits: pl.DataFrame, wanted: Collection[str]) -> pl.DataFrame:
    """Frame (merge_sha, sha): the commits without merges that each of the wanted brought to the default branch."""
    pairs = list(_landed(commits, wanted)) if wanted else []
    return pl.DataFrame(pairs, schema={"merge_sha": pl.String, "sha": pl.String}, orient="row").unique()


def _landed(commits: pl.DataFrame, wanted: Collection[str]) -> Iterator[tuple[str, str]]:
    ordered = commits.sort("repository", "position")
    parents = dict(ordered.select("sha", "parents").iter_rows())
    seen: set[str] = set()
    for sha in ordered.filter("is_first_parent")["sha"]:
        waiting = [sha]
        while waiting:
            one = waiting.pop()
            if one in seen or one not in parents:
                continue
            seen.add(one)
            waiting += parents[one]
            if sha in wanted and len(parents[one]) < 2:
                yield sha, one
    on_line = set(ordered.filter("is_first_parent")["sha"])
    yield from ((sha, sha) for sha in wanted if sha in parents and sha not in on_line and len(parents[sha]) < 2)
