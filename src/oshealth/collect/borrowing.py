"""A fork's default branch in a bare repository that borrows its upstream's objects: only what is its own is fetched."""

import os
import shutil
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from oshealth.collect import commits
from oshealth.collect.address import Mirrors, check_address
from oshealth.collect.child import Limits
from oshealth.collect.errors import ChildFailed, CollectError
from oshealth.collect.git_command import Git
from oshealth.collect.opened import make_bare
from oshealth.collect.overlay import quoted
from oshealth.collect.transfer import Remote, fetch, list_remote
from oshealth.facts import COMMIT
from oshealth.sources import Host

_NAMED = ("author_alias", "committer_alias", "coauthor_aliases")


@dataclass(frozen=True)
class Lender:
    """The mirror of an upstream, and the commits that were read of it."""

    mirror: Path
    head: str
    shas: Collection[str]


def borrowing(directory: Path, lender: Lender, limits: Limits) -> Git:
    """Git on a fork's own folder, with the lender's objects to read from; the folder need not be there yet."""
    git = Git(directory.absolute(), limits=limits)
    objects = quoted(os.path.realpath(lender.mirror / "objects"))
    # A commit-graph in the mirror is our own: it is no stranger's that could tell other parents.
    return replace(git, environment={**git.environment, "GIT_ALTERNATE_OBJECT_DIRECTORIES": objects})


def list_fork(url: str, git: Git, mirrors: Mirrors, hosts: tuple[Host, ...]) -> Remote:
    """What a fork offers.

    Raises:
        AddressError: the address may not be fetched from.
        CollectError: it cannot be had.
    """
    return list_remote(git, mirrors.place(check_address(url, hosts)), hosts)


def fetch_head(git: Git, remote: Remote) -> None:
    """Bring the fork's default branch here. A folder that git cannot work with any more is made anew, once.

    Raises:
        CollectError: it cannot be had.
    """
    name = remote.refs.head_ref
    if name is None or name not in remote.refs.tips:
        raise CollectError("its default branch has no name")
    is_new = not git.directory.exists()
    git.directory.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    make_bare(git.directory, remote.refs.object_format)
    try:
        fetch(git, remote, [name])
    except ChildFailed:
        shutil.rmtree(git.directory, ignore_errors=True)
        if is_new:
            raise
        fetch_head(git, remote)


def own_commits(git: Git, head: str, lender: Lender, reading: commits.Reading) -> pl.DataFrame:
    """COMMIT rows of what the fork has and its upstream lacks, merges too. Nobody is named: no alias stands in them."""
    columns = commits.read_log(git, head, f"^{lender.head}")
    if not columns[0]:
        return COMMIT.to_frame()
    rows = commits.parse_commits(columns, reading).commits
    nobody = [pl.lit(None, dtype=COMMIT[name]).alias(name) for name in _NAMED]
    return rows.with_columns(nobody).filter(~pl.col("sha").is_in(list(lender.shas)))
