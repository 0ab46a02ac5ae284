"""Git obeys us alone."""

from pathlib import Path

import pytest

from oshealth.collect.child import Command, run
from oshealth.collect.errors import ChildFailed, ChildMissing
from oshealth.collect.git_command import Git, check_git, git_environment


@pytest.fixture
def git(tmp_path: Path) -> Git:
    run(Command(("git", "init", "-q", "--bare", "--template=", str(tmp_path / "a.git")), git_environment()))
    return Git(tmp_path / "a.git")


def test_git_runs_in_the_directory_given(git: Git) -> None:
    assert git.run("rev-parse", "--absolute-git-dir") == f"{git.directory}\n".encode()


def test_several_gits_run_at_once(git: Git) -> None:
    outputs = git.run_together(["hash-object", "--stdin-paths"], [b"/dev/null\n", b"/dev/null\n/dev/null\n"])
    assert [len(output.split()) for output in outputs] == [1, 2]


def test_a_bare_repository_that_is_not_named_is_not_found(git: Git) -> None:
    command = git.command("rev-parse", "--absolute-git-dir")
    environment = {name: value for name, value in command.environment.items() if name != "GIT_DIR"}
    with pytest.raises(ChildFailed):
        run(Command(command.argv, environment, cwd=git.directory))


def test_the_users_git_variables_tokens_and_home_stay_behind() -> None:
    theirs = {"GIT_DIR": "/x", "GIT_EXTERNAL_DIFF": "rm", "GITHUB_TOKEN": "t", "HOME": "/home/me", "PATH": "/bin"}
    ours = git_environment({**theirs, "https_proxy": "http://proxy.example:3128"})
    assert ours["PATH"] == "/bin"
    assert ours["https_proxy"] == "http://proxy.example:3128"
    assert ours["HOME"] != "/home/me"
    assert not {"GIT_DIR", "GIT_EXTERNAL_DIFF", "GITHUB_TOKEN"} & ours.keys()


def test_settings_win_over_the_repositorys_own(git: Git) -> None:
    with (git.directory / "config").open("a") as file:
        file.write("[core]\n\tfsmonitor = touch /tmp/never\n\thooksPath = /tmp\n")
    assert git.run("config", "core.fsmonitor") == b"false\n"
    assert git.run("config", "core.hooksPath") == b"/dev/null\n"
    assert git.with_settings(diff__renameLimit="7").run("config", "diff.renameLimit") == b"7\n"


def test_without_git_or_with_an_old_one_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(ChildMissing, match="git is not on PATH"):
        check_git({"PATH": str(tmp_path)})
    script = tmp_path / "git"
    script.write_text("#!/bin/sh\necho git version 2.30.2\n")
    script.chmod(0o755)
    with pytest.raises(ChildMissing, match=r"is version 2\.30: oshealth needs git 2\.38 or later"):
        check_git({"PATH": str(tmp_path)})
    check_git()
