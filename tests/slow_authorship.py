"""Authorship and knowledge of files once more, slowly and in plain Python, from what `git log` prints."""

import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import exp, log
from pathlib import Path

import polars as pl

from oshealth.derive.source_files import is_source

FORMAT = "%x01%H%x02%an <%ae>%x02%at%x02%ct%x02%P%x02%(trailers:key=Co-authored-by,valueonly,separator=%x03)%x02"
Change = tuple[str, str, str]  # kind, path, old path


@dataclass
class Commit:
    sha: str
    author: str
    authored_at: int
    committed_at: int
    coauthors: list[str]
    changes: list[Change]


@dataclass
class Past:
    """What became of a file before it stood where it stands."""

    changes: Counter[str] = field(default_factory=Counter)
    adders: set[str] = field(default_factory=set)
    recent: list[tuple[int, int, str, bool]] = field(default_factory=list)  # place, day, person, is author

    def join(self, other: "Past") -> "Past":
        return Past(self.changes + other.changes, self.adders | other.adders, self.recent + other.recent)


def git(repository: Path, *arguments: str) -> str:
    command = ["git", "--git-dir", str(repository), "-c", "diff.renameLimit=999999", *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode(errors="backslashreplace")


def commits(repository: Path, end: datetime) -> Iterator[Commit]:
    """Those without merges committed before `end`, parents first."""
    order = ["--topo-order", "--reverse", "--no-merges", "-M", "-z", "--raw", "--no-abbrev", "--root"]
    for block in git(repository, "log", *order, f"--format={FORMAT}", "HEAD").split("\x01")[1:]:
        sha, author, authored, committed, _, coauthors, rest = block.split("\x02", 6)
        if int(committed) < seconds(end):
            people = list(dict.fromkeys(name.strip() for name in coauthors.split("\x03") if name.strip()))
            others = [name for name in people if name != author]
            yield Commit(sha, author, int(authored), int(committed), others, list(_changes(rest)))


def _changes(text: str) -> Iterator[Change]:
    tokens = iter(text.strip("\n\0").split("\0"))
    for token in tokens:
        words = token.strip("\n").split(" ")
        if not words[0].startswith(":"):
            continue
        old = next(tokens)
        path = next(tokens) if words[4].startswith(("R", "C")) else old
        if "160000" not in (words[0][1:], words[1]):
            yield words[4][0], path, old


def seconds(moment: datetime) -> int:
    return int(moment.replace(tzinfo=UTC).timestamp())


def tree(repository: Path, end: datetime) -> list[str]:
    """Paths of the source files on the default branch at the last instant before `end`."""
    last = git(repository, "rev-list", "-1", "--first-parent", f"--before={seconds(end) - 1}", "HEAD").strip()
    if not last:
        return []
    entries = [entry for entry in git(repository, "ls-tree", "-rz", last).split("\0") if entry]
    paths = [entry.split("\t", 1)[1] for entry in entries if not entry.startswith("160000")]
    return pl.DataFrame({"path": paths}, schema={"path": pl.String}).filter(is_source("path"))["path"].to_list()


def pasts(repository: Path, end: datetime, last_at: int) -> dict[str, Past]:
    """The past of every path, renames followed in git's topological order."""
    past: dict[str, Past] = {}
    for place, commit in enumerate(commits(repository, end)):
        in_reach = last_at - 547 * 86400 <= commit.committed_at
        day = max(0, last_at - commit.authored_at) // 86400
        for kind, path, old in commit.changes:
            if kind == "D":
                continue
            if kind == "R":
                past[path] = past.pop(path, Past()).join(past.pop(old, Past()))
            of_path = past.setdefault(path, Past())
            for person in (commit.author, *commit.coauthors):
                if kind == "A" and person == commit.author:
                    of_path.adders.add(person)
                else:
                    of_path.changes[person] += 1
                if in_reach and kind != "R":
                    of_path.recent.append((place, day, person, person == commit.author))
    return past


def authorship(past: dict[str, Past], paths: list[str]) -> dict[tuple[str, str], tuple[int, bool, float, bool]]:
    """By path and person: changes, whether they added it, the degree of authorship, whether they are an author."""
    rows = {}
    for path in paths:
        of_path = past.get(path, Past())
        everyone = set(of_path.changes) | of_path.adders
        total = sum(of_path.changes.values())
        doa = {
            person: 3.293
            + (1.098 if person in of_path.adders else 0)
            + 0.164 * of_path.changes[person]
            - 0.321 * log(1 + total - of_path.changes[person])
            for person in everyone
        }
        for person, degree in doa.items():
            first = person in of_path.adders
            is_author = degree / max(doa.values()) > 0.75 and (degree >= 3.293 or first)
            rows[path, person] = (of_path.changes[person], first, degree, is_author)
    return rows


def truck_factor(rows: dict[tuple[str, str], tuple[int, bool, float, bool]]) -> int | None:
    files = {path for path, _ in rows}
    authored: dict[str, set[str]] = defaultdict(set)
    changes: Counter[str] = Counter()
    for (path, person), (count, _, _, is_author) in rows.items():
        changes[person] += count
        if is_author:
            authored[person].add(path)
    taken = 0
    while authored and len(set().union(*authored.values())) >= 0.5 * len(files):
        authored.pop(min(authored, key=lambda person: (-len(authored[person]), -changes[person], person)))
        taken += 1
    return taken or None


def knowledge(past: dict[str, Past], paths: list[str]) -> dict[tuple[str, str], tuple[float, bool]]:
    """By path and person: recent knowledge, and whether that is knowing the file."""
    rows = {}
    for path in paths:
        recent = past.get(path, Past()).recent
        weights: dict[str, float] = defaultdict(float)
        for _, day, person, _ in recent:
            weights[person] += exp(-day / 90)
        total = sum(weights.values())
        newest = max(recent, key=lambda entry: (entry[0], entry[3]), default=None)
        known = {}
        for person, weight in weights.items():
            owned = exp(-newest[1] / 90) if newest and newest[2] == person else 0.0
            known[person] = 3 * owned + weight + 2.4 * log((1 + total) / (1 + total - weight))
        for person, value in known.items():
            rows[path, person] = (value, value >= 0.001 and value / max(known.values()) > 0.75)
    return rows
