"""Facts of a history, bare mirror to Parquet, against git itself, PyDriller and Perceval.

`python -m bench.history quick` leaves the two slow ones out. OSHEALTH_BENCH_PYTHON names an interpreter that has
Perceval, where the one that runs has not.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.process import run
from oshealth.collect.git import Request, crawl
from oshealth.collect.git_command import Git
from oshealth.collect.history import read_changes
from oshealth.collect.opened import Opened
from oshealth.collect.refs import read_refs
from oshealth.store import FactsFolder, PrivateFolder

TITLE = "Facts of a history"
NAMES = ("consuldemocracy/consuldemocracy", "HSLdevcom/digitransit-ui", "danesjenovdan/consul")
WALKED = "HSLdevcom/digitransit-ui"
RUNS = 3
PYDRILLER = """
import sys
from pydriller import Repository
for commit in Repository(sys.argv[1]).traverse_commits():
    commit.author.name, commit.author.email, commit.author_date, [file.new_path for file in commit.modified_files]
"""
PERCEVAL = """
import sys
from perceval.backends.core.git import Git
for commit in Git(uri=sys.argv[1], gitpath=sys.argv[2]).fetch():
    commit["data"]["Author"], commit["data"]["AuthorDate"], [file["file"] for file in commit["data"]["files"]]
"""


@dataclass(frozen=True)
class Cost:
    """What something took, with the processes that it started."""

    wall_seconds: float
    cpu_seconds: float


def chapter(histories: Path, *, quick: bool = False) -> Iterator[str]:
    """The lines of the chapter."""
    with tempfile.TemporaryDirectory() as folder:
        mirrors = {name: mirror_of(histories / name, Path(folder) / name.replace("/", "_")) for name in NAMES}
        _crawl(mirrors[NAMES[0]], Path(folder) / "warm", again=False)
        yield "| history | commits | facts s | `git log -z -M --raw` s | ratio | limit | CPU ratio | nothing new ms |"
        yield "|---|---|---|---|---|---|---|---|"
        walked = 0.0
        for name, mirror in mirrors.items():
            line, seconds = _against_log(name, mirror, Path(folder))
            walked = seconds if name == WALKED else walked
            yield line
        yield ""
        yield "| against | s | ours s | ratio | limit |"
        yield "|---|---|---|---|---|"
        yield _lines(mirrors[NAMES[0]])
        if not quick:
            yield _walk("PyDriller: author, date, changed paths", PYDRILLER, mirrors[WALKED], walked, 50)
            yield _walk("Perceval's git backend", PERCEVAL, mirrors[WALKED], walked, 10)


def _against_log(name: str, mirror: Path, folder: Path) -> tuple[str, float]:
    """Both in turns, so that whatever else the machine does befalls both."""
    command = ["git", "--git-dir", str(mirror), "log", "-z", "-M", "--raw"]
    logs, crawls, again = [], [], []
    for number in range(RUNS):
        logs.append(_cost(lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True)))
        data = folder / f"{mirror.name}-{number}"
        crawls.append(_cost(lambda data=data: _crawl(mirror, data, again=False)))
        again.append(_cost(lambda data=data: _crawl(mirror, data, again=True)).wall_seconds)
    wall = [statistics.median(cost.wall_seconds for cost in costs) for costs in (crawls, logs)]
    cpu = [statistics.median(cost.cpu_seconds for cost in costs) for costs in (crawls, logs)]
    count = FactsFolder(data).read("bench/history", "commit").height
    figures = f"{count:,} | {wall[0]:.2f} | {wall[1]:.2f} | {wall[0] / wall[1]:.2f} | 1.6 | {cpu[0] / cpu[1]:.2f}"
    return f"| {name} | {figures} | {1000 * statistics.median(again):.1f} |", wall[0]


def _lines(mirror: Path) -> str:
    """Counted lines, where a metric needs them."""
    command = ["git", "--git-dir", str(mirror), "log", "-z", "-M", "--raw", "--numstat"]
    single = [sha.decode() for sha in Git(mirror).run("rev-list", "--no-merges", "HEAD").split()]
    one = _cost(lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True)).wall_seconds
    ours = _cost(lambda: read_changes(Git(mirror), single, "bench/history", with_lines=True)).wall_seconds
    name = "`git log -z -M --raw --numstat`, one process; ours: the line counts"
    return f"| {name} | {one:.2f} | {ours:.2f} | {ours / one:.2f} | at most 0.9 |"


def _walk(name: str, program: str, mirror: Path, ours: float, limit: int) -> str:
    python = os.environ.get("OSHEALTH_BENCH_PYTHON", sys.executable) if "perceval" in program else sys.executable
    with tempfile.TemporaryDirectory() as folder:
        environment = {"GIT_DIR": str(mirror)} if "pydriller" in program else {}
        done = run([python, "-c", program, str(mirror), f"{folder}/mirror"], environment)
    if done.status:
        reason = done.output.decode(errors="replace").strip().splitlines()[-1:]
        return f"| {name} | not measured: {' '.join(reason)[:80]} | {ours:.2f} | – | at least {limit} |"
    figures = f"{done.wall_seconds:.1f} | {ours:.2f} | {done.wall_seconds / ours:.0f}"
    return f"| {name} ({WALKED}) | {figures} | at least {limit} |"


def _crawl(mirror: Path, data: Path, *, again: bool) -> None:
    opened = Opened(Git(mirror), read_refs(mirror, mirror), "ok")
    at = datetime(2026, 11, 24, tzinfo=UTC) if again else datetime(2026, 11, 23, tzinfo=UTC)
    request = Request("bench/history", "https://bench.example/history", b"k" * 32, at.replace(tzinfo=None))
    crawl(opened, request, FactsFolder(data), PrivateFolder(data))


def mirror_of(bundle: Path, folder: Path) -> Path:
    subprocess.run(["git", "clone", "--quiet", "--mirror", str(bundle), str(folder)], check=True, capture_output=True)
    return folder


def _cost(task: Callable[[], object]) -> Cost:
    before, start = os.times(), time.perf_counter()
    task()
    wall, after = time.perf_counter() - start, os.times()
    return Cost(wall, sum(after[:4]) - sum(before[:4]))


if __name__ == "__main__":
    shared = Path(os.environ.get("OSHEALTH_SHARED", Path(__file__).parents[2] / "shared"))
    for text in chapter(shared / "histories", quick="quick" in sys.argv[1:]):
        print(text, flush=True)
