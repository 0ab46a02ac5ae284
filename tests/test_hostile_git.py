"""A hostile repository, server or environment runs nothing, changes nothing and holds nothing up."""

import os
import socket
import subprocess
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from oshealth.collect.address import Mirrors
from oshealth.collect.child import Limits
from oshealth.collect.errors import ChildFailed, ChildTimedOut, ChildTooLarge
from oshealth.collect.mirror import refresh
from oshealth.collect.opened import Opened
from oshealth.collect.overlay import overlay
from oshealth.sources import Host
from repositories import Repo, submodule, symlink

URL = "https://forge.example/product"
LIMITS = Limits(seconds=30)
COMMANDS = (
    *("core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "core.askPass", "core.gitProxy"),
    *("core.alternateRefsCommand", "uploadpack.packObjectsHook", "diff.external", "diff.trap.textconv"),
    *("diff.trap.command", "filter.trap.clean", "filter.trap.smudge", "filter.trap.process", "credential.helper"),
    *("gpg.program", "gpg.x509.program", "gpg.ssh.program", "pager.log", "interactive.diffFilter", "sequence.editor"),
    *("merge.trap.driver", "trailer.sign.command"),
    *("alias.rev-list", "alias.log", "alias.cat-file", "alias.diff-tree", "alias.ls-tree", "alias.upload-pack"),
)
HOOKS = ("post-checkout", "post-update", "pre-auto-gc", "reference-transaction", "post-index-change", "pre-receive")
ATTRIBUTES = "* diff=trap filter=trap ident\n*.bin -diff\n"
SIGNED = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ\n -----END PGP SIGNATURE-----\n"


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    """What every trap here makes when it snaps."""
    return tmp_path / "trace"


@pytest.fixture
def honest(tmp_path: Path) -> Repo:
    made = Repo(tmp_path / "remote" / "product")
    made.commit({"README.md": "one\n", ".gitattributes": ATTRIBUTES, "a.bin": "1\n"})
    made.commit({"README.md": "two\n", "a.bin": "2\n", "link": symlink("/etc/passwd"), "sub": submodule()})
    sign_head(made)
    return made


@pytest.fixture
def repo(honest: Repo, trace: Path) -> Repo:
    set_traps(honest.path, trace)
    return honest


def sign_head(repo: Repo) -> None:
    text = repo.git("cat-file", "commit", "main") + "\n"
    signed = text.replace("\n\n", f"\n{SIGNED}\n", 1)
    repo.git("update-ref", "refs/heads/main", repo.write_object("commit", signed.encode()))


def set_traps(directory: Path, trace: Path) -> None:
    script, included = Path(f"{trace}.sh"), Path(f"{trace}.included")
    script.write_text(f"#!/bin/sh\ntouch {trace}\nexit 1\n")
    script.chmod(0o755)
    included.write_text(f"[core]\n\tfsmonitor = {script}\n")
    harmless = {"include.path": str(included), "log.showSignature": "true"}
    for name, value in {**dict.fromkeys(COMMANDS, str(script)), **harmless}.items():
        text = f"!{value}" if name.startswith("alias.") else value
        subprocess.run(["git", "config", "-f", str(directory / "config"), name, text], check=True)
    (directory / "hooks").mkdir(exist_ok=True)
    for name in HOOKS:
        (directory / "hooks" / name).symlink_to(script)


def read_all(opened: Opened) -> bytes:
    """Every kind of command that reads a history."""
    git = opened.git
    for arguments in (
        ["log", "--raw", "-M", "-z", "--all"],
        ["log", "-p", "-U0", "--numstat", "HEAD"],
        ["show", "HEAD"],
        ["ls-tree", "-r", "HEAD"],
        ["blame", "HEAD", "--", "README.md"],
        ["for-each-ref", "--format=%(refname) %(objectname)"],
        ["rev-list", "--objects", "--all"],
        ["commit-graph", "write", "--reachable", "--changed-paths"],
        ["fsck", "--no-dangling"],
    ):
        git.run(*arguments)
    git.run("diff-tree", "--stdin", "-r", "-p", stdin=git.run("rev-list", "HEAD"))
    return git.run("log", "-p", "--format=%H %P", "HEAD")


def fetched(folder: Path, limits: Limits = LIMITS) -> Opened:
    return refresh(URL, folder / "mirrors", limits, Mirrors.parse([f"https://forge.example/={folder}/remote/"]))


@pytest.mark.parametrize("command", [["log", "-1"], ["diff", "HEAD~1", "HEAD"], ["update-ref", "refs/heads/x", "HEAD"]])
def test_the_traps_snap_when_git_reads_the_repository_itself(repo: Repo, trace: Path, command: list[str]) -> None:
    environment = {**os.environ, "GIT_DIR": str(repo.path)}
    subprocess.run(["git", *command], env=environment, check=False, capture_output=True)
    assert trace.exists()


def test_no_trap_of_a_repository_snaps_in_its_overlay(repo: Repo, trace: Path) -> None:
    with overlay(repo.path) as opened:
        assert opened.status == "ok"
        assert b"+two" in read_all(opened)
    assert not trace.exists()


def test_no_trap_of_an_operators_folder_snaps_in_a_fetch(honest: Repo, tmp_path: Path, trace: Path) -> None:
    fetched(tmp_path)
    honest.commit({"README.md": "three\n"})
    set_traps(honest.path, trace)
    opened = fetched(tmp_path)
    assert opened.status == "ok"
    assert b"+three" in read_all(opened)
    assert not trace.exists()


def test_no_trap_of_the_users_environment_snaps(
    repo: Repo, tmp_path: Path, trace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "config").write_text("")
    set_traps(home, trace)
    (home / ".gitconfig").write_text((home / "config").read_text())
    for name, value in {
        "HOME": str(home),
        "GIT_CONFIG_GLOBAL": str(home / "config"),
        "GIT_TEMPLATE_DIR": str(home),
        "GIT_DIR": str(tmp_path),
        "GIT_EXTERNAL_DIFF": f"touch {trace}",
        "GIT_PROXY_COMMAND": f"touch {trace}",
        "GIT_TRACE": str(trace),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(tmp_path),
        "GIT_CONFIG_PARAMETERS": f"'core.fsmonitor'='touch {trace}'",
    }.items():
        monkeypatch.setenv(name, value)
    with overlay(repo.path) as opened:
        read_all(opened)
    read_all(fetched(tmp_path))
    assert not trace.exists()


def test_attributes_of_the_tree_change_no_number(repo: Repo) -> None:
    with overlay(repo.path) as opened:
        assert b"1\t1\ta.bin" in opened.git.run("log", "-1", "--numstat", "HEAD")


def test_replacements_and_grafts_change_no_history(honest: Repo, tmp_path: Path) -> None:
    head, first = honest.sha(), honest.sha("main~1")
    honest.git("replace", "-f", head, first)
    assert fetched(tmp_path).git.run("rev-list", "HEAD").decode().split() == [head, first]
    (honest.path / "info").mkdir(exist_ok=True)
    (honest.path / "info" / "grafts").write_text(f"{head}\n")
    with overlay(honest.path) as opened:
        assert opened.git.run("rev-list", "HEAD").decode().split() == [head, first]


def test_a_commit_graph_that_lies_is_not_believed(repo: Repo) -> None:
    repo.git("commit-graph", "write", "--reachable")
    graph = repo.path / "objects" / "info" / "commit-graph"
    graph.chmod(0o600)
    content = bytearray(graph.read_bytes())
    content[-60:-20] = bytes(40)
    graph.write_bytes(content)
    with overlay(repo.path) as opened:
        assert opened.git.run("rev-list", "--count", "HEAD") == b"2\n"


def test_submodules_are_not_followed_and_pointers_to_large_files_stay_pointers(
    honest: Repo, tmp_path: Path, trace: Path
) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 99999999\n"
    modules = f'[submodule "sub"]\n\tpath = sub\n\turl = ext::sh -c touch% {trace}\n\tupdate = !touch {trace}\n'
    honest.commit({".gitmodules": modules, "film.mp4": pointer, ".gitattributes": "*.mp4 filter=lfs diff=lfs\n"})
    opened = fetched(tmp_path)
    assert opened.git.run("cat-file", "blob", "HEAD:film.mp4").decode() == pointer
    assert b"160000 commit" in opened.git.run("ls-tree", "HEAD")
    assert not trace.exists()
    assert not list((tmp_path / "mirrors").glob("*/modules"))


@pytest.mark.parametrize("protocol", ["ext::sh -c touch% {}", "file://{}", "git://127.0.0.1/{}", "ssh://127.0.0.1/{}"])
def test_no_other_protocol_is_spoken(honest: Repo, trace: Path, protocol: str) -> None:
    with overlay(honest.path) as opened, pytest.raises(ChildFailed, match="not allowed"):
        opened.git.run("ls-remote", "--", protocol.format(trace))
    assert not trace.exists()


@contextmanager
def silent_server() -> Iterator[int]:
    """Takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held: list[socket.socket] = []

        def accept() -> None:
            try:
                while True:
                    held.append(server.accept()[0])
            except OSError:
                return

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()
            for one in held:
                one.close()


def processes_with(text: str) -> list[str]:
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(path.read_bytes().decode(errors="replace"))
        except OSError:
            continue
    return [line for line in lines if text in line]


def test_a_server_that_never_answers_is_left_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with silent_server() as port:
        host = Host(name=f"127.0.0.1:{port}", is_private=True)
        started = time.monotonic()
        opened = refresh(f"https://127.0.0.1:{port}/a/b", tmp_path, Limits(seconds=1), hosts=(host,))
        assert opened.status == "timed_out"
        assert time.monotonic() - started < 10
        # Killed children of children are still listed until the system has cleared them away.
        while processes_with(f"127.0.0.1:{port}") and time.monotonic() - started < 20:
            time.sleep(0.05)
        assert not processes_with(f"127.0.0.1:{port}")


def test_a_tree_that_unfolds_without_end_is_ended_by_limits(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "bomb.git")
    name = repo.write_object("blob", b"x")
    mode = "100644 blob"
    for _ in range(12):
        entries = "".join(f"{mode} {name}\t{letter}\n" for letter in "abcdefghij")
        name, mode = repo.git("mktree", stdin=entries.encode()), "040000 tree"
    text = f"tree {name}\nauthor a <a@b.example> 1 +0000\ncommitter a <a@b.example> 1 +0000\n\nbomb\n"
    repo.git("update-ref", "refs/heads/main", repo.write_object("commit", text.encode()))
    with overlay(repo.path) as opened:
        small = replace(opened.git, limits=Limits(seconds=30, output_bytes=1 << 20))
        with pytest.raises(ChildTooLarge):
            small.run("ls-tree", "-r", "HEAD")
        short = replace(opened.git, limits=Limits(seconds=0.5))
        with pytest.raises((ChildTimedOut, ChildTooLarge)):
            short.run("ls-tree", "-r", "HEAD")


def test_a_huge_object_in_a_small_pack_is_ended_by_limits(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "remote" / "product")
    repo.commit({"zeros": bytes(1 << 27)})
    assert sum(path.stat().st_size for path in repo.path.rglob("*") if path.is_file()) < 1 << 20
    opened = fetched(tmp_path, Limits(seconds=60, megabytes=64))
    assert (opened.status, opened.head) == ("too_large", None)


def test_a_loose_object_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "remote" / "product")
    repo.commit({"a": "b"})
    blob = repo.git("rev-parse", "HEAD:a")
    loose = repo.path / "objects" / blob[:2] / blob[2:]
    loose.parent.mkdir(exist_ok=True)
    for pack in (repo.path / "objects" / "pack").glob("*"):
        pack.unlink()
    loose.unlink(missing_ok=True)
    loose.write_bytes(zlib.compress(b"blob 99999999999999\0b"))
    assert fetched(tmp_path).status in {"corrupt", "partial", "too_large"}


def test_names_with_control_characters_do_not_reach_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "remote").mkdir()
    (tmp_path / "remote" / "product").write_bytes(b"# v2 git bundle\n-\x1b[31m bad\n\nPACK")
    opened = fetched(tmp_path)
    assert opened.status in {"corrupt", "empty"}
    assert opened.detail.isprintable()
