"""Mirrors are brought up to date, or stay as they were and say why."""

import fcntl
import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from oshealth.collect.address import Mirrors, mirror_folder
from oshealth.collect.child import Limits
from oshealth.collect.errors import AddressError
from oshealth.collect.mirror import open_mirror, refresh
from oshealth.collect.opened import Opened
from repositories import HISTORIES, Repo

URL = "https://forge.example/town/product"
LIMITS = Limits(seconds=30)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo(tmp_path / "remote" / "town" / "product")
    made.commit({"README.md": "one"})
    made.tag("v1", message="One")
    made.commit({"README.md": "two"})
    made.commit({"more": "x"}, branch="side", parents=[made.sha()])
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mirrors"


def fetched(folder: Path, limits: Limits = LIMITS) -> Opened:
    return refresh(URL, folder, limits, Mirrors.parse([f"https://forge.example/={folder.parent}/remote/"]))


def count(opened: Opened) -> int:
    return int(opened.git.run("rev-list", "--count", "HEAD"))


def inodes(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(f): (f.stat().st_ino, f.stat().st_mtime_ns) for f in folder.rglob("*") if f.suffix != ".lock"}


def test_a_mirror_has_branches_tags_and_head_and_nothing_else(repo: Repo, folder: Path) -> None:
    repo.git("update-ref", "refs/pull/1/head", repo.commit({"x": "y"}, branch="request"))
    repo.git("update-ref", "-d", "refs/heads/request")
    repo.git("update-ref", "refs/notes/commits", repo.sha())
    opened = fetched(folder)
    assert (opened.status, opened.head, opened.default_branch) == ("ok", repo.sha(), "main")
    assert list(opened.tips) == [b"refs/heads/main", b"refs/heads/side", b"refs/tags/v1"]
    assert opened.git.run("for-each-ref", "--format=%(refname)").split() == list(opened.tips)
    assert count(opened) == 2
    unfetched = repo.git("rev-parse", "refs/pull/1/head")
    assert b"missing" in opened.git.run("cat-file", "--batch-check", stdin=f"{unfetched}\n".encode())


def test_a_mirror_is_named_by_a_hash_and_private(repo: Repo, folder: Path) -> None:
    opened = fetched(folder)
    assert repo.path.exists()
    assert opened.git.directory == folder / mirror_folder(URL)
    assert "product" not in opened.git.directory.name
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder, opened.git.directory)} == {0o700}
    assert not (opened.git.directory / "hooks").exists()
    assert "remote" not in (opened.git.directory / "config").read_text()


def test_with_nothing_new_nothing_is_touched(repo: Repo, folder: Path) -> None:
    fetched(folder)
    before = inodes(folder)
    assert fetched(folder).head == repo.sha()
    assert inodes(folder) == before


def test_new_gone_and_rewritten_branches_are_followed(repo: Repo, folder: Path) -> None:
    fetched(folder)
    repo.commit({"README.md": "three"})
    repo.commit({"x": "y"}, branch="side", parents=[repo.sha("v1")])
    repo.git("update-ref", "-d", "refs/tags/v1")
    repo.commit({"x": "z"}, branch="new")
    opened = fetched(folder)
    assert count(opened) == 3
    assert list(opened.tips) == [b"refs/heads/main", b"refs/heads/new", b"refs/heads/side"]
    assert opened.tips[b"refs/heads/side"] == repo.sha("side")


def test_a_branch_may_become_a_folder_of_branches(repo: Repo, folder: Path) -> None:
    fetched(folder)
    repo.git("branch", "-m", "side", "side/by/side")
    assert b"refs/heads/side/by/side" in fetched(folder).tips


def test_another_default_branch_is_followed(repo: Repo, folder: Path) -> None:
    fetched(folder)
    repo.git("symbolic-ref", "HEAD", "refs/heads/side")
    assert fetched(folder).default_branch == "side"


def test_many_fetches_leave_few_packs(repo: Repo, folder: Path) -> None:
    for number in range(45):
        repo.commit({"README.md": str(number)})
        opened = fetched(folder)
    assert len(list(opened.git.directory.glob("objects/pack/*.pack"))) < 40
    assert count(opened) == 47


def test_what_a_killed_fetch_left_is_swept_away(repo: Repo, folder: Path) -> None:
    directory = fetched(folder).git.directory
    for name in ("packed-refs.lock", "HEAD.lock", "shallow.lock", "refs/heads/main.lock", "objects/pack/tmp_pack_x"):
        (directory / name).write_text("")
    newest = repo.commit({"README.md": "three"})
    opened = fetched(folder)
    assert (opened.status, opened.head) == ("ok", newest)
    assert not list(directory.rglob("tmp_*"))


def test_a_broken_mirror_is_made_anew(repo: Repo, folder: Path) -> None:
    directory = fetched(folder).git.directory
    for pack in directory.glob("objects/pack/*"):
        pack.chmod(0o600)
        pack.write_bytes(b"broken")
    newest = repo.commit({"README.md": "three"})
    opened = fetched(folder)
    assert (opened.status, opened.head, count(opened)) == ("ok", newest, 3)
    assert len(list(folder.glob("*"))) == 2


def test_an_unreachable_repository_keeps_its_mirror(repo: Repo, folder: Path) -> None:
    fetched(folder)
    shutil.move(repo.path, repo.path.with_name("elsewhere"))
    opened = fetched(folder)
    assert (opened.status, count(opened)) == ("unreachable", 2)
    assert str(folder.parent) not in opened.detail
    assert opened.detail.count(".") <= URL.count(".") + 1


def test_an_unreachable_repository_that_was_never_fetched_has_no_refs(folder: Path) -> None:
    opened = fetched(folder)
    assert (opened.status, opened.head, dict(opened.tips)) == ("unreachable", None, {})


def test_a_host_that_does_not_exist_is_unreachable(folder: Path) -> None:
    opened = refresh("https://no-such-host.invalid/a/b", folder, LIMITS)
    assert opened.status == "unreachable"
    assert "no-such-host.invalid" in opened.detail


def test_a_repository_without_commits_is_empty_and_does_not_empty_its_mirror(repo: Repo, folder: Path) -> None:
    directory = fetched(folder).git.directory
    shutil.rmtree(repo.path)
    Repo(repo.path)
    assert fetched(folder).status == "empty"
    assert open_mirror(URL, folder, LIMITS).status == "ok"
    assert directory.exists()


def test_a_default_branch_without_commits_is_unborn(repo: Repo, folder: Path) -> None:
    repo.git("symbolic-ref", "HEAD", "refs/heads/other")
    for _ in range(2):
        opened = fetched(folder)
        assert (opened.status, opened.head, opened.default_branch) == ("unborn", None, None)
        assert len(opened.tips) == 3


def test_a_detached_head_stands_for_the_branch_at_its_commit(repo: Repo, folder: Path) -> None:
    (repo.path / "HEAD").write_text(repo.sha() + "\n")
    assert fetched(folder).default_branch == "main"
    (repo.path / "HEAD").write_text(repo.sha("v1") + "\n")
    opened = fetched(folder)
    assert (opened.head, opened.default_branch, opened.status) == (repo.sha("v1"), None, "ok")


def test_a_shallow_repository_gives_a_shallow_mirror(repo: Repo, folder: Path) -> None:
    command = ["git", "clone", "-q", "--bare", "--depth=1", f"file://{repo.path}", str(repo.path.with_name("s"))]
    subprocess.run(command, check=True, capture_output=True)
    shutil.rmtree(repo.path)
    shutil.move(repo.path.with_name("s"), repo.path)
    opened = fetched(folder)
    assert (opened.status, count(opened)) == ("shallow", 1)


def test_sha256_is_mirrored_in_full_also_where_sha1_was(repo: Repo, folder: Path) -> None:
    fetched(folder)
    shutil.rmtree(repo.path)
    head = Repo(repo.path, "sha256").commit({"a": "b"})
    for _ in range(2):
        opened = fetched(folder)
        assert (opened.status, opened.head, count(opened), len(head)) == ("ok", head, 1, 64)


def test_a_repository_with_missing_objects_gives_the_branches_that_are_whole(repo: Repo, folder: Path) -> None:
    blob = repo.git("rev-parse", "side:more")
    drop_object(repo, blob)
    opened = fetched(folder)
    assert opened.status == "partial"
    assert count(opened) == 2
    assert b"refs/heads/side" not in opened.tips


def test_a_repository_whose_default_branch_is_broken_is_corrupt(repo: Repo, folder: Path) -> None:
    drop_object(repo, repo.git("rev-parse", "main^{tree}"))
    opened = fetched(folder)
    assert (opened.status, opened.head) == ("corrupt", None)


def test_a_bundle_cut_short_is_corrupt(repo: Repo, folder: Path) -> None:
    bundle = repo.path.with_name("bundle")
    repo.git("bundle", "create", "-q", str(bundle), "--all", "HEAD")
    shutil.rmtree(repo.path)
    repo.path.write_bytes(bundle.read_bytes()[:-40])
    assert fetched(folder).status == "corrupt"
    repo.path.write_bytes(bundle.read_bytes())
    assert (fetched(folder).status, count(fetched(folder))) == ("ok", 2)


def test_a_repository_beyond_the_size_limit_is_too_large(repo: Repo, folder: Path) -> None:
    repo.commit({"big": os.urandom(1 << 20)})
    opened = fetched(folder, Limits(seconds=30, file_bytes=1 << 18))
    assert (opened.status, opened.head) == ("too_large", None)
    assert "larger than 262,144 bytes" in opened.detail


def test_a_mirror_that_is_held_by_another_run_is_waited_for_until_the_limit(repo: Repo, folder: Path) -> None:
    directory = fetched(folder).git.directory
    with directory.with_suffix(".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        opened = fetched(folder, Limits(seconds=0.2))
    assert opened.status == "timed_out"
    assert opened.head == repo.sha()


def test_faults_of_old_and_honest_histories_are_no_reason_to_refuse_them(repo: Repo, folder: Path) -> None:
    tree = repo.git("rev-parse", "main^{tree}")
    text = f"tree {tree}\nauthor nobody <nobody@example.org <x>> 99999999999999999999 +051800\ncommitter x 1 +0\n\nx\n"
    padded = repo.write_object("tree", b"040000 dir\0" + bytes.fromhex(tree))
    for content in (text, text.replace(tree, padded)):
        repo.git("update-ref", "refs/heads/main", repo.write_object("commit", content.encode()))
        assert fetched(folder).status == "ok"


def test_a_wrong_address_is_refused_before_anything_is_made(folder: Path) -> None:
    with pytest.raises(AddressError):
        refresh("file:///etc", folder, LIMITS)
    assert not folder.exists()


def drop_object(repo: Repo, name: str) -> None:
    """Unpack everything, then take one object away."""
    for pack in repo.path.glob("objects/pack/*.pack"):
        content = pack.read_bytes()
        for part in repo.path.glob("objects/pack/*"):
            part.unlink()
        repo.git("unpack-objects", "-q", stdin=content)
    (repo.path / "objects" / name[:2] / name[2:]).unlink()


@pytest.mark.histories
@pytest.mark.skipif(not HISTORIES.exists(), reason="the histories are not there")
def test_a_real_history_is_mirrored_from_its_bundle(folder: Path) -> None:
    mirrors = Mirrors.parse([f"https://github.com/={HISTORIES}/"])
    opened = refresh("https://github.com/OS2borgerPC/os2borgerpc-client", folder, LIMITS, mirrors)
    assert (opened.status, count(opened)) == ("ok", 270)
