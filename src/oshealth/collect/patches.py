"""Which changes a fork and its upstream both made, told by patch-id, among the commits that they do not share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from oshealth.collect.errors import CollectError
from oshealth.collect.git_command import Git
from oshealth.facts import PATCH, Gap

MOST_COMMITS = 3_000
"""Of each side, the newest: a patch-id needs the whole diff."""
_BATCH = 100
_COMPARED = {name: PATCH[name] for name in ("sha", "patch_id")}
_DIFF = ("diff-tree", "--stdin", "-p", "--root", "-r", "--no-ext-diff", "--no-textconv", "--no-color")


@dataclass(frozen=True)
class Side:
    """A fork, or its upstream: where its objects are, and its rows of `facts.COMMIT`."""

    git: Git
    commits: pl.DataFrame


@dataclass(frozen=True)
class Patches:
    """Rows of `facts.PATCH`, and what could not be compared."""

    frame: pl.DataFrame
    gaps: tuple[Gap, ...] = ()


def read_patches(repository: str, fork: Side, upstream: Side) -> Patches:
    """Compare a fork with its upstream. `repository` is the fork's id; merges are left out."""
    sides = [(fork, _unshared(fork, upstream), False), (upstream, _unshared(upstream, fork), True)]
    frames, gaps = [], []
    for side, commits, is_upstream in sides:
        if commits.height > MOST_COMMITS:
            gaps.append(_too_many(commits.height - MOST_COMMITS, is_upstream=is_upstream))
        chosen = commits.head(MOST_COMMITS)
        ids, unread = patch_ids(side.git, chosen["sha"].to_list())
        if unread:
            gaps.append(Gap("patch", "unreadable", "git could not compare these commits of a fork", unread))
        rows = pl.DataFrame({"sha": list(ids), "patch_id": list(ids.values())}, schema=_COMPARED)
        known = commits.join(rows, on="sha", how="left", maintain_order="left")
        constants = pl.lit(repository).alias("repository"), pl.lit(is_upstream).alias("is_upstream")
        frames.append(known.with_columns(constants).select(PATCH.names()))
    return Patches(pl.concat(frames), tuple(gaps))


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


def _unshared(one: Side, other: Side) -> pl.DataFrame:
    """The commits without merges that the other side lacks, the newest first."""
    single = one.commits.filter(pl.col("parents").list.len() <= 1).select("sha", "known_at")
    return single.join(other.commits.select("sha"), on="sha", how="anti").sort("known_at", "sha", descending=True)


def _too_many(count: int, *, is_upstream: bool) -> Gap:
    whose = "the upstream" if is_upstream else "the fork"
    detail = f"only the newest {MOST_COMMITS:,} commits that {whose} has alone were compared"
    return Gap("patch", "too_many", detail, count)
