"""The branches of a repository: a fork's deployments are its branches."""

from collections.abc import Iterator
from concurrent.futures import Executor
from itertools import repeat

import polars as pl

from oshealth.collect.commits import moment_of
from oshealth.collect.errors import CollectError
from oshealth.collect.git_command import Git
from oshealth.collect.releases import Known
from oshealth.facts import BRANCH, Gap

_FORMAT = "--format=%(refname)%00%(objectname)%00%(objecttype)%00%(committerdate:unix)"
_MOST_COUNTED = 500

Counts = tuple[int | None, int | None]


def read_branches(git: Git, known: Known, default: str | None, pool: Executor | None = None) -> pl.DataFrame:
    """The rows of `facts.BRANCH`.

    Args:
        git: where the refs are.
        known: the repository's id, head and the moment of the crawl.
        default: the name of the default branch.
        pool: count what each branch has that the default branch lacks, and the reverse; without one, neither.
    """
    rows = list(_branches(git, known, default))
    counted = rows[:_MOST_COUNTED] if pool else []
    counts = (
        pool.map(_ahead_and_behind, repeat(git), repeat(known.head), [row["sha"] for row in counted]) if pool else ()
    )
    for row, (ahead, behind) in zip(counted, counts, strict=True):
        row.update(ahead_count=ahead, behind_count=behind)
    return pl.DataFrame(rows, schema=BRANCH)


def branch_gaps(branches: pl.DataFrame) -> list[Gap]:
    """What was asked for and not counted."""
    uncounted = branches["ahead_count"].null_count()
    detail = f"branches beyond the first {_MOST_COUNTED}, or that git could not compare, were not compared"
    return [Gap("branch", "not_compared", detail, uncounted)] if uncounted else []


def _branches(git: Git, known: Known, default: str | None) -> Iterator[dict[str, object]]:
    for line in git.run("for-each-ref", _FORMAT, "refs/heads/").splitlines():
        ref, sha, kind, seconds = line.split(b"\0")
        name = ref.removeprefix(b"refs/heads/").decode(errors="backslashreplace")
        if kind == b"commit":
            yield {
                "repository": known.repository,
                "name": name,
                "sha": sha.decode(),
                "is_default": name == default,
                "committed_at": moment_of(seconds, known.crawled_at),
            }


def _ahead_and_behind(git: Git, head: str, sha: object) -> Counts:
    if sha == head:
        return 0, 0
    try:
        output = git.run("rev-list", "--left-right", "--count", f"{sha}...{head}", "--")
    except CollectError:
        return None, None
    ahead, behind = output.split()
    return int(ahead), int(behind)
