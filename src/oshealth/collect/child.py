"""The only place that starts other programs: no shell, limits on each, and the whole group killed at the end.

Limits of memory and file size need Linux; elsewhere those of time and output still hold.
"""

import fcntl
import os
import resource
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from oshealth.collect.errors import ChildFailed, ChildMissing, ChildTimedOut, ChildTooLarge
from oshealth.collect.interrupting import be_interrupted

_CHUNK_BYTES = 1 << 20
_STDERR_BYTES = 1 << 14
_MEGABYTE = 1 << 20
_WATCH_SECONDS = 0.2
_GATHER_SECONDS = 0.001

# Groups whose leader's status was not taken yet, so that their numbers are still theirs.
_running: set[int] = set()
_is_ending = threading.Event()
_is_main_starting = threading.Event()
"""The main thread starts a child just now: it runs, and nobody knows its number yet."""


@dataclass(frozen=True)
class Limits:
    """What one child process may cost: wall time, memory of its own, output, and the size of a file it writes."""

    seconds: float = 600.0
    megabytes: int = 4096
    output_bytes: int = 1 << 31
    file_bytes: int = 1 << 34


@dataclass(frozen=True)
class Command:
    """A program with its arguments, its whole environment, and what it reads on standard input."""

    argv: tuple[str, ...]
    environment: Mapping[str, str]
    limits: Limits = field(default_factory=Limits)
    stdin: bytes = b""
    cwd: Path | None = None


Watch = Callable[[], None]
"""Called a few times a second while children run; what it raises ends them."""


def run(command: Command, watch: Watch | None = None) -> bytes:
    """The standard output of one command, whole.

    Raises:
        ChildFailed: it ended with a status other than zero.
        ChildTimedOut, ChildTooLarge: it went beyond a limit.
        ChildMissing: there is no such program.
    """
    return run_together([command], watch)[0]


def run_together(commands: Sequence[Command], watch: Watch | None = None) -> list[bytes]:
    """The outputs of commands that run at the same time; when one fails, all end."""
    outputs: list[list[bytes]] = [[] for _ in commands]
    with closing(stream_together(commands, watch)) as chunks:
        for number, chunk in chunks:
            outputs[number].append(chunk)
    return [b"".join(chunks) for chunks in outputs]


def stream(command: Command) -> Iterator[bytes]:
    """The output of one command in chunks as they come; only after the last one is it known that all is well."""
    with closing(stream_together([command])) as chunks:
        for _, chunk in chunks:
            yield chunk


def stream_together(
    commands: Sequence[Command], watch: Watch | None = None
) -> Generator[tuple[int, bytes], None, None]:
    """Chunks of the commands' outputs as they come, each with its command's number, while their inputs are fed."""
    children: list[_Child] = []
    try:
        children.extend(map(_Child, commands))
        with selectors.DefaultSelector() as selector:
            for number, child in enumerate(children):
                child.register(selector, number)
            while selector.get_map():
                yield from _exchange(selector, children)
                if any(child.is_talkative for child in children):
                    time.sleep(_GATHER_SECONDS)
                if watch:
                    watch()
        for child in children:
            child.finish()
    finally:
        for child in children:
            child.kill()


def end_all() -> bool:
    """End every child of this process for good, for a handler of signals.

    Returns whether the handler is to raise: not while the main thread is just starting a child, which nobody could end
    any more; there KeyboardInterrupt is raised as soon as the child has ended.

    Calls in other threads are interrupted, and so is every later one: no answer is mistaken for a repository's fault.
    """
    _is_ending.set()
    for pid in tuple(_running):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
    return not _is_main_starting.is_set()


def _exchange(selector: selectors.BaseSelector, children: Sequence["_Child"]) -> Iterator[tuple[int, bytes]]:
    """Move what can be moved now, or wait a little."""
    remaining = min(child.remaining_seconds() for child in children)
    for key, _ in selector.select(min(remaining, _WATCH_SECONDS)):
        number, name = key.data
        child = children[number]
        if name == "stdin":
            is_open = child.feed()
        else:
            chunk = os.read(key.fd, _CHUNK_BYTES)
            is_open = bool(chunk)
            if name == "stderr":
                child.note(chunk)
            elif chunk:
                child.count(chunk)
                yield number, chunk
        if not is_open:
            selector.unregister(key.fileobj)
            child.close(name)


class _Child:
    """One running process with its limits."""

    def __init__(self, command: Command) -> None:
        self._command = command
        self._name = " ".join(Path(part).name for part in command.argv[:2])
        self._deadline = time.monotonic() + command.limits.seconds
        self._unfed = memoryview(command.stdin)
        self._output_bytes = 0
        self.is_talkative = False
        """Whether it prints much in small pieces: waking for each of them costs both sides a tenth of their time."""
        self._stderr = bytearray()
        self._process = _start(command)

    def register(self, selector: selectors.BaseSelector, number: int) -> None:
        process = self._process
        if process.stdin:
            os.set_blocking(process.stdin.fileno(), False)
            selector.register(process.stdin, selectors.EVENT_WRITE, (number, "stdin"))
        if process.stdout and process.stderr:
            selector.register(process.stdout, selectors.EVENT_READ, (number, "stdout"))
            selector.register(process.stderr, selectors.EVENT_READ, (number, "stderr"))

    def remaining_seconds(self) -> float:
        remaining = self._deadline - time.monotonic()
        if remaining <= 0:
            raise ChildTimedOut(f"{self._name} did not finish within {self._command.limits.seconds:g} seconds")
        return remaining

    def feed(self) -> bool:
        """Write what the child takes now; False when it has all, or reads no more."""
        stdin = self._process.stdin
        if stdin is None:
            return False
        with suppress(BlockingIOError):
            try:
                self._unfed = self._unfed[os.write(stdin.fileno(), self._unfed[:_CHUNK_BYTES]) :]
            except BrokenPipeError:
                self._unfed = self._unfed[:0]
        return bool(self._unfed)

    def close(self, name: str) -> None:
        self.is_talkative = False
        pipes = {"stdin": self._process.stdin, "stdout": self._process.stdout, "stderr": self._process.stderr}
        if pipe := pipes[name]:
            pipe.close()

    def note(self, chunk: bytes) -> None:
        self._stderr += chunk
        del self._stderr[:-_STDERR_BYTES]

    def count(self, chunk: bytes) -> None:
        self._output_bytes += len(chunk)
        self.is_talkative = self._output_bytes > _CHUNK_BYTES // 4 and len(chunk) < _CHUNK_BYTES // 8
        if self._output_bytes > self._command.limits.output_bytes:
            raise ChildTooLarge(f"{self._name} gave more than {self._command.limits.output_bytes:,} bytes")

    def finish(self) -> None:
        """Wait for the end, and raise unless it was a good one."""
        pause = 0.0002
        while not self._has_ended():
            time.sleep(min(pause, self.remaining_seconds()))
            pause = min(2 * pause, 0.05)
        self.kill()
        status = self._process.returncode
        if _is_ending.is_set():
            raise KeyboardInterrupt
        if status == -signal.SIGXFSZ:
            raise ChildTooLarge(f"{self._name} wrote a file of more than {self._command.limits.file_bytes:,} bytes")
        if status != 0:
            raise ChildFailed(self._name, status, bytes(self._stderr))

    def _has_ended(self) -> bool:
        """Whether it has, without taking its status: until that is taken its group's number stays its own."""
        if self._process.returncode is not None or not hasattr(os, "waitid"):
            return self._process.poll() is not None
        return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def kill(self) -> None:
        """End the whole group, also what the child left running behind it."""
        process = self._process
        if process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
        _running.discard(process.pid)
        process.wait()
        for name in ("stdin", "stdout", "stderr"):
            self.close(name)


def _start(command: Command) -> subprocess.Popen[bytes]:
    if _is_ending.is_set():
        raise KeyboardInterrupt
    be_interrupted()
    is_main = threading.current_thread() is threading.main_thread()
    try:
        if is_main:
            _is_main_starting.set()
        process = subprocess.Popen(
            command.argv,
            bufsize=0,
            stdin=subprocess.PIPE if command.stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=command.environment,
            cwd=command.cwd,
            start_new_session=True,
        )
        _running.add(process.pid)
    except FileNotFoundError as error:
        raise ChildMissing(f"{error.filename}: no such program or folder") from None
    finally:
        if is_main:
            _is_main_starting.clear()
    if _is_ending.is_set():
        # It started while the others were ended, and was not among them.
        _end(process)
        raise KeyboardInterrupt
    _limit(process.pid, command.limits)
    _widen(process)
    return process


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    _running.discard(process.pid)
    process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def _widen(process: subprocess.Popen[bytes]) -> None:
    """Let the child run on while we are busy: an ordinary pipe holds 64 kB of the megabytes that a history prints."""
    if process.stdout and hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, _CHUNK_BYTES)


def _limit(pid: int, limits: Limits) -> None:
    """Set the limits from outside, before the child has done much: code between fork and exec is unsafe in threads."""
    if not hasattr(resource, "prlimit"):
        return
    wanted = {
        # Memory of its own; a mapped pack is none, so that large repositories stay readable.
        resource.RLIMIT_DATA: limits.megabytes * _MEGABYTE,
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_CORE: 0,
    }
    for kind, value in wanted.items():
        hard = resource.getrlimit(kind)[1]
        limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
        with suppress(ProcessLookupError):
            resource.prlimit(pid, kind, (limit, limit))
