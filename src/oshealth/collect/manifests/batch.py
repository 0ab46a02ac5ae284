"""All manifests of a tree, read in one limited child process: the frame of dependencies and what could not be read."""

import json
import os
import signal
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from oshealth.collect.child import Command, Limits, stream
from oshealth.collect.errors import ChildFailed, ChildTimedOut, ChildTooLarge, CollectError
from oshealth.collect.manifests.names import is_page, which
from oshealth.facts import DEPENDENCY, Gap
from oshealth.visible import visible

MAX_BYTES = 5_000_000
MAX_TOTAL_BYTES = 100_000_000
MAX_RESTARTS = 10
LIMITS = Limits(seconds=60, megabytes=350, output_bytes=200_000_000, file_bytes=0)
COLUMNS = (
    "purl",
    "name",
    "ecosystem",
    "declared_range",
    "resolved_version",
    "is_direct",
    "scope",
    "is_optional",
    "line",
    "source",
    "declared_licence",
    "url",
    "is_pinned",
    "has_integrity",
)
"""What the child tells of each dependency."""


@dataclass
class _Reading:
    """What is known so far of the files of one tree."""

    submodules: str
    rows: dict[str, list[list[Any]]] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)


Texts = Mapping[str, bytes | str] | Mapping[str, str | None]


def read_manifests(
    texts: Texts, *, repository: str = "", submodules: Mapping[str, str] | None = None
) -> tuple[pl.DataFrame, list[Gap]]:
    """The rows of `facts.DEPENDENCY` in the order of the paths, and a gap for each reason why files were not read.

    Args:
        texts: the contents by path, for the paths that `which` knows; others are passed over. One that is None could
            not be had, and is unreadable.
        repository: what the column of that name says.
        submodules: the commits of the tree's submodules by their paths.
    """
    reading = _Reading(json.dumps(dict(submodules or {})))
    contents = _within_limits(texts, reading)
    if contents:
        _read(contents, reading)
    return _frame(reading, repository), _gaps(reading.reasons)


def _within_limits(texts: Texts, reading: _Reading) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    total = 0
    # Pages come last: of very many, those beyond the limit are passed over.
    for path in sorted(filter(which, texts), key=lambda path: (is_page(path), path)):
        text = texts[path]
        if text is None:
            # A large program without a suffix is no shell's.
            if which(path) not in {"page", "program"}:
                reading.reasons[path] = f"not_kept: over {MAX_BYTES:,} bytes, missing from the repository, or a link"
            continue
        content = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
        if is_page(path) and b"script" not in content:
            continue
        if len(content) > MAX_BYTES:
            reading.reasons[path] = f"too_large: {len(content):,} bytes, more than {MAX_BYTES:,}"
        elif total + len(content) > MAX_TOTAL_BYTES and is_page(path):
            continue
        elif total + len(content) > MAX_TOTAL_BYTES:
            reading.reasons[path] = f"too_large: all manifests together hold more than {MAX_TOTAL_BYTES:,} bytes"
        else:
            contents[path] = content
            total += len(content)
    return contents


def _read(contents: dict[str, bytes], reading: _Reading) -> None:
    """Have a child read everything; begin again without the file that ended it."""
    options: tuple[str, ...] = ()
    for _ in range(MAX_RESTARTS):
        started, reason = _run(contents, options, reading)
        if reason is None:
            return
        if started in contents:
            reading.reasons[started] = reason
            del contents[started]
        else:
            options = ("--no-link",)
        if not contents:
            return
    reading.reasons |= dict.fromkeys(contents, "gave_up: too many other files ended the parser")


def _run(contents: dict[str, bytes], options: tuple[str, ...], reading: _Reading) -> tuple[str, str | None]:
    """One child over all files: what it was at when it ended, and why it ended early (`None`: it did not)."""
    output: list[bytes] = []
    reason = None
    try:
        output.extend(stream(_command(contents, options, reading.submodules)))
    except CollectError as error:
        reason = _reason(error)
    started = ""
    for line in b"".join(output).split(b"\n")[:-1]:
        message = json.loads(line)
        if "start" in message:
            started = message["start"]
        elif reason is None:
            reading.rows[message["path"]] = message["rows"]
            if message["reason"]:
                reading.reasons[message["path"]] = message["reason"]
    return started, reason


def _command(contents: dict[str, bytes], options: tuple[str, ...], submodules: str) -> Command:
    frames = [submodules.encode(), b"\n"] + [
        part
        for path, content in contents.items()
        for part in (json.dumps([path, len(content)]).encode(), b"\n", content)
    ]
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"}
    if sys.pycache_prefix:
        environment["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
    # -P: nothing is imported from the working directory.
    argv = (sys.executable, "-P", "-m", "oshealth.collect.manifests.worker", *options)
    return Command(argv, environment, LIMITS, b"".join(frames), Path("/"))


def _reason(error: CollectError) -> str:
    if isinstance(error, ChildTimedOut):
        return "time_limit: the parser did not finish in time"
    if isinstance(error, ChildTooLarge):
        return "too_many: the parser found more than can be kept"
    # The child sets it for each file: time of the processor, since a busy machine must not change what is read.
    if isinstance(error, ChildFailed) and error.status == -signal.SIGPROF:
        return "time_limit: not parsed within 8 seconds"
    return "crashed: it ended the parser"


def _frame(reading: _Reading, repository: str) -> pl.DataFrame:
    columns: dict[str, list[Any]] = {name: [] for name in DEPENDENCY}
    for path in sorted({*reading.rows, *reading.reasons}):
        rows = reading.rows.get(path, [])
        if path in reading.reasons:
            rows = [*rows, [None] * len(COLUMNS)]
        for name, values in zip(COLUMNS, zip(*rows, strict=True), strict=bool(rows)):
            columns[name].extend(values)
        columns["path"].extend([path] * len(rows))
        columns["state"].extend(["ok"] * len(rows))
        columns["reason"].extend([None] * len(rows))
        if path in reading.reasons:
            columns["state"][-1], columns["reason"][-1] = "unreadable", reading.reasons[path]
    columns["repository"] = [repository] * len(columns["path"])
    return pl.DataFrame(columns, schema=DEPENDENCY)


def _gaps(reasons: Mapping[str, str]) -> list[Gap]:
    paths: dict[str, list[str]] = defaultdict(list)
    for path, reason in sorted(reasons.items()):
        paths[reason.partition(":")[0]].append(path)
    return [
        Gap("dependency", reason, f"not read: {_first(found)}", len(found)) for reason, found in sorted(paths.items())
    ]


def _first(paths: list[str]) -> str:
    return ", ".join(visible(path, kept="") for path in paths[:5]) + (" …" if len(paths) > 5 else "")
