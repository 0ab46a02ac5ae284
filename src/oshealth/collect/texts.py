"""Which contents are kept as text, and how they are read: by one `git cat-file` for all."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from posixpath import dirname, join, normpath

import polars as pl

from oshealth.collect.errors import CollectError
from oshealth.collect.file_text import file_text
from oshealth.collect.git_command import Git
from oshealth.collect.manifests import which
from oshealth.facts import TEXT, Gap, stood_before

_STANDING_BYTES = 5_000_000
_OLDER_BYTES = 256_000
_ALL_STANDING_BYTES = 100_000_000
_ALL_OLDER_BYTES = 20_000_000
_THROUGHOUT = {"workflow", "gitlab_ci", "dockerfile", "compose"}
"""Manifests of which every version is kept: whether actions and images were pinned is asked of each month."""
_NEVER_MANIFEST = (
    r"(?i)\.(rb|[cm]?jsx?|[cm]?tsx?|css|s[ac]ss|less|png|jpe?g|gif|svg|ico|webp|woff2?|ttf|eot|otf|mp[34]|webm|pdf|map|snap|"
    r"po|pot|mo|cc?|cpp|hh?|hpp|go|rs|java|scala|swift|pyc|csv|geojson|docx?|xlsx?|zip|gz)$|"
    r"(?i)(^|/)([^s/]|s[^e/])[^/]*\.pyi?$"
)

Wanted = dict[str, bool]
"""Contents in the order of their importance; true for what stands in a tree looked at, false for older versions."""


def wanted_texts(files: pl.DataFrame, documents: pl.DataFrame, moments: Sequence[datetime | None]) -> Wanted:
    """Documents and manifests of the trees at some moments, then all versions of documents, the newest first.

    Args:
        files: the rows of `facts.FILE`.
        documents: those of `facts.DOCUMENT`.
        moments: the ends of the trees whose manifests are kept, exclusive; None: the last tree.
    """
    # Of a link the text is its target.
    possible = files.filter(~pl.col("is_submodule"), ~pl.col("path").str.contains(_NEVER_MANIFEST))
    parsers = {path: parser for path in possible["path"].unique(maintain_order=True) if (parser := which(path))}
    trees = [possible.filter(stood_before(moment), pl.col("path").is_in(list(parsers))) for moment in moments]
    standing = [blob for moment in moments for blob in documents.filter(stood_before(moment))["blob"]]
    standing += [blob for tree in trees for blob in _by_importance(tree, parsers)]
    automation = [path for path, parser in parsers.items() if parser in _THROUGHOUT]
    versions = pl.concat(
        [
            documents.select("blob", "from_at", "path"),
            possible.filter(pl.col("path").is_in(automation), ~pl.col("is_symlink")).select("blob", "from_at", "path"),
        ]
    ).sort("from_at", "path", descending=[True, False])
    return dict.fromkeys([*standing, *versions["blob"]], False) | dict.fromkeys(standing, True)


def read_texts(
    git: Git, wanted: Wanted, repository: str, earlier: pl.DataFrame | None = None
) -> tuple[pl.DataFrame, list[Gap]]:
    """The rows of `facts.TEXT`, and how many were too large or are missing.

    Args:
        git: where the objects are.
        wanted: which contents.
        repository: what the column of that name says.
        earlier: rows read before, which need not be read again.
    """
    before = TEXT.to_frame() if earlier is None else earlier.filter(pl.col("blob").is_in(list(wanted)))
    sizes = dict(before.select("blob", "size_bytes").iter_rows()) | _sizes(git, wanted, set(before["blob"]))
    chosen, gaps = _choose(wanted, sizes)
    unread = [blob for blob in chosen if blob not in set(before["blob"])]
    rows = [(repository, blob, len(text), file_text(text)) for blob, text in _contents(git, unread)]
    fresh = pl.DataFrame(rows, schema=TEXT, orient="row")
    kept = before.filter(pl.col("blob").is_in(chosen))
    return pl.concat([kept, fresh]).sort("blob"), gaps


def manifests_at(files: pl.DataFrame, texts: pl.DataFrame, moment: datetime | None) -> dict[str, str | None]:
    """The texts by path of the tree before a moment, None being the last: what `manifests.read_manifests` takes.

    A text that was not kept, too large or missing, is None: its dependencies are unknown, and are said to be. So is a
    link, unless it leads to a manifest of the same tree, which is read where it lies.
    """
    standing = files.filter(stood_before(moment), ~pl.col("is_submodule"))
    joined = standing.join(texts.select("blob", "text"), on="blob", how="left").sort("path")
    rows = list(joined.select("path", "text", "is_symlink").iter_rows())
    known = {path for path, _, _ in rows}
    texts_of = {path: text for path, text, is_link in rows if not is_link and which(path)}
    links = {path: target for path, target, is_link in rows if is_link and which(path)}
    lost = [path for path, target in links.items() if not _leads_to_manifest(path, target, known)]
    return texts_of | dict.fromkeys(lost)


def _leads_to_manifest(path: str, target: str | None, known: set[str]) -> bool:
    end = normpath(join(dirname(path), target or "/"))
    return end in known and which(end) is not None


def submodules_at(files: pl.DataFrame, moment: datetime | None) -> dict[str, str]:
    """The commits of the submodules by path of the tree before a moment, None being the last."""
    return dict(files.filter(stood_before(moment), "is_submodule").select("path", "blob").iter_rows())


def _by_importance(tree: pl.DataFrame, parsers: dict[str, str]) -> list[str]:
    """Manifests, then scripts, then pages: where there is too much, pages are left out first."""
    rank = {"script": 1, "program": 1, "page": 2}
    pairs = sorted((rank.get(parsers[path], 0), path, blob) for path, blob in tree.select("path", "blob").iter_rows())
    return [blob for _, _, blob in pairs]


def _sizes(git: Git, wanted: Wanted, known: set[str]) -> dict[str, int]:
    """The size of each content that is there."""
    asked = [blob for blob in wanted if blob not in known]
    if not asked:
        return {}
    answer = git.run("cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)", stdin=_lines(asked))
    words = [line.split() for line in answer.decode().splitlines()]
    return {line[0]: int(line[2]) for line in words if line[1] == "blob"}


def _choose(wanted: Wanted, sizes: dict[str, int]) -> tuple[list[str], list[Gap]]:
    left = {True: _ALL_STANDING_BYTES, False: _ALL_OLDER_BYTES}
    largest = {True: _STANDING_BYTES, False: _OLDER_BYTES}
    chosen: list[str] = []
    skipped = {"missing": 0, "too_large": 0, "too_many": 0}
    for blob, is_standing in wanted.items():
        size = sizes.get(blob)
        if size is None:
            skipped["missing"] += 1
        elif size > largest[is_standing]:
            skipped["too_large"] += 1
        elif size > left[is_standing]:
            skipped["too_many"] += 1
        else:
            left[is_standing] -= size
            chosen.append(blob)
    return chosen, [Gap("text", reason, _SKIPPED[reason], count) for reason, count in skipped.items() if count]


_SKIPPED = {
    "missing": "contents of documents or manifests that are missing from the repository",
    "too_large": "files over 5 MB, or older versions over 256 kB, which are not read",
    "too_many": "older versions of documents, or manifests, beyond what is kept in all",
}


def _contents(git: Git, blobs: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    if not blobs:
        return
    output = memoryview(git.run("cat-file", "--batch", stdin=_lines(blobs)))
    position = 0
    for blob in blobs:
        header = bytes(output[position : position + 100]).partition(b"\n")[0]
        words = header.split()
        if len(words) != 3 or words[0] != blob.encode():
            raise CollectError("git cat-file printed an object that was not asked for")
        start = position + len(header) + 1
        end = start + int(words[2])
        yield blob, bytes(output[start:end])
        position = end + 1


def _lines(blobs: Sequence[str]) -> bytes:
    return "".join(f"{blob}\n" for blob in blobs).encode()
