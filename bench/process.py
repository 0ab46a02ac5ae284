"""Time and memory of a whole process with its children, as its user sees it."""

import os
import statistics
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

SAMPLE_SECONDS = 0.02


@dataclass(frozen=True)
class Run:
    """What one run cost."""

    wall_seconds: float
    cpu_seconds: float
    peak_megabytes: float
    """Resident memory of the process and all its children together, sampled; shared pages count once (PSS)."""
    status: int
    output: bytes


UNASKED = {"npm_config_offline": "true", "PIP_NO_INDEX": "1", "OSHEALTH_DEPS_DEV": ""}
"""What is measured is our own time: no registry is asked unless a measure says so."""


def run(
    command: Sequence[str],
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    *,
    is_sampled: bool = True,
) -> Run:
    """Run a command to its end. Sampling its memory holds it up: by a tenth and more, where it is short."""
    before, start = os.times(), time.monotonic()
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=folder,
        env={**os.environ, **UNASKED, **(environment or {})},
    )
    peak: list[float] = [0.0]
    done = threading.Event()
    sampler = threading.Thread(target=_sample, args=(process.pid, peak, done))
    if is_sampled:
        sampler.start()
    output, _ = process.communicate()
    wall = time.monotonic() - start
    done.set()
    if is_sampled:
        sampler.join()
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(wall, cpu, peak[0], process.returncode, output)


def median_run(count: int, command: Sequence[str], environment: Mapping[str, str] | None = None) -> Run:
    """The run with the median wall time of several; their memory from one before them, which warms up."""
    first = run(command, environment)
    runs = [run(command, environment, is_sampled=False) for _ in range(count)]
    wanted = statistics.median_low([each.wall_seconds for each in runs])
    median = next(each for each in runs if each.wall_seconds == wanted)
    return replace(median, peak_megabytes=first.peak_megabytes)


def _sample(pid: int, peak: list[float], done: threading.Event) -> None:
    while not done.wait(SAMPLE_SECONDS):
        peak[0] = max(peak[0], sum(_megabytes(each) for each in _family(pid)))


def _family(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        with suppress(OSError):  # it has ended meanwhile
            for task in Path(f"/proc/{parent}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


def _megabytes(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
