"""Authorship and knowledge as computed from arrays are those of the slow way, on histories of any shape."""

import subprocess
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import slow_authorship as slow
from commit_log import read_commits
from oshealth.collect.commits import Reading
from oshealth.collect.git_command import Git
from oshealth.collect.history import read_changes
from oshealth.collect.tree import read_files
from oshealth.derive import Facts, Snapshot, Subject
from oshealth.measure import measure
from oshealth.metrics.truck_factor import truck_factor
from repositories import HISTORIES

NAME = "example.org/town/app"
START = datetime(2024, 1, 1, 12)  # noqa: DTZ001 (moments are UTC without a zone)
PEOPLE = ["ann", "bob", "eve", "kim"]
PATHS = ["a.py", "b.py", "lib/c.py", "lib/d.py"]


def facts_of(repository: Path) -> tuple[Facts, dict[str, str]]:
    """The facts of a bare repository, and who stands behind each alias."""
    git = Git(repository)
    head = git.run("rev-parse", "HEAD").decode().strip()
    read = read_commits(git, head, Reading(NAME, b"k" * 32, datetime(2030, 1, 1)))  # noqa: DTZ001
    single = read.commits.filter(pl.col("parents").list.len() <= 1)["sha"].to_list()
    tables = {
        "commit": read.commits,
        "change": read_changes(git, single, NAME).frame,
        "file": read_files(git, head, read.commits, NAME),
    }
    people = {alias: f"{name} <{address}>" for alias, name, address, *_ in read.aliases.iter_rows()}
    return Facts(Subject("repository", NAME, (NAME,)), tables), people


def check(repository: Path, facts: Facts, people: dict[str, str], end: datetime) -> None:
    snapshot = Snapshot(facts, end.date() - timedelta(days=1))
    paths = slow.tree(repository, end)
    heads = facts.commits.filter(pl.col("is_first_parent") & (pl.col("known_at") < end)).sort("position")
    last_at = slow.seconds(heads["known_at"][-1]) if len(heads) else 0
    past = slow.pasts(repository, end, last_at)
    expected = slow.authorship(past, paths)
    columns = ("file", "person", "changes", "is_first_author", "doa", "is_author")
    found = {(row[0], people[row[1]]): row[2:] for row in snapshot.authorship.select(columns).iter_rows()}
    assert {key: (row[0], row[1], row[3]) for key, row in found.items()} == {
        key: (row[0], row[1], row[3]) for key, row in expected.items()
    }
    assert [found[key][2] for key in expected] == pytest.approx([row[2] for row in expected.values()])
    known = {(row[0], people[row[1]]): row[2:] for row in snapshot.knowledge.select(KNOWLEDGE).iter_rows()}
    expected_knowledge = slow.knowledge(past, paths)
    assert {key: row[1] for key, row in known.items()} == {key: row[1] for key, row in expected_knowledge.items()}
    assert [known[key][0] for key in expected_knowledge] == pytest.approx(
        [row[0] for row in expected_knowledge.values()]
    )
    by_alias = {name: alias for alias, name in people.items()}
    renamed = {(path, by_alias[person]): row for (path, person), row in expected.items()}
    assert measure(truck_factor.metric, snapshot).value == slow.truck_factor(renamed)  # type: ignore[attr-defined]


KNOWLEDGE = ("file", "person", "knowledge", "knows")


@dataclass
class Writer:
    """Writes a history for `git fast-import`: branches that grow, and merges of them."""

    draw: st.DrawFn
    trees: list[dict[str, str]] = field(default_factory=lambda: [{}])
    tips: list[int | None] = field(default_factory=lambda: [None])
    lines: list[str] = field(default_factory=list)
    count: int = 0

    def step(self) -> None:
        branch = self.draw(st.integers(0, len(self.trees) - 1))
        action = self.draw(st.sampled_from(["commit", "commit", "commit", "fork", "merge"]))
        if action == "fork" and self.tips[branch] and len(self.trees) < 4:
            self.trees.append(dict(self.trees[branch]))
            self.tips.append(self.tips[branch])
        elif action == "merge" and len(self.trees) > 1 and self.tips[branch]:
            other = self.draw(st.integers(0, len(self.trees) - 1))
            if self.tips[other] and self.tips[other] != self.tips[branch]:
                self.write(branch, {**self.trees[other], **self.trees[branch]}, merged=self.tips[other])
        else:
            self.write(branch, self.edited(self.trees[branch]))

    def edited(self, tree: dict[str, str]) -> dict[str, str]:
        tree = dict(tree)
        for path in self.draw(st.lists(st.sampled_from(PATHS), min_size=1, max_size=3, unique=True)):
            if path not in tree:
                tree[path] = "".join(f"{self.count} {path} line {n} of its own\n" for n in range(12))
                continue
            target = self.draw(st.sampled_from(["change", "delete", *PATHS]))
            if target == "change" or target in tree:
                tree[path] += f"changed by {self.count}\n"
            elif target == "delete":
                del tree[path]
            else:
                tree[target] = tree.pop(path)
        return tree

    def write(self, branch: int, tree: dict[str, str], merged: int | None = None) -> None:
        self.count += 1
        person = self.draw(st.sampled_from(PEOPLE))
        coauthors = self.draw(st.lists(st.sampled_from(PEOPLE), max_size=2))
        trailers = "".join(f"\nCo-authored-by: {name} <{name}@town.example>" for name in coauthors)
        message = f"Change {self.count}\n{trailers}\n"
        at = int(slow.seconds(START)) + self.count * 86400 * self.draw(st.sampled_from([1, 1, 1, 40]))
        tip = self.tips[branch]
        self.lines += [f"commit refs/heads/b{branch}", f"mark :{self.count}"]
        self.lines += [f"author {person} <{person}@town.example> {at} +0000"]
        self.lines += [f"committer {person} <{person}@town.example> {slow.seconds(START) + self.count * 86400} +0000"]
        self.lines += [f"data {len(message)}\n{message}"]
        self.lines += [f"from :{tip}"] if tip else []
        self.lines += [f"merge :{merged}"] if merged else []
        self.lines += ["deleteall"]
        self.lines += [f"M 100644 inline {path}\ndata {len(text)}\n{text}" for path, text in sorted(tree.items())]
        self.trees[branch], self.tips[branch] = tree, self.count


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, int]:
    """Input for `git fast-import`, and the number of commits."""
    writer = Writer(draw)
    writer.write(0, writer.edited({}))
    for _ in range(draw(st.integers(1, 22))):
        writer.step()
    for other in range(1, len(writer.trees)):
        if writer.tips[other] != writer.tips[0]:
            writer.write(0, {**writer.trees[other], **writer.trees[0]}, merged=writer.tips[other])
    return "\n".join(writer.lines) + "\n", writer.count


# Each example costs a dozen processes: shrinking a failing one would take minutes.
GENERATE = (Phase.explicit, Phase.reuse, Phase.generate)


@settings(max_examples=40, deadline=None, phases=GENERATE, suppress_health_check=list(HealthCheck))
@given(histories(), st.data())
def test_histories_of_any_shape_give_what_the_slow_way_gives(history: tuple[str, int], data: st.DataObject) -> None:
    stream, count = history
    with TemporaryDirectory() as folder:
        repository = Path(folder) / "app.git"
        subprocess.run(["git", "init", "-q", "--bare", "-b", "b0", str(repository)], check=True)
        command = ["git", "--git-dir", str(repository), "fast-import", "--quiet"]
        subprocess.run(command, input=stream.encode(), check=True)
        facts, people = facts_of(repository)
        days = data.draw(st.lists(st.integers(0, count + 2), min_size=1, max_size=3))
        for day in [*days, count + 1]:
            check(repository, facts, people, (START + timedelta(days=day)).replace(hour=0))


@pytest.mark.histories
@pytest.mark.skipif(not HISTORIES.exists(), reason="the real histories are not beside the repository")
@pytest.mark.parametrize("name", ["OS2borgerPC/os2borgerpc-admin-site", "danesjenovdan/parladata"])
def test_real_histories_give_what_the_slow_way_gives(name: str, tmp_path: Path) -> None:
    repository = tmp_path / "mirror.git"
    subprocess.run(["git", "clone", "-q", "--bare", str(HISTORIES / name), str(repository)], check=True)
    facts, people = facts_of(repository)
    for end in (datetime(2019, 7, 1), datetime(2022, 1, 1), datetime(2026, 1, 1)):  # noqa: DTZ001
        check(repository, facts, people, end)
