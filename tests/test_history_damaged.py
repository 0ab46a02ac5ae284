"""Histories that lack objects: what is missing costs no more than itself."""

from pathlib import Path

import pytest

from oshealth.collect.errors import ChildFailed
from repositories import Repo
from test_history import changes_of, commits_of, kinds, reasons


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "product.git")


def test_a_missing_blob_costs_only_the_renames_that_need_it(repo: Repo) -> None:
    text = "".join(f"line {n}\n" for n in range(30))
    repo.commit({"a": text, "same": "0\n" + text})
    repo.commit({"a": None, "b": text + "more\n", "same": None, "moved": "0\n" + text})
    lose(repo, "main~1:a")
    changes = changes_of(repo)
    assert kinds(changes)[2:] == [("D", "a", None), ("A", "b", None), ("R", "moved", "same")]
    assert reasons(changes.gaps) == {"missing_objects": None}


def test_a_missing_tree_costs_only_its_commits(repo: Repo) -> None:
    for number in range(10):
        repo.commit({"docs/a": str(number), f"b{number}": "1"})
    lose(repo, "main~5:docs")
    changes = changes_of(repo)
    assert changes.frame["sha"].n_unique() == 8
    assert reasons(changes.gaps) == {"missing_objects": None, "missing_trees": 2}


def test_a_missing_commit_is_an_error_and_no_rows(repo: Repo) -> None:
    for number in range(3):
        repo.commit({"a": str(number)})
    lose(repo, "main~1")
    with pytest.raises(ChildFailed):
        commits_of(repo)


def lose(repo: Repo, name: str) -> None:
    sha = repo.git("rev-parse", name)
    (repo.path / "objects" / sha[:2] / sha[2:]).unlink()
