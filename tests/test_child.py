"""Children are fed, read, limited and ended."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from oshealth.collect.child import Command, Limits, run, run_together, stream
from oshealth.collect.errors import ChildFailed, ChildMissing, ChildTimedOut, ChildTooLarge, printable

ENVIRONMENT = {"PATH": os.environ["PATH"]}


SOON = Limits(seconds=20)


def python(code: str, stdin: bytes = b"", limits: Limits = SOON) -> Command:
    return Command((sys.executable, "-c", code), ENVIRONMENT, limits, stdin)


def is_running(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def ends(pid: int) -> bool:
    """Whether it is gone, or goes within seconds: who is killed on a busy machine dies when it gets its turn."""
    patience = time.monotonic() + 5
    while is_running(pid) and time.monotonic() < patience:
        time.sleep(0.02)
    return not is_running(pid)


def test_the_output_is_given_whole() -> None:
    assert run(python("print('a' * 10)")) == b"aaaaaaaaaa\n"


def test_large_input_and_output_do_not_block_each_other() -> None:
    data = os.urandom(1 << 16) * 200
    copy = "import shutil, sys; shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer)"
    assert run_together([python(copy, data), python(copy, data[:77])]) == [data, data[:77]]


def test_a_child_that_does_not_read_its_input_is_well() -> None:
    assert run(python("print(1)", b"x" * 1_000_000)) == b"1\n"


def test_a_stream_gives_chunks_before_the_end() -> None:
    chunks = stream(python("import sys, time; print('first', flush=True); time.sleep(0.3); print('second')"))
    assert next(chunks) == b"first\n"
    assert b"".join(chunks) == b"second\n"


def test_a_stream_left_early_ends_its_child() -> None:
    chunks = stream(python("import os, time; print(os.getpid(), flush=True); time.sleep(60)"))
    pid = int(next(chunks))
    assert is_running(pid)
    chunks.close()  # type: ignore[attr-defined]
    assert ends(pid)


def test_a_failure_names_status_and_message_without_control_characters() -> None:
    with pytest.raises(ChildFailed) as failure:
        run(python("import sys; sys.stderr.write('no \\x1b[31m good'); sys.exit(3)"))
    assert failure.value.status == 3
    assert failure.value.stderr == "no \\x1b[31m good"


def test_a_failure_is_seen_after_output_was_given() -> None:
    with pytest.raises(ChildFailed):
        run(python("import sys; print('some'); sys.exit(1)"))


def test_a_child_that_hangs_is_ended_in_time_with_its_whole_group(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = (
        "import subprocess, pathlib, time;"
        f"p = subprocess.Popen(['sleep', '60']); pathlib.Path({str(note)!r}).write_text(str(p.pid)); time.sleep(60)"
    )
    started = time.monotonic()
    with pytest.raises(ChildTimedOut):
        run(python(code, limits=Limits(seconds=2)))
    assert time.monotonic() - started < 10
    assert ends(int(note.read_text()))


def test_what_a_child_leaves_running_is_ended_too() -> None:
    code = "import subprocess; p = subprocess.Popen(['sleep', '60'], stdout=-3, stderr=-3); print(p.pid)"
    pid = int(run(python(code)))
    assert ends(pid)


def test_a_watcher_can_end_a_child() -> None:
    def watch() -> None:
        raise KeyboardInterrupt

    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run(python("import time; time.sleep(60)"), watch)
    assert time.monotonic() - started < 5


def test_an_interrupted_program_ends_the_children_of_all_its_threads(tmp_path: Path) -> None:
    code = (
        "import signal, sys, threading; from oshealth.collect.child import *\n"
        "def end(*_):\n    if end_all():\n        raise KeyboardInterrupt\n"
        "signal.signal(signal.SIGINT, end)\n"
        "command = Command(('sh', '-c', f'echo $$ >> {sys.argv[1]}; sleep 60'), {'PATH': '/bin:/usr/bin'})\n"
        "threads = [threading.Thread(target=lambda: [run(command), print('not interrupted')]) for _ in range(2)]\n"
        "threading.excepthook = lambda raised: print(raised.exc_type.__name__)\n"
        "[thread.start() for thread in threads]; run(command)\n"
    )
    note = tmp_path / "pids"
    path = os.pathsep.join([str(Path(__file__).parents[1] / "src"), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-c", code, str(note)]
    with subprocess.Popen(command, env={**ENVIRONMENT, "PYTHONPATH": path}, stdout=-1, stderr=-1, text=True) as program:
        while not note.exists() or note.read_text().count("\n") < 3:
            time.sleep(0.02)
            assert program.poll() is None
        program.send_signal(signal.SIGINT)
        said, _ = program.communicate(timeout=60)
    assert said.split() == ["KeyboardInterrupt"] * 2
    assert all(ends(int(pid)) for pid in note.read_text().split())


def test_ctrl_c_ends_a_program_that_waits_for_a_thread_and_uses_polars(tmp_path: Path) -> None:
    code = (
        "import signal, sys, threading; from concurrent.futures import ThreadPoolExecutor\n"
        "from oshealth.collect.child import *\n"
        "def end(*_):\n    if end_all():\n        raise KeyboardInterrupt\n"
        "signal.signal(signal.SIGINT, end)\n"
        "import polars\n"
        "command = Command(('sh', '-c', f'echo $$ >> {sys.argv[1]}; sleep 60'), {'PATH': '/bin:/usr/bin'})\n"
        "with ThreadPoolExecutor(1) as pool:\n    pool.submit(run, command).result()\n"
    )
    note = tmp_path / "pids"
    command = [sys.executable, "-c", code, str(note)]
    with subprocess.Popen(command, stdout=-1, stderr=-1, text=True) as program:
        while not note.exists() or "\n" not in note.read_text():
            time.sleep(0.02)
            assert program.poll() is None
        program.send_signal(signal.SIGINT)
        try:
            _, said = program.communicate(timeout=10)
        finally:
            program.kill()
    assert "KeyboardInterrupt" in said
    assert ends(int(note.read_text()))


def test_more_output_than_allowed_ends_the_child() -> None:
    with pytest.raises(ChildTooLarge, match="more than 1,000 bytes"):
        run(python("while True: print('y' * 1000)", limits=Limits(seconds=20, output_bytes=1000)))


def test_more_memory_than_allowed_fails() -> None:
    with pytest.raises(ChildFailed, match="MemoryError"):
        run(python("import time; time.sleep(0.1); bytearray(1 << 29)", limits=Limits(seconds=20, megabytes=200)))


def test_a_larger_file_than_allowed_ends_the_child(tmp_path: Path) -> None:
    with pytest.raises(ChildTooLarge):
        run(
            Command(
                ("sh", "-c", f"sleep 0.1; head -c 9999 /dev/zero > '{tmp_path}/f'; kill -s XFSZ $$"),
                ENVIRONMENT,
                Limits(seconds=20, file_bytes=1000),
            )
        )
    assert (tmp_path / "f").stat().st_size == 1000


def test_a_missing_program_is_said_to_be_missing() -> None:
    with pytest.raises(ChildMissing, match="no-such-program"):
        run(Command(("no-such-program",), ENVIRONMENT))


def test_nothing_of_the_environment_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    assert b"secret" not in run(Command(("env",), ENVIRONMENT))


def test_printable_text_keeps_letters_and_escapes_the_rest() -> None:
    assert printable("Blåbær\n\x1b\u202e".encode() + b"\xff") == "Blåbær\n\\x1b\\u202e\\xff"
