"""A repository on this machine is read without a copy, a change, or a look at its configuration."""

import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from oshealth.collect.errors import AddressError
from oshealth.collect.opened import Opened
from oshealth.collect.overlay import overlay
from oshealth.collect.refs import is_ref_name
from repositories import HISTORIES, Repo


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo(tmp_path / "source.git")
    made.commit({"README.md": "one"})
    made.tag("v1", message="One")
    made.commit({"README.md": "two"})
    made.commit({"more": "x"}, branch="side", parents=[made.sha()])
    return made


def count(opened: Opened) -> int:
    return int(opened.git.run("rev-list", "--count", "HEAD"))


def fingerprint(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(f): (f.stat().st_mtime_ns, f.stat().st_mode, f.read_bytes()) for f in files}


def git(folder: Path, *arguments: str) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True)


def test_it_has_the_sources_refs_and_history(repo: Repo) -> None:
    with overlay(repo.path) as opened:
        assert (opened.status, opened.head, opened.default_branch) == ("ok", repo.sha(), "main")
        assert dict(opened.tips) == {
            b"refs/heads/main": repo.sha(),
            b"refs/heads/side": repo.sha("side"),
            b"refs/tags/v1": repo.git("rev-parse", "refs/tags/v1"),
        }
        assert count(opened) == 2
        assert opened.git.run("for-each-ref", "--format=%(refname)").split() == list(opened.tips)


def test_the_source_is_not_changed_and_nothing_is_left_behind(repo: Repo) -> None:
    before = fingerprint(repo.path)
    with overlay(repo.path) as opened:
        folder = opened.git.directory
        opened.git.run("commit-graph", "write", "--reachable")
        opened.git.run("log", "-p", "--all")
    assert fingerprint(repo.path) == before
    assert not folder.exists()


def test_packed_and_loose_refs_are_read_and_the_loose_one_counts(repo: Repo) -> None:
    repo.git("pack-refs", "--all")
    newest = repo.commit({"README.md": "three"})
    with overlay(repo.path) as opened:
        assert opened.head == newest
        assert len(opened.tips) == 3


@pytest.mark.parametrize("name", ["a:b.git", 'quo"te.git', "new\nline.git", "back\\slash.git", "-dash.git", "ø \udcff"])
def test_a_path_may_hold_any_character(repo: Repo, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.move(repo.path, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    for path in (tmp_path / name, Path(name)):
        with overlay(path) as opened:
            assert opened.status == "ok"
            assert count(opened) == 2


def test_the_folder_around_a_repository_a_link_to_it_and_its_git_folder_will_do(repo: Repo, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", str(repo.path), "work")
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / ".git").symlink_to(tmp_path / "work" / ".git")
    (tmp_path / "link").symlink_to(tmp_path / "work")
    for name in ("work", "work/.git", "link", "linked"):
        with overlay(tmp_path / name) as opened:
            assert (opened.status, opened.head) == ("ok", repo.sha())


def test_a_worktree_has_its_own_head_and_the_shared_history(repo: Repo, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", str(repo.path), "work")
    git(tmp_path / "work", "worktree", "add", "-q", "../tree", "-b", "topic", "origin/side")
    with overlay(tmp_path / "tree") as opened:
        assert (opened.default_branch, opened.head) == ("topic", repo.sha("side"))
        assert count(opened) == 3


def test_a_detached_head_names_a_commit_and_no_branch(repo: Repo) -> None:
    (repo.path / "HEAD").write_text(repo.sha("v1") + "\n")
    with overlay(repo.path) as opened:
        assert (opened.status, opened.head, opened.default_branch) == ("ok", repo.sha("v1"), None)
        assert count(opened) == 1


def test_a_head_that_is_a_symbolic_link_is_followed(repo: Repo) -> None:
    (repo.path / "HEAD").unlink()
    (repo.path / "HEAD").symlink_to("refs/heads/side")
    with overlay(repo.path) as opened:
        assert opened.default_branch == "side"


def test_a_symbolic_branch_stands_where_its_target_does(repo: Repo) -> None:
    repo.git("symbolic-ref", "refs/heads/alias", "refs/heads/side")
    with overlay(repo.path) as opened:
        assert opened.tips[b"refs/heads/alias"] == repo.sha("side")


def test_borrowed_objects_of_the_source_are_followed(repo: Repo, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", "--shared", str(repo.path), "b:or rowed.git")
    with overlay(tmp_path / "b:or rowed.git") as opened:
        assert count(opened) == 2


def test_a_shallow_clone_says_so(repo: Repo, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{repo.path}", "work")
    with overlay(tmp_path / "work") as opened:
        assert opened.status == "shallow"
        assert count(opened) == 1


def test_a_repository_without_commits_is_empty(tmp_path: Path) -> None:
    with overlay(Repo(tmp_path / "a.git").path) as opened:
        assert (opened.status, opened.head, dict(opened.tips)) == ("empty", None, {})


def test_a_default_branch_without_commits_is_unborn(repo: Repo) -> None:
    repo.git("symbolic-ref", "HEAD", "refs/heads/other")
    with overlay(repo.path) as opened:
        assert (opened.status, opened.head, opened.default_branch) == ("unborn", None, None)
        assert len(opened.tips) == 3


def test_sha256_is_read_in_full(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "a.git", "sha256")
    head = repo.commit({"a": "b"})
    with overlay(repo.path) as opened:
        assert (opened.status, opened.head, len(head)) == ("ok", head, 64)
        assert count(opened) == 1


def test_a_missing_tip_is_left_out_and_the_rest_is_partial(repo: Repo) -> None:
    (repo.path / "refs" / "heads" / "side").write_text("1" * 40 + "\n")
    with overlay(repo.path) as opened:
        assert opened.status == "partial"
        assert b"refs/heads/side" not in opened.tips
        assert opened.git.run("rev-list", "--count", "--all") == b"2\n"


def test_a_partial_clone_that_has_fetched_everything_since_is_whole(repo: Repo, tmp_path: Path) -> None:
    repo.git("config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--bare", "--filter=tree:5", f"file://{repo.path}", "whole.git")
    assert any((tmp_path / "whole.git" / "objects" / "pack").glob("*.promisor"))
    with overlay(tmp_path / "whole.git") as opened:
        assert (opened.status, opened.detail) == ("ok", "")


def test_a_partial_clone_says_so_and_fetches_nothing(repo: Repo, tmp_path: Path) -> None:
    repo.git("config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--bare", "--filter=blob:none", f"file://{repo.path}", "partial.git")
    before = fingerprint(tmp_path / "partial.git")
    with overlay(tmp_path / "partial.git") as opened:
        assert opened.status == "partial"
        assert count(opened) == 2
        assert b"missing" in opened.git.run("cat-file", "--batch-check", stdin=b"HEAD:README.md\n")
    assert fingerprint(tmp_path / "partial.git") == before


def test_a_missing_or_broken_default_branch_is_corrupt(repo: Repo) -> None:
    (repo.path / "refs" / "heads" / "main").write_text("1" * 40 + "\n")
    with overlay(repo.path) as opened:
        assert (opened.status, opened.head) == ("corrupt", None)


def test_a_default_branch_that_names_no_commit_is_corrupt(repo: Repo) -> None:
    (repo.path / "refs" / "heads" / "main").write_text(repo.git("rev-parse", "main:README.md") + "\n")
    with overlay(repo.path) as opened:
        assert (opened.status, opened.head) == ("corrupt", None)


def test_a_head_beyond_the_branches_stands_for_its_commit(repo: Repo) -> None:
    repo.git("update-ref", "refs/remotes/origin/topic", repo.sha("side"))
    (repo.path / "HEAD").write_text("ref: refs/remotes/origin/topic\n")
    with overlay(repo.path) as opened:
        assert (opened.status, opened.head, opened.default_branch) == ("ok", repo.sha("side"), None)
        assert count(opened) == 3


def test_refs_in_reftable_form_are_not_read_and_it_says_so(repo: Repo) -> None:
    (repo.path / "reftable").mkdir()
    with overlay(repo.path) as opened:
        assert opened.status == "corrupt"
        assert "reftable" in opened.detail


@pytest.mark.parametrize("name", ["nothing", "empty", "file", "empty/\x1b[31m\n", "broken", "x" * 300])
def test_what_is_no_repository_gets_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / ".git").write_text("gitdir: /nowhere\n")
    with pytest.raises(AddressError) as refusal, overlay(tmp_path / name):
        pass
    assert str(refusal.value).isprintable()
    assert str(refusal.value).endswith(".")


def test_pipes_and_devices_in_place_of_files_hold_nothing_up(repo: Repo) -> None:
    (repo.path / "refs" / "heads" / "side").unlink()
    os.mkfifo(repo.path / "refs" / "heads" / "side")
    os.mkfifo(repo.path / "packed-refs")
    os.mkfifo(repo.path / "shallow")
    (repo.path / "refs" / "heads" / "zero").symlink_to("/dev/zero")
    (repo.path / "refs" / "heads" / "loop").symlink_to(repo.path / "refs")
    with overlay(repo.path) as opened:
        assert opened.status == "ok"
        assert sorted(opened.tips) == [b"refs/heads/main", b"refs/tags/v1"]


def test_a_branch_with_a_name_that_git_refuses_is_left_out(repo: Repo) -> None:
    for name in ("a b", "new\nline", "x.lock", ".hidden", "a..b", "-dash"):
        (repo.path / "refs" / "heads" / name).write_text(repo.sha() + "\n")
    with overlay(repo.path) as opened:
        assert sorted(opened.tips) == [b"refs/heads/-dash", b"refs/heads/main", b"refs/heads/side", b"refs/tags/v1"]
        assert count(opened) == 2


@pytest.mark.parametrize(
    "name", ["a", "a/b", "-a", "a-", "a.b", "@", "ø", "a@b", "a{b", "a b", "a..b", "a.", "a.lock", ".a", "a/.b", "a//b",
             "a/", "/a", "a~", "a^", "a:", "a?", "a*", "a[", "a\\", "a@{b", "a\x7f", "a.lock/b", ""]
)  # fmt: skip
def test_names_are_judged_as_git_does(name: str) -> None:
    judged = subprocess.run(["git", "check-ref-format", f"refs/heads/{name}"], check=False).returncode == 0
    assert is_ref_name(f"refs/heads/{name}".encode()) == judged


def test_a_bundle_is_opened_like_a_repository(repo: Repo, tmp_path: Path) -> None:
    repo.git("bundle", "create", "-q", str(tmp_path / "a.bundle"), "--all", "HEAD")
    with overlay(tmp_path / "a.bundle") as opened:
        assert (opened.status, opened.head, opened.default_branch) == ("ok", repo.sha(), "main")
        assert len(opened.tips) == 3
        assert count(opened) == 2


def test_a_bundle_of_sha256_is_read_in_full(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "a.git", "sha256")
    head = repo.commit({"a": "b"})
    repo.git("bundle", "create", "-q", str(tmp_path / "a.bundle"), "--all")
    with overlay(tmp_path / "a.bundle") as opened:
        assert (opened.status, opened.head, count(opened)) == ("ok", head, 1)


def test_a_bundle_of_branches_alone_has_the_usual_one_as_default(repo: Repo, tmp_path: Path) -> None:
    repo.git("bundle", "create", "-q", str(tmp_path / "a.bundle"), "main", "side")
    with overlay(tmp_path / "a.bundle") as opened:
        assert (opened.status, opened.head, opened.default_branch) == ("ok", repo.sha(), "main")


def test_a_broken_bundle_is_corrupt(repo: Repo, tmp_path: Path) -> None:
    bundle = tmp_path / "a.bundle"
    repo.git("bundle", "create", "-q", str(bundle), "--all", "HEAD")
    bundle.write_bytes(bundle.read_bytes()[:-30])
    with overlay(bundle) as opened:
        assert (opened.status, opened.head) == ("corrupt", None)
        assert str(tmp_path) not in opened.detail


def test_the_overlay_is_for_its_owner_alone(repo: Repo) -> None:
    with overlay(repo.path) as opened:
        assert stat.S_IMODE(opened.git.directory.stat().st_mode) == 0o700


@pytest.mark.histories
@pytest.mark.skipif(not HISTORIES.exists(), reason="the histories are not there")
def test_a_real_history_is_opened_from_its_bundle() -> None:
    with overlay(HISTORIES / "OS2borgerPC" / "os2borgerpc-client") as opened:
        assert opened.status == "ok"
        assert count(opened) == 270


def test_what_is_no_repository_says_what_may_be_meant(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "docs").mkdir()
    lies_in = f"but lies in one: {tmp_path}."
    for target, said in ((tmp_path / "docs", lies_in), (Path("town.example/a/b"), "is https://town.example/a/b meant")):
        with pytest.raises(AddressError, match=re.escape(said)), overlay(target):
            pass
