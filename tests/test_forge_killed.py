"""A crawl killed at any request leaves the tables as they were, and the next ends as if nothing had happened."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from forge_line import Line, forge_line
from forge_server import Fault, ForgeServer
from forge_world import ANN, BO, Item, large_world
from oshealth.facts import FORGE_TABLES
from oshealth.pipeline.watched.order import order_for
from oshealth.sources import repository_id
from oshealth.store import FactsFolder

pytestmark = pytest.mark.filterwarnings("default::ResourceWarning")

CRAWLS = """
import os, sys
from pathlib import Path
import github, gitlab, requests  # once for all that are forked
from oshealth.pipeline.collecting.forging import forge_one
from oshealth.pipeline.watched.order import order_for
from oshealth.pipeline.watched.project import targets

def crawl(folder, url):
    Path(folder, "process").write_text(str(os.getpid()))
    order = order_for(folder, None, (), "2024-06-30")
    (target,) = [target for target in targets(order.project().sources.codebase) if target.url == url]
    outcome = forge_one(order, target)
    print(outcome.detail, file=sys.stderr)
    os._exit(0 if outcome.end == "done" else 3)

for line in sys.stdin:
    process = os.fork()
    if not process:
        crawl(*line.split())
    print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)
"""


@dataclass
class Crawls:
    """Starts crawls in processes of their own."""

    program: "subprocess.Popen[str]"
    server: ForgeServer
    folder: Path

    @property
    def url(self) -> str:
        return f"https://{self.server.host}/{self.server.world.path}"

    def copy(self, name: str) -> "Crawls":
        folder = self.folder.with_name(name)
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("origin", "mirrors"))
        return Crawls(self.program, self.server, folder)

    def run(self) -> int:
        """The status of the process; negative: the signal that ended it."""
        assert self.program.stdin
        assert self.program.stdout
        self.program.stdin.write(f"{self.folder} {self.url}\n")
        self.program.stdin.flush()
        return int(self.program.stdout.readline())

    def kill(self, _: Any) -> None:
        os.kill(int((self.folder / "process").read_text()), signal.SIGKILL)

    def tables(self) -> dict[str, pl.DataFrame]:
        facts = FactsFolder(Path(order_for(str(self.folder), None, (), None).data))
        found = {table: facts.read(repository_id(self.url), table) for table in FORGE_TABLES}
        return {**found, "forge_repository": found["forge_repository"].drop("read_at")}


@contextmanager
def crawls(line: Line, server: ForgeServer) -> Iterator[Crawls]:
    command = [sys.executable, "-c", CRAWLS]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        yield Crawls(program, server, line.path)


def test_a_crawl_killed_at_any_request_and_started_again_ends_with_the_same_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with forge_line(tmp_path, monkeypatch) as line:
        line.crawl()
        for server in line.servers:
            world = large_world(110)
            said = (*((ANN, 2000 + n / 100) for n in range(150)), (BO, 2500.0))
            world.items.append(Item("issue", 1001, ANN, 1999.0, comments=said))
            server.world.items = world.items
            with crawls(line, server) as start:
                _killed_everywhere(start, server)


def _killed_everywhere(start: Crawls, server: ForgeServer) -> None:
    undisturbed = start.copy(f"{server.kind}-whole")
    before = undisturbed.tables()
    assert undisturbed.run() == 0
    whole, request_count = undisturbed.tables(), len(server.asked)
    assert whole["issue"].height == 111
    assert request_count >= 6
    for number in range(1, request_count + 1):
        killed = start.copy(f"{server.kind}-{number}")
        server.asked.clear()
        server.faults = {number: [Fault(write=killed.kill)]}
        assert killed.run() == -signal.SIGKILL
        assert _same(killed.tables(), before), number
        server.faults = {}
        server.asked.clear()
        assert killed.run() == 0
        assert _same(killed.tables(), whole), number
        # Pages that were there are not asked for again: of those before, all but the overview and what was killed.
        assert len(server.asked) <= request_count
    assert len(server.asked) < request_count


def _same(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> bool:
    return all(one[table].equals(other[table]) for table in one)
