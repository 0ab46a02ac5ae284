"""The delta maintainability of commits: PyDriller's three properties, within a budget, kept away from harm."""

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from commit_log import read_commits
from oshealth.collect.commits import Reading
from oshealth.collect.git_command import Git
from oshealth.collect.maintainability import due_commits, read_maintainability
from oshealth.facts import MAINTAINABILITY
from repositories import Repo

NAME = "example.org/town/app"
SIMPLE = "def add(a, b):\n    return a + b\n"
# 20 branches, 41 lines and 7 parameters: over the limits of 5, 15 and 2 that make a unit risky.
RISKY = "def decide(a, b, c, d, e, f, g):\n" + "".join(f"    if a == {n}:\n        b += {n}\n" for n in range(20))


@pytest.fixture
def repository(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "product.git")


def measured(repository: Repo, *shas: str, budget_seconds: float = 60) -> dict[str, tuple[float | None, str | None]]:
    frame, _ = read_maintainability(Git(repository.path), shas, NAME, budget_seconds)
    assert frame.schema == MAINTAINABILITY
    return {sha: (value, reason) for _, sha, value, reason in frame.iter_rows()}


def test_simple_code_is_maintainable_and_risky_code_is_not(repository: Repo) -> None:
    simple = repository.commit({"app.py": SIMPLE})
    risky = repository.commit({"app.py": SIMPLE + RISKY})
    better = repository.commit({"app.py": SIMPLE})
    # All that is added is low risk: 1 in all three properties. All is high risk: 0. Taking high risk away is good: 1.
    assert measured(repository, better, risky, simple) == {better: (1, None), risky: (0, None), simple: (1, None)}


def test_the_value_is_the_mean_of_the_three_properties(repository: Repo) -> None:
    repository.commit({"README.md": "hello"})
    # Short and without branches, but with four parameters: size 1, complexity 1, interfacing 0.
    sha = repository.commit({"app.py": "def add(a, b, c, d):\n    return a + b + c + d\n"})
    assert measured(repository, sha)[sha][0] == pytest.approx(2 / 3)


def test_a_commit_without_code_that_can_be_measured_says_so(repository: Repo) -> None:
    sha = repository.commit({"README.md": "hello"})
    assert measured(repository, sha) == {sha: (None, "no_code")}


def test_a_commit_that_cannot_be_read_is_a_gap_and_the_others_are_measured(repository: Repo) -> None:
    sha = repository.commit({"app.py": SIMPLE})
    missing = "1" * 40
    frame, gaps = read_maintainability(Git(repository.path), [missing, sha], NAME)
    assert frame.select("value", "reason").rows() == [(None, "parser_error"), (1, None)]
    assert [(gap.what, gap.reason, gap.count) for gap in gaps] == [("maintainability", "parser_error", 1)]


def test_without_time_nothing_is_measured(repository: Repo) -> None:
    sha = repository.commit({"app.py": SIMPLE})
    assert measured(repository, sha, budget_seconds=0) == {}


def test_the_repository_is_not_changed(repository: Repo) -> None:
    sha = repository.commit({"app.py": SIMPLE})
    before = {path: path.read_bytes() for path in repository.path.rglob("*") if path.is_file()}
    measured(repository, sha)
    assert {path: path.read_bytes() for path in repository.path.rglob("*") if path.is_file()} == before


def test_commits_of_the_year_are_due_newest_first_and_once(repository: Repo) -> None:
    shas = [repository.commit({"app.py": SIMPLE + f"# {day}\n"}, date=datetime(2024, 1, day)) for day in (1, 2, 3)]  # noqa: DTZ001
    old = Reading(NAME, b"k" * 32, datetime(2030, 1, 1))  # noqa: DTZ001
    commits = read_commits(Git(repository.path), shas[-1], old).commits
    nothing = MAINTAINABILITY.to_frame()
    known = pl.DataFrame([(NAME, shas[1], 1.0, None)], schema=MAINTAINABILITY, orient="row")
    assert due_commits(commits, nothing, datetime(2024, 6, 30)) == shas[::-1]  # noqa: DTZ001
    assert due_commits(commits, known, datetime(2025, 1, 1)) == [shas[2]]  # noqa: DTZ001
