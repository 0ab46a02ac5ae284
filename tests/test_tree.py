"""The tree of any day, from intervals on the first-parent line, is the one that git tells."""

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from commit_log import read_commits
from oshealth.collect import tree
from oshealth.collect.commits import Metadata, Reading
from oshealth.collect.git_command import Git
from oshealth.collect.path_text import path_text
from oshealth.facts import stood_before
from repositories import START, Repo, clone_of_history, executable, submodule, symlink

DAY = timedelta(days=1)
READING = Reading("forge.example/town/product", b"k" * 32, datetime(2026, 11, 23, 3))  # noqa: DTZ001


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "product.git")


def commits_of(repo: Repo) -> Metadata:
    return read_commits(Git(repo.path), repo.sha(), READING)


def files_of(repo: Repo) -> pl.DataFrame:
    return tree.read_files(Git(repo.path), repo.sha(), commits_of(repo).commits, READING.repository)


def agrees_with_git(path: Path, files: pl.DataFrame, moment: datetime) -> bool:
    repo = Repo.__new__(Repo)
    repo.path = path
    before = f"--before={(moment - datetime(1970, 1, 1)) // timedelta(seconds=1)}"  # noqa: DTZ001
    sha = repo.git("rev-list", "-1", "--first-parent", before, "HEAD")
    lines = repo.git("ls-tree", "-r", "-z", sha).split("\0")[:-1] if sha else []
    entries = [(line.split("\t", 1)[1], line.split()[2], line.split()[0]) for line in lines]
    expected = [(path_text(p.encode(errors="surrogateescape")), b) for p, b, _ in entries]
    found = files.filter(stood_before(moment + timedelta(seconds=1)))  # git's `--before` includes its second
    links = {path for path, _, mode in entries if mode == "120000"}
    assert set(found.filter("is_symlink")["path"]) == links
    return sorted(expected) == sorted(found.select("path", "blob").rows())


def test_the_tree_at_each_moment_is_what_git_says(repo: Repo) -> None:
    root = repo.commit({"a": "1", "b": "1", "link": symlink("a")})
    repo.commit({"side": "1"}, branch="side", parents=[root])
    repo.commit({"a": None, "b": "2", b"caf\xe9": "1", rb"caf\xe9": "2"})
    repo.merge("side", files={"side": "1"})
    repo.commit({"a": "1", "lib": submodule(), "link": "a"})
    repo.commit({"early": "1"}, date=START + DAY / 2)
    repo.commit({"a": "3"}, date=START + 9 * DAY)
    repo.commit({"a": "1"}, date=START + 9 * DAY)
    files = files_of(repo)
    for hours in range(-24, 24 * 11, 6):
        assert agrees_with_git(repo.path, files, START + timedelta(hours=hours)), hours
    assert files.filter(pl.col("from_at") >= pl.col("until_at")).is_empty()


def test_a_content_that_stays_is_one_row(repo: Repo) -> None:
    repo.commit({"a": "1"})
    repo.commit({"a": executable("1")})
    repo.commit({"a": "2"}, date=START + 5 * DAY)
    repo.commit({"a": "1"}, date=START + 5 * DAY)
    assert files_of(repo).select("from_at", "until_at").rows() == [(START, None)]


def test_files_grow_with_the_history_as_if_read_anew(repo: Repo) -> None:
    repo.commit({"a": "1", "b": "1", "c": "1"})
    repo.commit({"a": "2", "b": None})
    earlier, old = files_of(repo), repo.sha()
    repo.commit({"a": None, "b": "1", "d": "1"})
    repo.commit({"c": "1", "d": "2"})
    commits = commits_of(repo).commits
    output = Git(repo.path).run(*tree.LOG, f"{old}..main", "--")
    grown = tree.extend_files(output, commits, earlier)
    assert grown is not None
    assert grown.sort("path", "from_at").equals(files_of(repo).sort("path", "from_at"))
    repo.commit({"a": "9"}, date=START)
    output = Git(repo.path).run(*tree.LOG, f"{old}..main", "--")
    assert tree.extend_files(output, commits_of(repo).commits, earlier) is None


@pytest.mark.histories
@pytest.mark.parametrize("name", ["OS2borgerPC/os2borgerpc-client", "OS2borgerPC/os2borgerpc-admin-site"])
def test_real_histories_agree_with_git(name: str, tmp_path: Path) -> None:
    path = clone_of_history(name, tmp_path)
    git = Git(path)
    metadata = read_commits(git, "HEAD", READING)
    commits = metadata.commits
    assert commits["sha"].to_list() == git.run("rev-list", "--topo-order", "--reverse", "HEAD").decode().split()
    files = tree.read_files(git, "HEAD", commits, READING.repository)
    line = commits.filter("is_first_parent")["known_at"].sort()
    for share in (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0):
        assert agrees_with_git(path, files, line[int(share * (len(line) - 1))]), share
