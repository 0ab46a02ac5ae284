"""Licences: look-ups against a registry on loopback with latency, and what of the real histories is known.

The users' own registries are asked only where OSHEALTH_BENCH_REGISTRIES is set: a history names thousands of packages,
and whoever runs the bench should mean to ask for them.
"""

import asyncio
import json
import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import polars as pl

from bench.history import mirror_of
from oshealth.collect.git import Request, collect_frames
from oshealth.collect.overlay import overlay
from oshealth.collect.packages import LookedUp, Places, look_up
from oshealth.collect.registries.asking import AskLimits
from oshealth.collect.registries.configured import Registries, Registry
from oshealth.derive import Facts, Snapshot, Subject
from oshealth.derive.findings import findings_of
from oshealth.facts import DEPENDENCY
from oshealth.pipeline.asking import places

TITLE = "Licences"
LOOK_UPS = 3_000
LATENCY_SECONDS = 0.05
AT_ONCE = AskLimits().at_once
NAMES = (
    "OS2borgerPC/os2borgerpc-admin-site",
    "consuldemocracy/consuldemocracy",
    "HSLdevcom/digitransit-ui",
    "danesjenovdan/parladata",
)
NOW = datetime(2026, 11, 23, tzinfo=UTC).replace(tzinfo=None)


def chapter(histories: Path) -> Iterator[str]:
    """The lines of the chapter."""
    yield from _look_ups()
    yield ""
    yield from _coverage(histories)


def _look_ups() -> Iterator[str]:
    rows = [
        {"purl": f"pkg:npm/p{n}@1.0.0", "ecosystem": "npm", "name": f"p{n}", "resolved_version": "1.0.0"}
        | {"state": "ok", "scope": "runtime", "is_direct": False}
        for n in range(LOOK_UPS)
    ]
    needed = pl.DataFrame(rows, schema=DEPENDENCY)
    with _server() as port:
        there = Places(Registries(npm=Registry(f"http://127.0.0.1:{port}")), None)
        cold, seconds = _timed(needed, there)
        warm, again = _timed(needed, there, cold)
        with urlopen(f"http://127.0.0.1:{port}/stats") as answer:
            most = json.load(answer)["most_at_once"]
    yield f"| {LOOK_UPS:,} look-ups, {1000 * LATENCY_SECONDS:.0f} ms each | measured | limit |"
    yield "|---|---|---|"
    yield f"| cold s | {seconds:.1f} | under 15 |"
    yield f"| answered | {cold.answered_count:,} | {LOOK_UPS:,} |"
    yield f"| most at once | {most} | {AT_ONCE} |"
    yield f"| requests when warm | {warm.request_count} | 0 |"
    yield f"| warm s | {again:.2f} | |"


def _timed(needed: pl.DataFrame, there: Places, known: LookedUp | None = None) -> tuple[LookedUp, float]:
    start = time.perf_counter()
    found = look_up(needed, known.frames if known else {}, there, NOW)
    return found, time.perf_counter() - start


def _coverage(histories: Path) -> Iterator[str]:
    asks = bool(os.environ.get("OSHEALTH_BENCH_REGISTRIES"))
    yield "| history | runs or builds | licence known % | closed | cannot be read | findings | registries asked |"
    yield "|---|---|---|---|---|---|---|"
    with tempfile.TemporaryDirectory() as folder:
        for name in NAMES:
            snapshot = _snapshot(mirror_of(histories / name, Path(folder) / name.replace("/", "_")), name, asks=asks)
            found = snapshot.openness
            known = found.needed.filter(pl.col("licence").is_not_null()).height
            share = 100 * known / found.needed.height if found.needed.height else 0.0
            figures = f"{found.needed.height:,} | {share:.1f} | {found.closed.height} | {len(found.unreadable)}"
            yield f"| {name} | {figures} | {findings_of(snapshot).height} | {'yes' if asks else 'no'} |"


def _snapshot(mirror: Path, name: str, *, asks: bool) -> Snapshot:
    with overlay(mirror) as opened:
        request = Request(name, f"https://bench.example/{name}", b"k" * 32, NOW, with_dependencies=True)
        frames = collect_frames(opened, request).frames
    there = places(os.environ, AskLimits())
    packages = look_up(frames["dependency"], {}, there, NOW).frames if asks else {}
    return Snapshot(Facts(Subject("repository", name, (name,)), {**frames, **packages}), NOW.date())


@dataclass
class _Counts:
    now: int = 0
    most: int = 0


@contextmanager
def _server() -> Iterator[int]:
    """A registry in a process of its own, so that it takes no time from who asks."""
    ports: Any = multiprocessing.Queue()
    process = multiprocessing.Process(target=_serve, args=(ports,), daemon=True)
    process.start()
    try:
        yield ports.get(timeout=30)
    finally:
        process.terminate()
        process.join()


def _serve(ports: Any) -> None:
    asyncio.run(_listen(ports))


async def _listen(ports: Any) -> None:
    counts = _Counts()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            is_stats = head.startswith(b"GET /stats")
            counts.now += not is_stats
            counts.most = max(counts.most, counts.now)
            await asyncio.sleep(0 if is_stats else LATENCY_SECONDS)
            counts.now -= not is_stats
            body = json.dumps({"most_at_once": counts.most} if is_stats else {"license": "MIT"}).encode()
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))
            await writer.drain()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    ports.put(server.sockets[0].getsockname()[1])
    await server.serve_forever()
