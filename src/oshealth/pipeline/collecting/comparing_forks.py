"""Compare the most active forks of a repository with it, though nobody declared them.

Of each only what it does not share is fetched, and only the comparison is kept: its people are nobody's here.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

import polars as pl

from oshealth.collect.address import Mirrors, mirror_folder
from oshealth.collect.borrowing import Lender, borrowing, fetch_head, list_fork, own_commits
from oshealth.collect.commits import Reading
from oshealth.collect.errors import AddressError, ChildTimedOut, CollectError, Unreachable
from oshealth.collect.git_command import Git
from oshealth.collect.history import read_changes
from oshealth.collect.mirror import open_mirror
from oshealth.collect.patches import Side, read_patches
from oshealth.facts import PATCH, TABLES, Gap
from oshealth.pipeline.collecting.crawling import PASSING
from oshealth.pipeline.watched.found_forks import (
    LOOKED_AT_PER_WANTED,
    Found,
    candidates,
    keep_forks,
    kept_forks,
    shared_commits,
    watched_ids,
)
from oshealth.pipeline.watched.order import Order, Outcome
from oshealth.pipeline.watched.project import Project
from oshealth.sources import repository_id
from oshealth.store import FactsFolder, Ledger, StoreError

WHAT = "fork_divergence"
MOST_MEGABYTES, MOST_SECONDS = 256, 300
"""What one fork may cost: anybody can make one, of any size."""
_WORDS = {
    "gone": "Forks that could not be compared: they are gone, not public, or too large.",
    "unreachable": "Forks that could not be compared: they did not answer.",
    "refused": "Forks that were not compared: their address is none that is fetched from.",
    "unrelated": "Forks that could not be compared: they share no commit.",
}


def compare_forks(order: Order, url: str, wanted: int) -> Outcome:
    """Bring up to date how the most active forks of a repository differ from it. Nothing new costs no git."""
    project = order.project()
    upstream, store = repository_id(url), project.facts
    ledger = store.ledger(upstream)
    if ledger is None or ledger.head is None:
        return Outcome("forks", url, "unchanged", "there are no facts yet to compare with")
    before = kept_forks(project.data, url)
    comparing = _Comparing(order, project, url, ledger.head)
    looked: list[Found] = []
    for fork, pushed_at in candidates(url, store.read(upstream, "fork"), watched_ids(project.sources)):
        is_enough = sum(one.end == "own" for one in looked) >= wanted
        if is_enough or len(looked) >= wanted * LOOKED_AT_PER_WANTED:
            break
        looked.append(comparing.look(fork, pushed_at, before.get(fork)))
    if looked != list(before.values()):
        keep_forks(project.data, url, looked)
    _sweep(comparing.folder, looked)
    has_gaps = _land_gaps(store, upstream, looked, order.started_at)
    detail = _told(looked) if looked else _why_none(store.read(upstream, "gap"))
    return Outcome("forks", url, "done" if comparing.has_landed or has_gaps else "unchanged", detail)


@dataclass
class _Comparing:
    """One repository and its forks; what is read of it is read once, when first needed."""

    order: Order
    project: Project
    url: str
    head: str
    has_landed: bool = False
    _known: pl.DataFrame | None = None

    @property
    def folder(self) -> Path:
        """Where what its forks do not share with it is kept."""
        return self.project.mirror_folder / "forks" / mirror_folder(self.url)

    def look(self, fork: str, pushed_at: datetime | None, before: Found | None) -> Found:
        """Compare one fork, as far as it may have changed."""
        now = self.order.started_at
        if before and before.end == "own" and self.project.facts.ledger(repository_id(fork)) is None:
            before = None  # its facts are of an older schema
        is_quiet = before is not None and not before.is_due(pushed_at, now)
        if before and is_quiet and (before.end != "own" or before.upstream_head == self.head):
            return before
        seen = Found(fork, now, pushed_at, "gone", before.head if before else None)
        try:
            # Its upstream has moved; its objects may have been cleaned away.
            if before and is_quiet and self._git(fork).directory.exists():
                return self._compared(before)
            return self._fetched(seen, before)
        except (AddressError, StoreError):
            return replace(seen, end="refused")
        except CollectError as error:
            if not isinstance(error, (ChildTimedOut, Unreachable)) and not PASSING.search(str(error)):
                return seen
            # What was compared before stands until it answers again.
            return before if before and before.end == "own" else replace(seen, end="unreachable")

    def _fetched(self, seen: Found, before: Found | None) -> Found:
        git = self._git(seen.url)
        remote = list_fork(seen.url, git, Mirrors.parse(self.order.mirrors), self.project.sources.host)
        head = remote.refs.head
        if head is None or head in self._lender.shas:
            return replace(seen, end="same", head=head)
        if before and before.end == "own" and (before.head, before.upstream_head) == (head, self.head):
            return replace(before, looked_at=seen.looked_at, pushed_at=seen.pushed_at)
        if not (before and before.head == head and git.directory.exists()):
            fetch_head(git, remote)
        return self._compared(replace(seen, head=head))

    def _compared(self, seen: Found) -> Found:
        """Land what a fork has of its own; its objects are here."""
        upstream, fork = self._upstream, repository_id(seen.url)
        git = self._git(seen.url)
        reading = Reading(fork, b"", self.order.started_at)
        own = own_commits(git, seen.head or "", self._lender, reading)
        shared = shared_commits(own, seen.head, upstream.commits)
        if shared.is_empty():
            return replace(seen, end="unrelated")
        if own.is_empty():
            return replace(seen, end="same")
        single = own.filter(pl.col("parents").list.len() <= 1)["sha"].to_list()
        side = Side(git, pl.concat([own, shared]), read_changes(git, single, fork).frame)
        patches = read_patches(fork, side, upstream, self._patches_known(fork))
        kept = patches.frame.filter((pl.col("side") == "fork") | pl.col("patch_id").is_not_null())
        self._known = pl.concat([self._patches_known(fork), kept])
        ledger = Ledger(
            fork, seen.url, self.order.started_at, "ok", head=seen.head, fingerprint=f"compared {seen.head}"
        )
        frames = {"commit": own, "patch": kept, "gap": _frame(fork, patches.gaps)}
        self.project.facts.write(ledger, frames)
        self.has_landed = True
        return replace(seen, end="own", upstream_head=self.head)

    @cached_property
    def _upstream(self) -> Side:
        name, project = repository_id(self.url), self.project
        opened = open_mirror(self.url, project.mirror_folder, project.child_limits, project.sources.host)
        return Side(opened.git, project.facts.read(name, "commit"), project.facts.read(name, "change"))

    @cached_property
    def _lender(self) -> Lender:
        return Lender(self._upstream.git.directory, self.head, frozenset(self._upstream.commits["sha"]))

    def _patches_known(self, fork: str) -> pl.DataFrame:
        """Patch-ids that need not be read again: the fork's own, and the upstream's that another fork asked for."""
        earlier = self.project.facts.read(fork, "patch")
        return pl.concat([PATCH.to_frame() if self._known is None else self._known, earlier])

    def _git(self, fork: str) -> Git:
        given = self.project.child_limits
        limits = replace(
            given, seconds=min(given.seconds, MOST_SECONDS), file_bytes=min(given.file_bytes, MOST_MEGABYTES << 20)
        )
        return borrowing(self.folder / mirror_folder(fork), self._lender, limits)


def _sweep(folder: Path, looked: list[Found]) -> None:
    """Remove the objects of forks that are no longer compared."""
    kept = {mirror_folder(one.url) for one in looked if one.end == "own"}
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)


def _land_gaps(store: FactsFolder, upstream: str, looked: list[Found], now: datetime) -> bool:
    before = store.read(upstream, "gap")
    mine = pl.col("what") == WHAT
    frame = pl.concat([before.filter(~mine), _frame(upstream, tuple(_gaps(store, looked)))])
    if frame.filter(mine).equals(before.filter(mine)):
        return False
    store.add(upstream, {"gap": frame}, now)
    return True


def _gaps(store: FactsFolder, looked: list[Found]) -> Iterator[Gap]:
    for end, detail in _WORDS.items():
        if count := sum(one.end == end for one in looked):
            yield Gap(WHAT, end, detail, count)
    own = [store.read(repository_id(one.url), "gap") for one in looked if one.end == "own"]
    if rows := [row for frame in own for row in frame.drop("repository").iter_rows(named=True)]:
        detail = "Commits of forks that could not all be compared: they are too many, or git cannot read them."
        yield Gap(WHAT, "not_compared", detail, sum(row["count"] or 0 for row in rows))


def _frame(repository: str, gaps: tuple[Gap, ...]) -> pl.DataFrame:
    rows = [(repository, gap.what, gap.reason, gap.detail, gap.count) for gap in gaps]
    return pl.DataFrame(rows, schema=TABLES["gap"], orient="row")


def _why_none(gaps: pl.DataFrame) -> str:
    why = gaps.filter(pl.col("what").is_in(["fork", "forge"]))["detail"]
    return f"no fork is known: {why[0]}" if len(why) else "no fork has changed since it was made"


def _told(looked: list[Found]) -> str:
    own, same = (sum(one.end == end for one in looked) for end in ("own", "same"))
    other = len(looked) - own - same
    parts = [f"{own} compared"] + ([f"{same} with nothing of their own"] if same else [])
    return ", ".join(parts + ([f"{other} not to be had"] if other else []))
