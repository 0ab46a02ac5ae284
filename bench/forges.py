"""Forges, on a server on loopback with a latency: a first crawl, one with ten changes, twenty repositories at once."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from bench.process import run
from forge_server import ForgeServer, forge_server
from forge_world import at, large_world
from oshealth.collect.forges.pace import Pace
from oshealth.collect.forges.reading import ForgeRequest, NoPages, read_forge

TITLE = "Forges"
COUNT = 5_000
LATENCY_SECONDS = 0.08
CONCURRENCY = 4
AT_ONCE = 20
LAST_HOUR = COUNT + 100
"""Of the world's hours: all that is told has happened by then."""
CRAWL = """
import sys, time
sys.path[:0] = [{tests!r}]
from datetime import timedelta
from pathlib import Path
import polars as pl
from forge_server import ForgeServer, NOW
from forge_world import World
from oshealth.collect.forges.reading import ForgeRequest, read_forge
from oshealth.facts import FORGE_TABLES
from oshealth.store import PartialFolder
folder, kind, port = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
server = ForgeServer(kind, World(), port)
earlier = {{path.stem: pl.read_parquet(path) for path in folder.glob("*.parquet")}}
forge = server.forge()  # imports the library: once in a run, for all repositories
start = time.perf_counter()
found = read_forge(forge, ForgeRequest(server.repository, "town/app", NOW.replace(tzinfo=None)), earlier,
                   PartialFolder(folder, server.repository))
seconds = time.perf_counter() - start
assert found.error is None, found.error
for table, frame in found.frames.items():
    frame.write_parquet(folder / f"{{table}}.parquet")
print(seconds, found.frames["issue"].height, found.frames["change_request"].height)
"""


def chapter(_: Path) -> Iterator[str]:
    """Rows of one table for each forge, then a sentence."""
    yield (
        f"A server on loopback that takes {1000 * LATENCY_SECONDS:.0f} ms for each answer, with {COUNT:,} issues and "
        "as many change requests with reviews. A first crawl may take 60 s and 400 MB, the next with ten changes 2 s."
    )
    yield ""
    yield "| forge | first crawl s | requests | MB | ten changes s | requests |"
    yield "|---|---|---|---|---|---|"
    for kind in ("github", "gitlab"):
        with forge_server(kind, large_world(COUNT), LATENCY_SECONDS) as server:
            server.now = at(LAST_HOUR)
            yield f"| {kind} | {_crawls(server)} |"
    yield ""
    yield _at_once()


def _crawls(server: ForgeServer) -> str:
    with tempfile.TemporaryDirectory() as folder:
        first, megabytes = _crawl(server, folder)
        asked = len(server.asked)
        server.asked.clear()
        _change_ten(server)
        second, _ = _crawl(server, folder)
        return f"{first:.1f} | {asked} | {megabytes:.0f} | {second:.2f} | {len(server.asked)}"


def _crawl(server: ForgeServer, folder: str) -> tuple[float, float]:
    program = CRAWL.format(tests=str(Path(__file__).parents[1] / "tests"))
    done = run([sys.executable, "-c", program, folder, server.kind, str(server.port)])
    if done.status:
        raise subprocess.SubprocessError(done.output.decode(errors="replace")[-500:])
    return float(done.output.split()[0]), done.peak_megabytes


def _change_ten(server: ForgeServer) -> None:
    later = LAST_HOUR + 24.0
    for number in range(1, 11):
        server.world.change(number, updated=later)
    server.now += timedelta(days=2)


def _at_once() -> str:
    pace = Pace(CONCURRENCY)
    with forge_server("github", large_world(100), LATENCY_SECONDS) as server:
        start = time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE) as threads:
            list(threads.map(lambda _: _one(server, pace), range(AT_ONCE)))
        seconds = time.perf_counter() - start
    return (
        f"{AT_ONCE} repositories at once with {CONCURRENCY} requests allowed: at most {server.most_at_once} at once, "
        f"{len(server.asked)} requests in {seconds:.1f} s."
    )


def _one(server: ForgeServer, pace: Pace) -> None:
    asked = ForgeRequest(server.repository, "town/app", server.now.replace(tzinfo=None))
    read_forge(server.forge(pace=pace), asked, {}, NoPages())
