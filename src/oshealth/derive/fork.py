"""A fork beside its upstream."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

NOT_A_FORK = "sources.toml does not say of what it is a fork (`fork_of`)"
NOT_COMPARED = "its upstream's history was not there to compare with"


@dataclass(frozen=True)
class Fork:
    """What a fork and its upstream do not share, merges left out."""

    upstream: str
    is_declared: bool
    """Whether sources.toml names it; else its forge did."""
    ahead: int
    """commits that the upstream lacks"""
    behind: int
    """commits that the fork lacks"""
    own_patches: frozenset[str]
    upstream_patches: frozenset[str]
    """patch-ids of the upstream's commits, of those that may be the same as one of the fork's own"""
    newest_shared_at: datetime | None
    """When the newest commit that both have became known."""
    not_compared: int
    """own commits without a patch-id: they change nothing, or were too many"""

    @property
    def evidence(self) -> dict[str, object]:
        """What stands behind every measure of a fork."""
        return {"upstream": self.upstream, "is_declared": self.is_declared}


def fork_of(upstream: str, all_commits: pl.DataFrame, patches: pl.DataFrame, *, is_declared: bool = True) -> Fork:
    """`all_commits` and `patches` (rows of `facts.PATCH`) as known on the day."""
    single = all_commits.filter(~pl.col("is_merge"))
    own = single.filter(~pl.col("is_inherited"))
    newest = all_commits.filter(pl.col("is_inherited"))["known_at"].max()
    side, ours = pl.col("side"), patches.filter(pl.col("side") == "fork")
    return Fork(
        upstream=upstream,
        is_declared=is_declared,
        ahead=own.height,
        behind=patches.filter(side == "upstream").height,
        own_patches=frozenset(ours["patch_id"].drop_nulls()),
        upstream_patches=frozenset(patches.filter(side != "fork")["patch_id"].drop_nulls()),
        newest_shared_at=newest if isinstance(newest, datetime) else None,
        not_compared=own.height - ours["patch_id"].drop_nulls().len(),
    )
