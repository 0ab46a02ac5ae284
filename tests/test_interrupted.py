"""A command that is interrupted leaves nothing behind: no process, no temporary folder."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from repositories import Repo


@pytest.fixture
def slow(tmp_path: Path) -> Repo:
    """A repository whose tree takes half a minute to unfold."""
    repo = Repo(tmp_path / "slow.git")
    name, mode = repo.write_object("blob", b"x"), "100644 blob"
    for _ in range(7):
        name = repo.git("mktree", stdin="".join(f"{mode} {name}\t{letter}\n" for letter in "abcdefghij").encode())
        mode = "040000 tree"
    who = "a <a@b.example> 1 +0000"
    text = f"tree {name}\nauthor {who}\ncommitter {who}\n\nslow\n"
    repo.git("update-ref", "refs/heads/main", repo.write_object("commit", text.encode()))
    return repo


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_an_interrupted_audit_ends_at_once_and_leaves_nothing(slow: Repo, tmp_path: Path, number: int) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    command = [sys.executable, "-m", "oshealth", "audit", str(slow.path), "--offline"]
    environment = {**os.environ, "TMPDIR": str(temporary)}
    with subprocess.Popen(command, env=environment, stdout=-1, stderr=-1, text=True) as program:
        while not list(temporary.glob("oshealth-*/overlay.git/packed-refs")):
            time.sleep(0.02)
            assert program.poll() is None
        time.sleep(0.5)
        program.send_signal(number)
        try:
            _, said = program.communicate(timeout=10)
        finally:
            program.kill()
    assert (program.returncode, said) == (130, "")
    assert not list(temporary.iterdir())


def test_a_signal_that_is_ignored_stays_so() -> None:
    code = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); from oshealth.cli import main; import sys\n"
    code += "sys.argv[1:] = ['--version']\ntry:\n    main()\nfinally:\n"
    code += "    print(signal.getsignal(signal.SIGHUP) is signal.SIG_IGN)"
    assert "True" in subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False).stdout
