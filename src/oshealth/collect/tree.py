"""Which files the default branch held when: the tree at every moment, from one walk along its first parents."""

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from oshealth.collect.errors import CollectError
from oshealth.collect.git_command import Git
from oshealth.collect.path_text import path_text
from oshealth.facts import FILE, MOMENT

LOG = (
    "log",
    "--first-parent",
    "-m",
    "--root",
    "--raw",
    "--no-renames",
    "-z",
    "--no-abbrev",
    "--reverse",
    "--format=%H",
)
"""The command; a commit or a range follows, then `--`."""

_SYMLINK, _SUBMODULE = "120000", "160000"
_ROW = pl.Schema({"sha": pl.String, "path": pl.String, "mode": pl.String, "blob": pl.String})
_CONTENT = ("blob", "is_symlink", "is_submodule")
_EVENT = pl.Schema({"path": pl.String(), "at": MOMENT, **{name: FILE[name] for name in _CONTENT}})


def read_files(git: Git, head: str, commits: pl.DataFrame, repository: str) -> pl.DataFrame:
    """The rows of `facts.FILE`.

    The tree at t is that of `git rev-list -1 --first-parent --before=t`. So a commit whose successors on the line bear
    earlier dates was in effect from the earliest of theirs; invalid dates are replaced as in `commits.known_at`.

    Args:
        git: where the objects are.
        head: the last commit of the default branch.
        commits: the rows of `facts.COMMIT` up to head.
        repository: what the column of that name says.
    """
    return files_of(git.run(*LOG, head, "--"), commits, repository)


def read_last_files(git: Git, head: str, commits: pl.DataFrame, repository: str) -> pl.DataFrame:
    """The last tree alone, as if its files had come with its commit: where trees before it are missing."""
    nothing = git.run("hash-object", "-t", "tree", "--stdin").decode().strip()
    entries = git.run("diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", nothing, head)
    return files_of(f"{head}\0".encode() + entries, commits, repository)


def files_of(output: bytes, commits: pl.DataFrame, repository: str) -> pl.DataFrame:
    """The same from what the command `LOG` printed."""
    return _intervals(_events(output, effective_times(commits)), repository)


def extend_files(output: bytes, commits: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame | None:
    """The rows after more commits, from those before and what `LOG` printed of OLD..NEW.

    Returns:
        None where a new commit bears a date before some of the earlier rows: the walk has to begin anew.
    """
    events = _events(output, effective_times(commits))
    if events.is_empty() or earlier.is_empty():
        return earlier if events.is_empty() else None
    last = max(moment for name in ("from_at", "until_at") if isinstance(moment := earlier[name].max(), datetime))
    first = events["at"].min()
    if not isinstance(first, datetime) or first < last:
        return None
    ends = earlier.filter(pl.col("until_at").is_not_null()).join(
        earlier, left_on=["path", "until_at"], right_on=["path", "from_at"], how="anti"
    )
    gone = [pl.lit(None, dtype=_EVENT[name]).alias(name) for name in _CONTENT]
    began = earlier.select("path", pl.col("from_at").alias("at"), *_CONTENT)
    ended = ends.select("path", pl.col("until_at").alias("at"), *gone)
    before = pl.concat([began, ended]).sort("at", maintain_order=True)
    return _intervals(pl.concat([before, events]), str(earlier["repository"][0]))


def effective_times(commits: pl.DataFrame) -> pl.DataFrame:
    """When each commit of the first-parent line took effect (`sha`, `at`), in the line's order."""
    line = commits.lazy().filter("is_first_parent").sort("position")
    return line.select("sha", at=pl.col("known_at").reverse().cum_min().reverse()).collect()


def _events(output: bytes, times: pl.DataFrame) -> pl.DataFrame:
    """What became of each path when, in the order of the line; without content where it went."""
    rows = _rows(output)
    known = rows.join(times, on="sha", how="inner", maintain_order="left")
    if known.height < rows.height:
        raise CollectError("git log printed a commit that is not on the default branch's line")
    is_gone = pl.col("mode") == "000000"
    return known.select(
        "path",
        "at",
        blob=pl.when(is_gone).then(None).otherwise("blob"),
        is_symlink=pl.when(is_gone).then(None).otherwise(pl.col("mode") == _SYMLINK),
        is_submodule=pl.when(is_gone).then(None).otherwise(pl.col("mode") == _SUBMODULE),
    ).cast(_EVENT)


def _rows(output: bytes) -> pl.DataFrame:
    shas: list[str] = []
    paths: list[str] = []
    raw: list[str] = []
    tokens = iter(path_text(output).split("\0"))
    sha = ""
    for token in tokens:
        if token[:1] == ":" or token[:2] == "\n:":
            shas.append(sha)
            raw.append(token)
            paths.append(next(tokens))
        elif token:
            sha = token
    return pl.DataFrame({"sha": shas, "path": paths, **_modes_and_blobs(raw)}, schema=_ROW)


def _modes_and_blobs(raw: Sequence[str]) -> dict[str, pl.Series]:
    """The new mode and content of lines like ":100644 100755 OLD NEW M"."""
    lines = pl.Series(raw, dtype=pl.String).str.strip_chars_start("\n")
    width = (len(lines[0]) - len(":100644 100644   M")) // 2 if len(lines) else 0
    return {"mode": lines.str.slice(8, 6), "blob": lines.str.slice(16 + width, width)}


def _intervals(events: pl.DataFrame, repository: str) -> pl.DataFrame:
    """From what became of each path to how long each content stood there."""
    path, at = pl.col("path"), pl.col("at")
    content = [pl.col(name) for name in _CONTENT]
    is_overtaken = (path == path.shift(-1)) & (at == at.shift(-1))
    is_same = pl.all_horizontal(column.eq_missing(column.shift(1)) for column in (path, *content))
    intervals = (
        events.lazy()
        .sort("path", "at", maintain_order=True)
        # Of what happened at the same moment only the last was ever seen.
        .filter(~is_overtaken.fill_null(value=False))
        .filter(~is_same)
        .with_columns(until_at=pl.when(path == path.shift(-1)).then(at.shift(-1)))
        .filter(pl.col("blob").is_not_null())
        .with_columns(pl.lit(repository).alias("repository"), from_at="at")
        .select(FILE.names())
    )
    return intervals.collect().cast(FILE)
