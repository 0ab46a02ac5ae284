"""The second pass over a history: which paths each commit changed, by `git diff-tree` on every core."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import repeat

import polars as pl

from oshealth.collect.errors import ChildFailed, CollectError
from oshealth.collect.git_command import Git
from oshealth.collect.path_text import ESCAPED, path_text
from oshealth.facts import CHANGE, Gap

_DIFF = ("diff-tree", "--stdin", "-z", "--root", "-r", "--raw", "--no-abbrev", "--no-ext-diff", "--no-textconv")
_BLOCK = 256
_JOBS_PER_CORE = 2
_MOST_RETRIES = 200
_SUBMODULE = "160000"


@dataclass(frozen=True)
class Changes:
    """The rows of `facts.CHANGE`, and what could not be read."""

    frame: pl.DataFrame
    gaps: tuple[Gap, ...] = ()


@dataclass
class _Lists:
    """The columns while they grow."""

    shas: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    old_paths: list[str | None] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    modes: list[str] = field(default_factory=list)
    added: list[int | None] = field(default_factory=list)
    deleted: list[int | None] = field(default_factory=list)


def core_count() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def read_changes(git: Git, shas: Sequence[str], repository: str, *, with_lines: bool = False) -> Changes:
    """What each commit changed against its first parent, or against nothing.

    Args:
        git: where the objects are.
        shas: the commits, without merges; rows come in their order.
        repository: what the column of that name says.
        with_lines: count added and deleted lines; this reads every blob, and takes five times as long.
    """
    with ThreadPoolExecutor(core_count()) as pool:
        return gather_changes(start_changes(git, shas, pool, with_lines=with_lines), repository)


Job = tuple[tuple[str, ...], bytes, tuple[Gap, ...]]
"""The commits of a job, what git printed of them, and what it could not."""


Jobs = Iterator[Job]


def start_changes(git: Git, shas: Sequence[str], pool: Executor, *, with_lines: bool = False) -> Jobs:
    """Start reading in blocks, which other repositories may share a pool for."""
    jobs = deal(shas, core_count() * _JOBS_PER_CORE)
    return pool.map(_read_job, repeat(git), jobs, repeat(with_lines))


def deal(shas: Sequence[str], job_count: int) -> list[tuple[str, ...]]:
    """Deal commits like cards, in blocks: neighbours share trees, and old and new commits cost differently."""
    blocks = [tuple(shas[start : start + _BLOCK]) for start in range(0, len(shas), _BLOCK)]
    return [tuple(sha for block in blocks[n::job_count] for sha in block) for n in range(min(job_count, len(blocks)))]


def gather_changes(jobs: Jobs, repository: str) -> Changes:
    """Wait for the blocks and make them rows."""
    frames: list[pl.DataFrame] = []
    gaps: list[Gap] = []
    for _, output, job_gaps in jobs:
        frames.append(parse_changes(output, repository))
        gaps.extend(job_gaps)
    frame = pl.concat(frames) if frames else CHANGE.to_frame()
    escaped = frame.filter(pl.col("path").str.contains(ESCAPED)).height
    if escaped:
        gaps.append(Gap("change", "invalid_encoding", "paths that are not UTF-8, kept with escapes", escaped))
    once = _once(frame)
    if repeated := frame.height - once.height:
        gaps.append(Gap("change", "duplicate_entries", "paths that a tree names twice, kept once", repeated))
    return Changes(once, tuple(summed(gaps)))


def _once(frame: pl.DataFrame) -> pl.DataFrame:
    """A row for each commit and path, though a tree that no honest git writes may name a path twice."""
    keys = frame.select(pl.col("sha").hash() ^ pl.col("path").hash(1)).to_series()
    return frame if keys.n_unique() == frame.height else frame.unique(["sha", "path"], keep="last", maintain_order=True)


def parse_changes(output: bytes, repository: str) -> pl.DataFrame:
    """What git printed with -z: a commit, then for each path its raw line, and a line of counts if asked for."""
    lists = _Lists()
    tokens = iter(path_text(output).split("\0"))
    sha, counted = "", 0
    for token in tokens:
        if token[:1] == ":":
            kind = token[token.rindex(" ") + 1]
            lists.shas.append(sha)
            lists.modes.append(token)
            lists.kinds.append(kind)
            lists.old_paths.append(next(tokens) if kind in "RC" else None)
            lists.paths.append(next(tokens))
        elif "\t" in token:
            counted = _count_lines(lists, token, tokens, counted)
        elif token:
            sha = token
            counted = len(lists.paths)
    return _frame(lists, repository)


def _count_lines(lists: _Lists, token: str, tokens: Iterator[str], row: int) -> int:
    """Put one line of counts beside its path: they come in the same order, though some paths have none."""
    added, deleted, path = token.split("\t", 2)
    if not path:
        next(tokens)
        path = next(tokens)
    while row < len(lists.paths) and lists.paths[row] != path:
        row += 1
    if row < len(lists.paths) and added != "-":
        missing = row - len(lists.added)
        lists.added += [*repeat(None, missing), int(added)]
        lists.deleted += [*repeat(None, missing), int(deleted)]
    return row + 1


def _frame(lists: _Lists, repository: str) -> pl.DataFrame:
    count = len(lists.paths)
    for column in (lists.added, lists.deleted):
        column.extend(repeat(None, count - len(column)))
    modes = pl.Series(lists.modes, dtype=pl.String)
    is_submodule = modes.str.contains(_SUBMODULE, literal=True) if count else pl.Series([], dtype=pl.Boolean)
    if is_submodule.any():
        is_submodule = modes.str.contains(f"^:({_SUBMODULE} |[0-7]+ {_SUBMODULE})")
    columns = {
        "repository": pl.repeat(repository, count, dtype=pl.String, eager=True),
        "sha": lists.shas,
        "path": lists.paths,
        "old_path": lists.old_paths,
        "kind": lists.kinds,
        "is_submodule": is_submodule,
        "added_lines": lists.added,
        "deleted_lines": lists.deleted,
    }
    return pl.DataFrame(columns, schema=CHANGE)


def _read_job(git: Git, shas: tuple[str, ...], with_lines: bool) -> Job:
    detection = ("-M", *(("--numstat",) if with_lines else ()))
    try:
        return shas, _diff(git, shas, detection), ()
    except ChildFailed:
        return _read_damaged(git, shas)


def _read_damaged(git: Git, shas: tuple[str, ...]) -> Job:
    """Where objects are missing: exact renames need no blobs; where trees are missing too, commits are left out."""
    detail = "objects are missing: renames are known only where the content stayed the same"
    gaps = [Gap("change", "missing_objects", detail)]
    outputs, unread = [], 0
    waiting, retries = [shas], 0
    while waiting:
        part = waiting.pop()
        try:
            outputs.append(_diff(git, part, ("-M100%",)))
        except ChildFailed:
            retries += 1
            if len(part) == 1 or retries > _MOST_RETRIES:
                unread += len(part)
            else:
                middle = len(part) // 2
                waiting += [part[middle:], part[:middle]]
    if unread:
        gaps.append(
            Gap("change", "missing_trees", "objects are missing: what these commits changed is unknown", unread)
        )
    return shas, b"".join(outputs), tuple(gaps)


def _diff(git: Git, shas: Sequence[str], detection: tuple[str, ...]) -> bytes:
    output = git.run(*_DIFF, *detection, stdin="\n".join([*shas, ""]).encode())
    if output and not output.endswith(b"\0"):
        raise CollectError("git diff-tree printed a change that cannot be read")
    return output


def summed(gaps: Sequence[Gap]) -> list[Gap]:
    """One gap for each reason, however often it was met."""
    found: dict[tuple[str, str], Gap] = {}
    for gap in gaps:
        before = found.get((gap.what, gap.reason))
        count = gap.count if before is None or before.count is None else before.count + (gap.count or 0)
        found[gap.what, gap.reason] = Gap(gap.what, gap.reason, gap.detail, count)
    return list(found.values())
