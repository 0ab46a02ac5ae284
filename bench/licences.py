"""Licences: look-ups against a registry on loopback with latency, and what of the real histories is known.

The users' own registries are asked only where OSHEALTH_BENCH_REGISTRIES is set: a history names thousands of packages,
and whoever runs the bench should mean to ask for them. OSHEALTH_BENCH_LOCK_FILES, a folder of other projects'
package-lock.json and package.json files, measures the same on what these say, without asking anybody.
"""

import json
import os
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import polars as pl

from bench.history import mirror_of
from bench.loopback import registry
from bench.published import WAYS, Published, read_published
from oshealth.collect.git import Request, collect_frames
from oshealth.collect.overlay import overlay
from oshealth.collect.packages import LookedUp, Places, look_up
from oshealth.collect.registries.asking import AskLimits
from oshealth.collect.registries.configured import Registries, Registry
from oshealth.derive import Facts, Snapshot, Subject
from oshealth.derive.findings import findings_of
from oshealth.facts import DEPENDENCY
from oshealth.pipeline.collecting.asking import places

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
PUBLISHED_OF = "HSLdevcom/digitransit-ui"
NOW = datetime(2026, 11, 23, tzinfo=UTC).replace(tzinfo=None)


def chapter(histories: Path) -> Iterator[str]:
    """The lines of the chapter."""
    yield from _look_ups()
    yield ""
    yield from _coverage(histories)
    if folder := os.environ.get("OSHEALTH_BENCH_LOCK_FILES"):
        yield ""
        yield from _published(histories / PUBLISHED_OF, read_published(Path(folder)))


def _look_ups() -> Iterator[str]:
    rows = [
        {"purl": f"pkg:npm/p{n}@1.0.0", "ecosystem": "npm", "name": f"p{n}", "resolved_version": "1.0.0"}
        | {"state": "ok", "scope": "runtime", "is_direct": False}
        for n in range(LOOK_UPS)
    ]
    needed = pl.DataFrame(rows, schema=DEPENDENCY)
    with registry(lambda _: {"license": "MIT"}, LATENCY_SECONDS) as port:
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


def _published(history: Path, published: Published) -> Iterator[str]:
    """Of the npm packages that run, how many are known once their registry says what lock files of others say."""
    with tempfile.TemporaryDirectory() as folder:
        dependencies = _snapshot(mirror_of(history, Path(folder) / "mirror"), PUBLISHED_OF, asks=False)
    runs = dependencies.needs.filter(pl.col("scope") == "runtime", pl.col("ecosystem") == "npm")
    ways = [published.way(name, version) for name, version in runs.select("name", "resolved_version").iter_rows()]
    with registry(published.answer) as port:
        there = Places(Registries(npm=Registry(f"http://127.0.0.1:{port}")), None)
        packages = look_up(dependencies.facts.table("dependency"), {}, there, NOW).frames
    facts = Facts(dependencies.subject, {**dependencies.facts.tables, **packages})
    needs = Snapshot(facts, NOW.date()).needs.join(runs.select("key"), on="key", maintain_order="right")
    rows = needs.with_columns(pl.Series("way", ways, pl.String))
    yield f"| {PUBLISHED_OF}: npm packages that run | all | licence known | openness known |"
    yield "|---|---|---|---|"
    for way in ("all", *WAYS):
        found = rows.filter((pl.lit(way) == "all") | (pl.col("way") == way))
        known, is_judged = found["licence"].is_not_null().sum(), (found["openness"] != "unknown").sum()
        yield f"| {way if way == 'all' else f'lock files know {way}'} | {found.height} | {known} | {is_judged} |"
    yield ""
    unknown = rows.filter(pl.col("openness") == "unknown", pl.col("way") != WAYS[-1])
    for name, reason, licence in unknown.select("key", "reason", "licence").iter_rows():
        yield f"- {name}: {reason or licence}"
