"""Crawls of repositories that are empty, cut, damaged or of another make."""

from pathlib import Path

import pytest

from oshealth.collect.git import crawl
from oshealth.collect.git_command import Git
from oshealth.collect.opened import Opened
from oshealth.collect.refs import Refs
from oshealth.store import FactsFolder, PrivateFolder
from repositories import START, Repo
from test_crawl import DAY, NAME, crawl_of, request


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "product.git")


@pytest.fixture
def store(tmp_path: Path) -> FactsFolder:
    return FactsFolder(tmp_path / "data")


def test_an_empty_repository_has_its_own_status(repo: Repo, store: FactsFolder) -> None:
    assert crawl_of(repo.path, store, request()).status == "empty"
    assert store.read(NAME, "commit").is_empty()


def test_a_repository_whose_default_branch_is_unborn_tells_its_branches(repo: Repo, store: FactsFolder) -> None:
    repo.commit({"a": "1"}, branch="other")
    assert crawl_of(repo.path, store, request()).status == "unborn"
    assert store.read(NAME, "branch")["name"].to_list() == ["other"]


def test_a_sha256_repository_is_read(tmp_path: Path, store: FactsFolder) -> None:
    repo = Repo(tmp_path / "long.git", "sha256")
    repo.commit({"a": "1"})
    repo.commit({"a": None, "b": "1"})
    assert crawl_of(repo.path, store, request()).status == "ok"
    assert store.read(NAME, "change")["kind"].to_list() == ["A", "R"]
    assert store.read(NAME, "file")["blob"].str.len_chars().to_list() == [64, 64]


def test_a_shallow_clone_does_not_add_everything_at_its_boundary(repo: Repo, store: FactsFolder) -> None:
    for number in range(4):
        repo.commit({"a": str(number), f"b{number}": "1"})
    boundary = repo.sha("main~1")
    (repo.path / "shallow").write_text(boundary + "\n")
    assert crawl_of(repo.path, store, request()).status == "shallow"
    assert set(store.read(NAME, "change")["sha"]) == {repo.sha()}
    assert store.read(NAME, "commit").height == 2
    assert store.read(NAME, "gap").select("reason", "count").rows() == [("shallow_boundary", 1)]


def test_missing_objects_make_it_partial_and_the_rest_lands(repo: Repo, store: FactsFolder) -> None:
    text = "".join(f"line {n}\n" for n in range(30))
    repo.commit({"a": text})
    repo.commit({"a": None, "b": text + "more\n"})
    repo.commit({"c": "1"})
    lose(repo, "main~2:a")
    assert crawl_of(repo.path, store, request()).status == "partial"
    assert store.read(NAME, "gap")["reason"].to_list() == ["missing_objects"]
    assert store.read(NAME, "change").height == 4


def test_missing_trees_cost_the_files_of_old_and_their_commits_changes(repo: Repo, store: FactsFolder) -> None:
    for number in range(6):
        repo.commit({"docs/a": str(number), "CHANGELOG.md": f"## 1.{number}\n"})
        repo.tag(f"v1.{number}")
    lose(repo, "main~3:docs")
    lose(repo, "main~4:CHANGELOG.md")
    assert crawl_of(repo.path, store, request()).status == "partial"
    assert store.read(NAME, "commit").height == 6
    assert store.read(NAME, "change")["sha"].n_unique() == 4
    assert store.read(NAME, "file").select("path", "from_at").rows() == [
        ("CHANGELOG.md", START + 5 * DAY),
        ("docs/a", START + 5 * DAY),
    ]
    assert set(store.read(NAME, "release")["source"]) == {"tag"}
    assert set(store.read(NAME, "gap").select("what", "reason").rows()) == {
        ("change", "missing_objects"),
        ("change", "missing_trees"),
        ("file", "missing_trees"),
        ("release", "missing_objects"),
    }


def test_a_repository_that_breaks_keeps_yesterdays_rows(repo: Repo, store: FactsFolder) -> None:
    repo.commit({"a": "1"})
    repo.commit({"a": "2"})
    crawl_of(repo.path, store, request())
    repo.commit({"a": "3"})
    lose(repo, "main~2")
    ledger = crawl_of(repo.path, store, request())
    assert ledger.status in {"corrupt", "partial"}
    assert store.read(NAME, "commit").height == 2
    assert store.read(NAME, "gap")["what"].to_list() == ["crawl"]


def test_what_git_says_of_a_failure_does_not_tell_where_the_mirror_lies(store: FactsFolder, tmp_path: Path) -> None:
    opened = Opened(Git(tmp_path / "mirror.git"), Refs(head="1" * 40), "ok")
    ledger = crawl(opened, request(), store, PrivateFolder(store.path.parent))
    assert ledger.status == "corrupt"
    assert f"not a git repository: 'https://{NAME}'" in ledger.detail
    assert str(tmp_path) not in ledger.detail


def lose(repo: Repo, name: str) -> None:
    sha = repo.git("rev-parse", name)
    (repo.path / "objects" / sha[:2] / sha[2:]).unlink()


def test_the_statuses_of_an_opened_repository_are_kept(repo: Repo, store: FactsFolder) -> None:
    opened = Opened(Git(repo.path), refs=Refs(), status="too_large", detail="Too large.")
    ledger = crawl(opened, request(), store, PrivateFolder(store.path.parent))
    assert (ledger.status, ledger.is_stale) == ("too_large", False)
    assert store.read(NAME, "gap").select("what", "reason").rows() == [("crawl", "too_large")]
