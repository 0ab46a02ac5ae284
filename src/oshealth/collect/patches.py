"""Which changes a fork and its upstream both made as different commits, told by patch-id."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from oshealth.collect.errors import CollectError
from oshealth.collect.git_command import Git
from oshealth.facts import PATCH, Gap

MOST_COMMITS = 3_000
"""Of each side, the newest: a patch-id needs the whole diff."""
_BATCH = 100
_COMPARED = {name: PATCH[name] for name in ("sha", "patch_id")}
_DIFF = ("diff-tree", "--stdin", "-p", "--root", "-r", "--no-ext-diff", "--no-textconv", "--no-color")
_SAME_PATHS = ("paths", "count")


@dataclass(frozen=True)
class Side:
    """A fork, or its upstream: where its objects are, and its rows of `facts.COMMIT` and `facts.CHANGE`."""

    git: Git
    commits: pl.DataFrame
    changes: pl.DataFrame


@dataclass(frozen=True)
class Patches:
    """Rows of `facts.PATCH`, and what could not be compared."""

    frame: pl.DataFrame
    gaps: tuple[Gap, ...] = ()

    def labelled(self, side: str) -> "Patches":
        return Patches(self.frame.with_columns(pl.lit(side).alias("side")), self.gaps)


def read_patches(repository: str, fork: Side, upstream: Side, earlier: pl.DataFrame | None = None) -> Patches:
    """Compare a fork with its upstream; merges are left out.

    Of the upstream only commits that change the same paths as one of the fork's own can be the same change: no other
    diff is read. Commits of both count from the day of the fork's first own commit.

    Args:
        repository: the fork's id.
        fork: where its objects and facts are.
        upstream: the same of its upstream.
        earlier: rows of an earlier comparison, whose diffs need not be read again.
    """
    own, theirs = _single(fork, "anti", upstream), _single(upstream, "anti", fork)
    shared = _single(upstream, "semi", fork)
    # The newest first: the first own commit is the last row.
    both = shared.filter(pl.col("known_at") >= own["known_at"][-1]) if own.height else shared.clear()
    known = _known(earlier)
    parts = [
        _compared(fork, own, own, known).labelled("fork"),
        _compared(upstream, theirs, _like(own, theirs, fork, upstream), known).labelled("upstream"),
        _compared(upstream, both, _like(own, both, fork, upstream), known).labelled("both"),
    ]
    rows = pl.concat([part.frame for part in parts])
    frame = rows.filter((pl.col("side") != "both") | pl.col("patch_id").is_not_null())
    named = frame.with_columns(pl.lit(repository).alias("repository")).select(PATCH.names())
    return Patches(named, tuple(gap for part in parts for gap in part.gaps))


def patch_ids(git: Git, shas: Sequence[str]) -> tuple[dict[str, str], int]:
    """The patch-id of each commit that changes something, and how many commits git could not read."""
    ids: dict[str, str] = {}
    unread = 0
    for start in range(0, len(shas), _BATCH):
        batch = shas[start : start + _BATCH]
        try:
            ids.update(_of_batch(git, batch))
        except CollectError:
            unread += len(batch)
    return ids, unread


def _of_batch(git: Git, shas: Sequence[str]) -> Iterator[tuple[str, str]]:
    diffs = git.run(*_DIFF, stdin="".join(f"{sha}\n" for sha in shas).encode())
    lines = git.run("patch-id", "--stable", stdin=diffs).decode("ascii").splitlines() if diffs else []
    return ((sha, patch) for patch, sha in (line.split() for line in lines))


def _single(one: Side, how: Literal["semi", "anti"], other: Side) -> pl.DataFrame:
    """The commits without merges that the other side has too (semi) or lacks (anti), the newest first."""
    single = one.commits.filter(pl.col("parents").list.len() <= 1).select("sha", "known_at")
    return single.join(other.commits.select("sha"), on="sha", how=how).sort("known_at", "sha", descending=True)


def _like(own: pl.DataFrame, commits: pl.DataFrame, fork: Side, upstream: Side) -> pl.DataFrame:
    """The commits that change the same paths as one of the fork's own."""
    wanted = _paths(fork.changes.join(own, on="sha", how="semi"))
    given = _paths(upstream.changes.join(commits, on="sha", how="semi"))
    same = given.join(wanted, on=_SAME_PATHS, how="semi")
    return commits.join(same, on="sha", how="semi", maintain_order="left")


def _paths(changes: pl.DataFrame) -> pl.DataFrame:
    """Of each commit a number made of its paths, and how many they are."""
    return changes.group_by("sha").agg(pl.col("path").hash(seed=0).sum().alias("paths"), pl.len().alias("count"))


def _known(earlier: pl.DataFrame | None) -> pl.DataFrame:
    rows = PATCH.to_frame() if earlier is None else earlier
    return rows.filter(pl.col("patch_id").is_not_null()).select("sha", "patch_id").unique("sha", keep="first")


def _compared(side: Side, commits: pl.DataFrame, chosen: pl.DataFrame, known: pl.DataFrame) -> Patches:
    """The rows of one side, with the patch-ids of the commits chosen."""
    wanted = chosen.head(MOST_COMMITS)
    ids, unread = patch_ids(side.git, wanted.join(known, on="sha", how="anti", maintain_order="left")["sha"].to_list())
    read = pl.DataFrame({"sha": list(ids), "patch_id": list(ids.values())}, schema=_COMPARED)
    compared = pl.concat([known.join(wanted, on="sha", how="semi"), read])
    rows = commits.join(compared, on="sha", how="left", maintain_order="left")
    return Patches(rows, tuple(_gaps(chosen.height, unread)))


def _gaps(wanted: int, unread: int) -> Iterator[Gap]:
    if wanted > MOST_COMMITS:
        detail = f"only the newest {MOST_COMMITS:,} commits of a fork and of its upstream were compared"
        yield Gap("patch", "too_many", detail, wanted - MOST_COMMITS)
    if unread:
        yield Gap("patch", "unreadable", "git could not compare these commits of a fork", unread)
