"""Mentions of versions in git: tags, and the headings that commits added to the root changelog."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from oshealth.collect.changelog import LONGEST_LINE, added_version, headings
from oshealth.collect.commits import moment_of
from oshealth.collect.documents import is_changelog
from oshealth.collect.git_command import Git
from oshealth.collect.versions import Version, parse_version
from oshealth.facts import RELEASE

_TAG_FIELDS = (
    "%(refname)",
    "%(taggerdate:unix)",
    "%(if)%(contents:signature)%(then)1%(else)0%(end)",
)
_DIFF = (
    "diff-tree",
    "--stdin",
    "--root",
    "-r",
    "-m",
    "-p",
    "-U0",
    "-M",
    "--text",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
)
_ADDED = b"+"
_MOST_LINE_BYTES = 4 * (LONGEST_LINE + 2)
"""So many a line has at most that may be a heading, in UTF-8 and with its sign."""
_BULLETS = (b"-", b"*", b"+", b" ", b"\t", b"")
"""What most lines of a changelog begin with, and no heading; an empty line has neither."""


@dataclass(frozen=True)
class Known:
    """What the releases are read beside: the repository's id, its head, its commits, and the moment of the crawl."""

    repository: str
    head: str
    commits: pl.DataFrame
    crawled_at: datetime


def read_tags(git: Git, known: Known, pattern: str | None = None) -> pl.DataFrame:
    """The rows of `facts.RELEASE` of tags that name a version and point at a commit."""
    tags = list(_tags(git, known.crawled_at))
    named = [(tag, version) for tag in tags if (version := parse_version(tag.name, pattern))]
    shas = _commits_of(git, [tag.ref for tag, _ in named])
    texts = _told_apart([(tag, version) for tag, version in named if tag.ref in shas], shas)
    moments = dict(known.commits.select("sha", "known_at").iter_rows())
    aside = sorted({sha for sha in shas.values() if sha not in moments})
    moments |= _moments(git, aside, known.crawled_at)
    bases = _bases(git, aside, known.head)
    rows = [
        {
            "repository": known.repository,
            "source": "tag",
            "name": tag.name,
            "version": texts[tag.ref],
            "released_at": tag.tagged_at or moments.get(shas[tag.ref]),
            "sha": shas[tag.ref],
            "is_prerelease": version.is_prerelease,
            "is_signed": tag.is_signed,
            "base_shas": bases.get(shas[tag.ref]),
        }
        for tag, version in named
        if tag.ref in shas
    ]
    return pl.DataFrame(rows, schema=RELEASE)


def read_changelog(git: Git, known: Known, facts: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The rows of the versions that the root changelog names last, each at the commit that first added its heading.

    Args:
        git: where the objects are.
        known: see there.
        facts: the rows of `facts.CHANGE`, `facts.FILE` and `facts.TEXT` by table; a changelog that is too large for
            the texts names nothing.
    """
    changes, files = facts["change"], facts["file"]
    candidates = files.filter(~pl.col("path").str.contains("/", literal=True))
    paths = [path for path in candidates["path"].unique().sort() if is_changelog(path)]
    if not paths:
        return RELEASE.to_frame()
    last = candidates.filter(pl.col("path").is_in(paths), ~pl.col("is_symlink")).sort("path", "from_at")
    blobs = last.group_by("path", maintain_order=True).last().sort("until_at", "path", nulls_last=False)["blob"]
    texts = [text for blob in blobs if (text := _text(facts["text"], blob)) is not None]
    found = {heading.version.text: heading for text in reversed(texts) for heading in headings(text)}
    added = _added(git, _touching(changes, known.commits, paths), paths)
    if found.keys() - added.keys():
        # Somebody wrote the heading while merging.
        merges = known.commits.filter(pl.col("parents").list.len() > 1).sort("position")["sha"].to_list()
        added = {**_added(git, merges, paths), **added}
    moments = dict(known.commits.select("sha", "known_at").iter_rows())
    rows = [
        {
            "repository": known.repository,
            "source": "changelog",
            "name": heading.line,
            "version": text,
            "released_at": moments[added[text]],
            "sha": added[text],
            "is_prerelease": heading.version.is_prerelease,
        }
        for text, heading in found.items()
        if text in added
    ]
    return pl.DataFrame(rows, schema=RELEASE)


def _text(texts: pl.DataFrame, blob: str) -> str | None:
    return next(iter(texts.filter(pl.col("blob") == blob)["text"]), None)


@dataclass(frozen=True)
class _Tag:
    ref: str
    name: str
    tagged_at: datetime | None
    is_signed: bool | None


def _tags(git: Git, crawled_at: datetime) -> Iterator[_Tag]:
    output = git.run("for-each-ref", f"--format={'%00'.join(_TAG_FIELDS)}", "refs/tags/")
    for line in output.splitlines():
        ref, seconds, signed = line.split(b"\0")
        name = ref.removeprefix(b"refs/tags/").decode(errors="backslashreplace")
        tagged_at = moment_of(seconds, crawled_at)
        yield _Tag(ref.decode(errors="surrogateescape"), name, tagged_at, signed == b"1")


def _told_apart(named: Sequence[tuple[_Tag, Version]], shas: Mapping[str, str]) -> dict[str, str]:
    """The version by tag; with its part's name where another part's tag of that version leads to another commit.

    A tag without a name keeps the bare version, else those of the part with most tags do.
    """
    sizes = Counter(version.part for _, version in named)
    sizes[""] = len(named) + 1
    same: dict[str, list[tuple[_Tag, Version]]] = defaultdict(list)
    for tag, version in named:
        same[version.text].append((tag, version))
    texts = {}
    for text, mentions in same.items():
        bare = min((version.part for _, version in mentions), key=lambda part: (-sizes[part], part))
        held = {shas[tag.ref] for tag, version in mentions if version.part == bare}
        for tag, version in mentions:
            is_apart = version.part != bare and shas[tag.ref] not in held
            texts[tag.ref] = f"{version.part}@{text}" if is_apart else text
    return texts


def _commits_of(git: Git, refs: Sequence[str]) -> dict[str, str]:
    """The commit that each tag leads to, through other tags if need be; none for tags of trees and files."""
    if not refs:
        return {}
    asked = "".join(f"{ref}^{{commit}}\n" for ref in refs).encode(errors="surrogateescape")
    answer = git.run("cat-file", "--batch-check=%(objectname) %(objecttype)", stdin=asked).splitlines()
    pairs = ((ref, line.split()) for ref, line in zip(refs, answer, strict=True))
    return {ref: words[0].decode() for ref, words in pairs if words[1:] == [b"commit"]}


def _moments(git: Git, shas: Sequence[str], crawled_at: datetime) -> dict[str, datetime | None]:
    """The committer's date of commits that the default branch does not reach."""
    if not shas:
        return {}
    output = git.run("log", "--no-walk=unsorted", "--stdin", "--format=%H %ct", stdin=_lines(shas))
    pairs = (line.split() for line in output.splitlines())
    return {words[0].decode(): moment_of(words[1], crawled_at) for words in pairs if len(words) == 2}


def _bases(git: Git, shas: Sequence[str], head: str) -> dict[str, list[str]]:
    """Where the side branches that lead to these commits left the default branch."""
    if not shas:
        return {}
    stdin = _lines([*shas, f"^{head}"])
    output = git.run("rev-list", "--topo-order", "--reverse", "--parents", "--stdin", stdin=stdin).decode()
    bases: dict[str, frozenset[str]] = {}
    for line in output.splitlines():
        sha, *parents = line.split()
        bases[sha] = frozenset[str]().union(*(bases.get(parent, {parent}) for parent in parents))
    return {sha: sorted(bases[sha]) for sha in shas if sha in bases}


def _touching(changes: pl.DataFrame, commits: pl.DataFrame, paths: Sequence[str]) -> list[str]:
    """The commits that changed one of these paths, the oldest first."""
    touched = changes.lazy().filter(pl.col("path").is_in(paths) | pl.col("old_path").is_in(paths)).select("sha")
    return commits.lazy().join(touched, on="sha", how="semi").sort("position").collect()["sha"].to_list()


def _added(git: Git, shas: Sequence[str], paths: Sequence[str]) -> Mapping[str, str]:
    """By version the commit that first added its heading."""
    if not shas:
        return {}
    added: dict[str, str] = {}
    known, sha = {sha.encode() for sha in shas}, ""
    for line in _short_lines(git.stream(*_DIFF, "--", *paths, stdin=_lines(shas))):
        if line[:1] == _ADDED:
            if line[1:2] not in _BULLETS and (version := added_version(line[1:].decode(errors="backslashreplace"))):
                added.setdefault(version.text, sha)
        elif (word := line.partition(b" ")[0]) in known:
            sha = word.decode()
    return added


def _short_lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The lines of an output while it comes; of a line that is too long for a heading only so much that it stays so."""
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines
        rest = rest[:_MOST_LINE_BYTES]
    yield rest


def _lines(words: Sequence[str]) -> bytes:
    return "".join(f"{word}\n" for word in words).encode()
