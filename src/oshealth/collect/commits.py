"""The first pass over a history: who committed what when, by one `git log`, parsed in bytes."""

import hmac
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import polars as pl

from oshealth.collect.errors import CollectError
from oshealth.collect.git_command import Git
from oshealth.collect.refs import ID
from oshealth.facts import ALIAS, COMMIT, MOMENT, Gap

_FIELDS = ("%H", "%P", "%at", "%ct", "%an", "%ae", "%cn", "%ce", "%B")
LOG = ("log", "-z", "--topo-order", "--encoding=UTF-8", f"--format={'%x00'.join(_FIELDS)}")
"""The command; a commit follows, then `--`. Identities come out in UTF-8 where the commit says how it is encoded."""
_AS_WRITTEN = tuple("--encoding=none" if word.startswith("--encoding") else word for word in LOG)

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - moments are UTC without zone
_EARLIEST = datetime(1990, 1, 1)  # noqa: DTZ001 (moments are UTC without a zone)
_LONGEST_TEXT = 1000
_TRAILER = re.compile(rb"^[ \t]*co-authored-by[ \t]*:(.*)$", re.IGNORECASE | re.MULTILINE)

Identity = bytes
"""A name and an address with NUL between them: what an alias is made of, and cheaper in the thousands than a pair."""


@dataclass(frozen=True)
class Reading:
    """What a crawl reads for: the repository's id, the key of its aliases, and when."""

    repository: str
    key: bytes
    crawled_at: datetime


@dataclass(frozen=True)
class Metadata:
    """The rows of `facts.COMMIT`, the oldest first, the private rows of `facts.ALIAS`, and what is wrong with them."""

    commits: pl.DataFrame
    aliases: pl.DataFrame
    gaps: tuple[Gap, ...]


Columns = list[list[bytes]]
"""What `LOG` printed, a list for each field, the oldest commit first."""


def read_log(git: Git, *revisions: str) -> Columns:
    """What git prints of some commits.

    A commit may claim to be written in UTF-16, say: converting it, git reads beyond its end, and prints what it finds
    there. Then nothing is converted.
    """
    columns = _split(git.run(*LOG, *revisions, "--"))
    return columns or columns_of(git.run(*_AS_WRITTEN, *revisions, "--"))


def columns_of(output: bytes) -> Columns:
    """Split what the command `LOG` printed."""
    if (columns := _split(output)) is None:
        raise CollectError("git log printed a commit that cannot be read")
    return columns


def _split(output: bytes) -> Columns | None:
    fields = output.split(b"\0")
    width = len(_FIELDS)
    if fields.pop() or len(fields) % width:
        return None
    columns = [fields[start::width][::-1] for start in range(width)]
    is_whole = all(map(ID.fullmatch, columns[0])) and len(set(columns[0])) == len(columns[0])
    return columns if is_whole else None


def non_merges(columns: Columns) -> list[str]:
    """The ids of the commits with one parent or none."""
    return [sha.decode() for sha, parents in zip(columns[0], columns[1], strict=True) if b" " not in parents]


def parse_commits(columns: Columns, reading: Reading) -> Metadata:
    """What the command `LOG` printed, as rows."""
    shas = [sha.decode() for sha in columns[0]]
    authored, committed = (_moments(column, reading.crawled_at) for column in columns[2:4])
    authors, committers = (list(map(b"\0".join, zip(*columns[start : start + 2], strict=True))) for start in (4, 6))
    coauthors, malformed_count = _coauthors(columns[8])
    aliases = _Aliases(reading.key)
    commits = pl.DataFrame(
        {
            "repository": pl.repeat(reading.repository, len(shas), dtype=pl.String, eager=True),
            "sha": shas,
            "position": pl.int_range(len(shas), dtype=pl.Int32, eager=True),
            "parents": _lists([line.decode() for line in columns[1]]),
            "is_first_parent": _first_parent_line(columns),
            "author_alias": [aliases[who] for who in authors],
            "committer_alias": [aliases[who] for who in committers],
            "coauthor_aliases": _lists(
                [" ".join(dict.fromkeys(aliases[who] for who in coauthors.get(n, ()))) for n in range(len(shas))]
            ),
            "authored_at": authored,
            "committed_at": committed,
            "known_at": _known_at(committed.zip_with(committed.is_not_null(), authored), columns),
        },
        schema=COMMIT,
    )
    gaps = (*_gaps(commits, authors, committers), *_malformed(malformed_count))
    return Metadata(commits, aliases.frame(commits), gaps)


def _lists(lines: Sequence[str]) -> pl.Series:
    """Lists of hexadecimal words; a hundred times faster than from lists of Python's."""
    return pl.Series(lines, dtype=pl.String).str.extract_all("[0-9a-f]+")


def _moments(seconds: Sequence[bytes], crawled_at: datetime) -> pl.Series:
    """Null where git printed no number, or one that cannot be true."""
    numbers = _numbers(seconds)
    valid = numbers.is_between(*_credible(crawled_at)).fill_null(value=False)
    kept = numbers.zip_with(valid, pl.Series([None], dtype=pl.Int64))
    return (kept * 1_000_000).cast(MOMENT)


def _credible(crawled_at: datetime) -> tuple[int, int]:
    """The earliest and the latest second since 1970 that a date can be true at."""
    latest = crawled_at + timedelta(days=1)
    return int(_EARLIEST.replace(tzinfo=UTC).timestamp()), int(latest.replace(tzinfo=UTC).timestamp())


def _numbers(texts: Sequence[bytes]) -> pl.Series:
    try:
        return pl.Series(list(map(int, texts)), dtype=pl.Int64)
    except (ValueError, OverflowError, TypeError):
        decoded = pl.Series([text.decode("ascii", "replace") for text in texts], dtype=pl.String)
        return decoded.cast(pl.Int64, strict=False)


def moment_of(seconds: bytes, crawled_at: datetime) -> datetime | None:
    """One moment, judged as those of commits are; a frame for each would take a minute for 100,000 tags."""
    try:
        number = int(seconds)
    except ValueError:
        return None
    earliest, latest = _credible(crawled_at)
    return _EPOCH + timedelta(seconds=number) if earliest <= number <= latest else None


def _known_at(given: pl.Series, columns: Columns) -> pl.Series:
    """Where a commit bears no valid date: the latest of its parents', for children are made after them."""
    if not given.null_count():
        return given
    known: list[datetime | None] = given.to_list()
    row = {sha: number for number, sha in enumerate(columns[0])}
    for number, moment in enumerate(known):
        if moment is None:
            before = [known[row[parent]] or _EARLIEST for parent in columns[1][number].split() if parent in row]
            known[number] = max(before, default=_EARLIEST)
    return pl.Series(known, dtype=MOMENT)


def _first_parent_line(columns: Columns) -> pl.Series:
    """Whether each commit is on the line from the last one back by first parents."""
    shas, parents = columns[:2]
    is_on_line, wanted = [False] * len(shas), shas[-1] if shas else b""
    for number in range(len(shas) - 1, -1, -1):
        if shas[number] == wanted:
            is_on_line[number] = True
            wanted = parents[number].partition(b" ")[0]
    return pl.Series(is_on_line, dtype=pl.Boolean)


def _coauthors(messages: Sequence[bytes]) -> tuple[dict[int, list[Identity]], int]:
    """The persons of each message's Co-authored-by lines, and how many such lines name nobody."""
    people: dict[int, list[Identity]] = {}
    malformed_count = 0
    for number, message in enumerate(messages):
        if b"authored-by" in message.lower():
            for trailer in _TRAILER.finditer(message):
                found = list(_people(trailer[1]))
                malformed_count += not found
                people.setdefault(number, []).extend(found)
    return people, malformed_count


def _people(trailer: bytes) -> Iterator[Identity]:
    """All of "Name <address>, Name <address>"; what has no address is nobody."""
    for part in trailer.split(b">")[:-1]:
        name, _, address = part.partition(b"<")
        if address.strip() and b"<" not in address:
            yield name.strip(b" \t,;&") + b"\0" + address.strip()


class _Aliases(dict[Identity, str]):
    """Each identity's alias, computed when first met."""

    def __init__(self, key: bytes) -> None:
        super().__init__()
        self._key = key

    def __missing__(self, identity: Identity) -> str:
        alias = hmac.digest(self._key, identity, "sha256").hex()[:32]
        self[identity] = alias
        return alias

    def frame(self, commits: pl.DataFrame) -> pl.DataFrame:
        """The rows of `facts.ALIAS`: when each was first seen, and in how many commits as an author."""
        seen = _seen(commits)
        names = pl.DataFrame(
            [(alias, *map(_text, identity.split(b"\0"))) for identity, alias in self.items()],
            schema={"alias": pl.String, "name": pl.String, "address": pl.String},
            orient="row",
        ).unique("alias", keep="first", maintain_order=True)
        joined = names.join(seen, on="alias", how="left", maintain_order="left")
        return joined.select(ALIAS.names()).cast(ALIAS)


def _seen(commits: pl.DataFrame) -> pl.DataFrame:
    authors = pl.concat_list(pl.concat_list("author_alias"), "coauthor_aliases").list.unique()
    authored = commits.lazy().select(alias=authors, at="authored_at", is_author=True).explode("alias")
    committed = commits.lazy().select(alias="committer_alias", at="committed_at", is_author=False)
    both = pl.concat([authored, committed])
    return both.group_by("alias").agg(first_at=pl.col("at").min(), commit_count=pl.col("is_author").sum()).collect()


def _text(raw: bytes) -> str:
    return raw[:_LONGEST_TEXT].decode(errors="backslashreplace")


def _gaps(commits: pl.DataFrame, authors: Sequence[Identity], committers: Sequence[Identity]) -> Iterator[Gap]:
    invalid = commits.filter(pl.col("authored_at").is_null() | pl.col("committed_at").is_null()).height
    if invalid:
        detail = "dates before 1990 or in the future: these commits are left out of what is counted by time"
        yield Gap("commit", "invalid_date", detail, invalid)
    strange = {who for who in {*authors, *committers} if not _is_utf8(who)}
    if strange and (count := _count(strange, authors, committers)):
        yield Gap("commit", "invalid_encoding", "names or addresses that are not UTF-8, kept with escapes", count)
    nameless = {who for who in {*authors, *committers} if who.startswith(b"\0") or who.endswith(b"\0")}
    if nameless and (count := _count(nameless, authors, committers)):
        yield Gap("commit", "incomplete_identity", "authors or committers without a name or without an address", count)


def _malformed(count: int) -> Iterator[Gap]:
    if count:
        yield Gap("commit", "malformed_coauthor", "Co-authored-by lines without a name and an address", count)


def _count(which: set[Identity], authors: Sequence[Identity], committers: Sequence[Identity]) -> int:
    return sum(a in which or c in which for a, c in zip(authors, committers, strict=True))


def _is_utf8(identity: Identity) -> bool:
    try:
        identity.decode()
    except UnicodeDecodeError:
        return False
    return True
