"""From a repository opened for reading to its facts: everything that git alone can tell."""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from oshealth.collect import commits, history, tree
from oshealth.collect.branches import branch_gaps, read_branches
from oshealth.collect.documents import documents_of
from oshealth.collect.earlier import Earlier, borrow, earlier_facts
from oshealth.collect.errors import ChildFailed, CollectError
from oshealth.collect.manifests.batch import read_manifests
from oshealth.collect.opened import Opened, reason_of, status_of_failure
from oshealth.collect.releases import Known, read_changelog, read_tags
from oshealth.collect.texts import manifests_at, read_texts, submodules_at, wanted_texts
from oshealth.facts import ALIAS, GAP, STATUS_MEANING, TABLES, Gap, Status
from oshealth.store import FactsFolder, Ledger, PrivateFolder

_READER = "4"
"""Raised when facts are read otherwise than before, though their tables stayed the same."""

_TABLES = ("commit", "change", "file", "text", "release", "branch", "document", "gap")
"""What is always read; `dependency` where it is asked for. The other tables are made from these."""

_KEPT_GAP = "history_rewritten"


@dataclass(frozen=True)
class Request:
    """What a crawl is asked for."""

    repository: str
    url: str
    key: bytes
    crawled_at: datetime
    tag_pattern: str | None = None
    manifests_at: datetime | None = None
    """The end of the tree whose manifests are read, exclusive; the last one unless given."""
    with_lines: bool = False
    with_dependencies: bool = False
    with_branch_counts: bool = False

    @property
    def options(self) -> str:
        """A digest of all that changes what is read, besides moments: of another day only the manifests differ."""
        key = hmac.digest(self.key, b"options", "sha256").hex()[:16]
        asked = (self.tag_pattern, self.with_lines, self.with_dependencies, self.with_branch_counts)
        return hashlib.sha256(f"{_READER} {key} {asked}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Collected:
    """The facts of one repository in memory."""

    frames: dict[str, pl.DataFrame]
    aliases: pl.DataFrame
    status: Status
    detail: str = ""
    is_grown: bool = False
    """Whether the rows of `change` are only those that the earlier crawl lacks."""


def crawl(
    opened: Opened, request: Request, store: FactsFolder, private: PrivateFolder, lenders: Sequence[str] = ()
) -> Ledger:
    """Read what is new in a repository and land it. Nothing new costs a ledger and no git.

    Args:
        opened: the repository.
        request: what is asked for.
        store: where the facts are, and will be.
        private: where the names behind aliases are kept.
        lenders: repositories that share commits with this one, as forks do; their changes are used again.

    Returns:
        The ledger. A repository that cannot be read keeps the rows that it had, with a gap.
    """
    previous = store.ledger(request.repository)
    ledger = _begun(opened, request, previous)
    if (
        previous
        and not previous.is_stale
        and previous.fingerprint == ledger.fingerprint
        and _is_settled(store, previous)
    ):
        known = replace(ledger, status=previous.status, detail=previous.detail)
        return store.write(known, {}, carry=previous.files)
    collected = collect_frames(opened, request, _earlier(store, request, lenders))
    ledger = replace(ledger, status=collected.status, detail=collected.detail)
    if not collected.frames:
        return store.write_unread(ledger)
    # The names first: facts that landed are not read again, so that names left out then would be missing for good.
    private.write_aliases(request.repository, request.crawled_at, collected.aliases)
    return _land(store, ledger, collected)


def _begun(opened: Opened, request: Request, previous: Ledger | None) -> Ledger:
    """The ledger as it stands before anything is read."""
    refs = opened.digest
    is_same = previous is not None and previous.fingerprint.partition(" ")[0] == refs
    manifests_at = request.manifests_at.isoformat() if request.manifests_at else "newest"
    return Ledger(
        request.repository,
        request.url,
        request.crawled_at,
        opened.status,
        opened.detail,
        opened.head,
        opened.default_branch,
        fingerprint=f"{refs} {manifests_at} {request.options}",
        refs_at=previous.refs_at if previous and is_same else request.crawled_at,
        manifests_at=request.manifests_at,
    )


def _land(store: FactsFolder, ledger: Ledger, collected: Collected) -> Ledger:
    """Write what was read; tables that others made from an earlier crawl stand, and what they could not know."""
    previous = store.ledger(ledger.repository)
    carried = sorted(previous.files.keys() - collected.frames.keys()) if previous else []
    gaps = store.read(ledger.repository, "gap").filter(pl.col("what").is_in(carried))
    frames = collected.frames | {"gap": pl.concat([collected.frames["gap"], gaps])}
    return store.write(ledger, frames, append=["change"] if collected.is_grown else [], carry=carried)


def collect_frames(opened: Opened, request: Request, earlier: Earlier | None = None) -> Collected:
    """The same in memory; no frames where the repository cannot be read."""
    if opened.head is None and opened.status not in {"empty", "unborn"}:
        return Collected({}, ALIAS.to_frame(), opened.status, opened.detail)
    try:
        with ThreadPoolExecutor(history.core_count()) as pool:
            return _Collector(opened, request, earlier or Earlier(), pool).collect()
    except CollectError as error:
        # What it says is published, and where the mirror lies is nobody's business.
        why = reason_of(error).replace(str(opened.git.directory), request.url)
        return Collected({}, ALIAS.to_frame(), status_of_failure(error), f"Git could not read the history: {why}.")


class _Collector:
    """One reading, its steps sharing what they know."""

    def __init__(self, opened: Opened, request: Request, earlier: Earlier, pool: Executor) -> None:
        self._opened = opened
        self._git = opened.git
        self._request = request
        self._earlier = earlier
        self._pool = pool
        self._gaps: list[Gap] = []

    def collect(self) -> Collected:
        head = self._opened.head
        if head is None:
            frames = {table: TABLES[table].to_frame() for table in (*_TABLES, "dependency")}
            if self._opened.tips:  # the mirror of a repository that was emptied has branches, or is not there
                frames["branch"] = self._branches(self._known("", frames["commit"]), None)
            return Collected(frames, ALIAS.to_frame(), self._opened.status, self._opened.detail)
        earlier, grown = self._usable(head)
        new = f"{earlier.head}..{head}" if grown else head
        log = self._pool.submit(commits.read_log, self._git, head)
        walk = self._pool.submit(self._git.run, *tree.LOG, new, "--")
        columns = log.result()
        jobs, borrowed = self._start(commits.non_merges(columns), earlier, grown)
        reading = commits.Reading(self._request.repository, self._request.key, self._request.crawled_at)
        metadata = commits.parse_commits(columns, reading)
        self._gaps += metadata.gaps
        files = self._files(walk, metadata.commits, head, earlier if grown else None)
        frames = {"commit": metadata.commits, "file": files, "document": documents_of(files)}
        known = self._known(head, metadata.commits)
        frames["branch"] = self._branches(known, self._opened.default_branch)
        frames |= self._contents(frames, earlier)
        tags = self._spared("release", lambda: read_tags(self._git, known, self._request.tag_pattern))
        changes = history.gather_changes(jobs, self._request.repository)
        frames["change"] = pl.concat([borrowed, changes.frame])
        self._gaps += changes.gaps
        whole = pl.concat([earlier.rows["change"], frames["change"]]) if grown else frames["change"]
        headings = self._spared("release", lambda: read_changelog(self._git, known, {**frames, "change": whole}))
        frames["release"] = pl.concat([tags, headings])
        frames["gap"] = self._gap_frame(earlier if grown else None)
        return self._collected(frames, metadata.aliases, grown)

    def _usable(self, head: str) -> tuple[Earlier, bool]:
        """Whether the history only grew. One that was rewritten is read anew, but commits that stayed are not."""
        earlier = self._earlier
        if earlier.head is None or not earlier.rows:
            return earlier, False
        if earlier.head == head or _is_ancestor(self._opened, earlier.head, head):
            return earlier, True
        gaps = earlier.rows["gap"].filter(pl.col("reason") == _KEPT_GAP)
        count = 1 + sum(gaps["count"].drop_nulls().to_list())
        self._gaps.append(
            Gap("commit", _KEPT_GAP, "the default branch was rewritten: its history was read anew", count)
        )
        kept = frozenset(earlier.rows["commit"].filter(pl.col("parents").list.len() < 2)["sha"])
        lent = [*earlier.lent, earlier.rows["change"].filter(~pl.col("sha").is_in(list(earlier.lent_shas)))]
        return replace(earlier, lent=lent, lent_shas=earlier.lent_shas | kept), False

    def _start(self, shas: Sequence[str], earlier: Earlier, grown: bool) -> tuple[history.Jobs, pl.DataFrame]:
        """Start reading the changes that nobody knows yet, and borrow the others."""
        known = set(earlier.rows["commit"]["sha"]) if grown else set()
        boundary = self._opened.boundary
        if boundary:
            detail = "commits at the boundary of a shallow clone: what they changed is unknown"
            self._gaps.append(Gap("change", "shallow_boundary", detail, len(boundary)))
        wanted = [sha for sha in shas if sha not in known and sha not in boundary]
        borrowed = [sha for sha in wanted if sha in earlier.lent_shas]
        unread = [sha for sha in wanted if sha not in earlier.lent_shas] if borrowed else wanted
        jobs = history.start_changes(self._git, unread, self._pool, with_lines=self._request.with_lines)
        return jobs, borrow(earlier.lent, borrowed, self._request.repository)

    def _files(self, walk: Future[bytes], rows: pl.DataFrame, head: str, earlier: Earlier | None) -> pl.DataFrame:
        repository = self._request.repository
        try:
            if earlier is None:
                return tree.files_of(walk.result(), rows, repository)
            is_on_line = bool(rows.filter("is_first_parent")["sha"].is_in([earlier.head]).any())
            grown = tree.extend_files(walk.result(), rows, earlier.rows["file"]) if is_on_line else None
            return tree.read_files(self._git, head, rows, repository) if grown is None else grown
        except ChildFailed:
            detail = "objects are missing: of the files only the last tree is known, since its commit"
            self._gaps.append(Gap("file", "missing_trees", detail))
            return self._spared("file", lambda: tree.read_last_files(self._git, head, rows, repository))

    def _spared(self, table: str, read: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """A table, or none of its rows where objects that it needs are missing, or it is more than can be read."""
        try:
            return read()
        except ChildFailed:
            self._gaps.append(Gap(table, "missing_objects", "objects are missing: not everything could be read"))
        except CollectError as error:
            status = status_of_failure(error)
            self._gaps.append(Gap(table, status, f"not read: {STATUS_MEANING[status]}"))
        return TABLES[table].to_frame()

    def _contents(self, frames: Mapping[str, pl.DataFrame], earlier: Earlier) -> dict[str, pl.DataFrame]:
        """The texts, and the dependencies that stand in them."""
        moment = self._request.manifests_at
        moments = [None] if moment is None else [None, moment]
        wanted = wanted_texts(frames["file"], frames["document"], moments)
        texts, gaps = read_texts(self._git, wanted, self._request.repository, earlier.rows.get("text"))
        self._gaps += gaps
        contents = {"text": texts}
        if self._request.with_dependencies:
            by_path = manifests_at(frames["file"], texts, moment)
            submodules = submodules_at(frames["file"], moment)
            name = self._request.repository
            contents["dependency"], gaps = read_manifests(by_path, repository=name, submodules=submodules)
            self._gaps += gaps
        return contents

    def _branches(self, known: Known, default: str | None) -> pl.DataFrame:
        is_counted = self._request.with_branch_counts and known.head
        branches = read_branches(self._git, known, default, self._pool if is_counted else None)
        self._gaps += branch_gaps(branches) if is_counted else []
        return branches

    def _known(self, head: str, rows: pl.DataFrame) -> Known:
        return Known(self._request.repository, head, rows, self._request.crawled_at)

    def _gap_frame(self, earlier: Earlier | None) -> pl.DataFrame:
        """All gaps; those of changes read before, and that a history was once rewritten, still stand."""
        gaps = list(self._gaps)
        if earlier:
            of_changes = (pl.col("what") == "change") | (pl.col("reason") == _KEPT_GAP)
            kept = earlier.rows["gap"].filter(of_changes).drop("repository")
            gaps += [Gap(**row) for row in kept.iter_rows(named=True) if row["reason"] != "shallow_boundary"]
        summed = history.summed(gaps)
        rows = [(self._request.repository, gap.what, gap.reason, gap.detail, gap.count) for gap in summed]
        return pl.DataFrame(rows, schema=GAP, orient="row").sort("what", "reason")

    def _collected(self, frames: dict[str, pl.DataFrame], aliases: pl.DataFrame, grown: bool) -> Collected:
        status, detail = self._opened.status, self._opened.detail
        missing = frames["gap"].filter(pl.col("reason").is_in(["missing_objects", "missing_trees"]))
        if status == "ok" and not missing.is_empty():
            status, detail = "partial", "Objects are missing: what could be read was kept."
        return Collected(frames, aliases, status, detail, grown)


def _earlier(store: FactsFolder, request: Request, lenders: Sequence[str]) -> Earlier:
    usable_lenders = [] if request.with_lines else lenders
    return earlier_facts(store, request.repository, request.options, usable_lenders)


def _is_settled(store: FactsFolder, ledger: Ledger) -> bool:
    """Whether no date waits to be judged again: one that lies in the future today may not tomorrow."""
    return store.read(ledger.repository, "gap").filter(pl.col("reason") == "invalid_date").is_empty()


def _is_ancestor(opened: Opened, old: str, new: str) -> bool:
    try:
        return not opened.git.run("rev-list", "-1", old, f"^{new}", "--")
    except CollectError:
        return False
