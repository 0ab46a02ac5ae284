"""The delta maintainability of recent commits, measured by PyDriller in a limited child process."""

import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import polars as pl

from oshealth.collect.child import Command, Limits, stream
from oshealth.collect.errors import ChildFailed, ChildTimedOut, CollectError
from oshealth.collect.git_command import Git
from oshealth.facts import MAINTAINABILITY, Gap

BUDGET_SECONDS = 60.0
LIMITS = Limits(megabytes=1024, output_bytes=50_000_000, file_bytes=0)
WINDOW_DAYS = 365
_STARTING_SECONDS = 0.5  # less is left than the child needs to begin
_TIME_LIMIT_STATUS = -14  # SIGALRM, which the child sets for each commit

_WORDS = {
    "parser_error": "the parser failed on the code of {count} commits",
    "time_limit": "the code of {count} commits was not parsed in time",
    "crashed": "the code of {count} commits ended the parser",
}


@dataclass
class _Reading:
    """What is known so far: by commit its value, or the reason why there is none."""

    values: dict[str, float | None] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)


def due_commits(commits: pl.DataFrame, earlier: pl.DataFrame, end: datetime) -> list[str]:
    """The commits of the year before `end`, newest first, without merges and those measured in an earlier run."""
    authored = pl.col("authored_at")
    recent = commits.filter(
        (pl.col("parents").list.len() <= 1) & (authored >= end - timedelta(days=WINDOW_DAYS)) & (authored < end)
    )
    return recent.join(earlier, on="sha", how="anti").sort("position", descending=True)["sha"].to_list()


def read_maintainability(
    git: Git, shas: Sequence[str], repository: str, budget_seconds: float = BUDGET_SECONDS
) -> tuple[pl.DataFrame, list[Gap]]:
    """New rows of `facts.MAINTAINABILITY`, for as many commits in their order as the budget allows.

    Args:
        git: where the objects are.
        shas: commits without merges, see `due_commits`.
        repository: what the column of that name says.
        budget_seconds: wall time; commits not reached have no row, and are due again in the next run.
    """
    reading, left = _Reading(), list(shas)
    deadline = time.monotonic() + budget_seconds
    while left and (seconds := deadline - time.monotonic()) > _STARTING_SECONDS:
        is_done = _run(_command(git, left, seconds), reading)
        left = [sha for sha in left if sha not in reading.values]
        if is_done:
            break
    rows = _frame(reading, shas, repository)
    return rows, gaps_of(rows)


def _run(command: Command, reading: _Reading) -> bool:
    """One child; whether there is no sense in another. The commit that ended it is noted, so that the next goes on."""
    output = bytearray()
    reason = None
    try:
        for chunk in stream(command):
            output += chunk
    except ChildTimedOut:
        reason = ""
    except CollectError as error:
        is_slow = isinstance(error, ChildFailed) and error.status == _TIME_LIMIT_STATUS
        reason = "time_limit" if is_slow else "crashed"
    begun = ""
    for line in bytes(output).split(b"\n")[:-1]:
        message = json.loads(line)
        if "start" in message:
            begun = message["start"]
        else:
            reading.values[message["sha"]] = message["value"]
            if message["reason"]:
                reading.reasons[message["sha"]] = message["reason"]
    if not reason:
        return True
    if begun and begun not in reading.values:
        reading.values[begun], reading.reasons[begun] = None, reason
        return False
    return True


def _command(git: Git, shas: Sequence[str], seconds: float) -> Command:
    environment = {
        **git.command().environment,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    if sys.pycache_prefix:
        environment["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
    argv = (sys.executable, "-P", "-m", "oshealth.collect.maintainability_worker")
    return Command(argv, environment, replace(LIMITS, seconds=seconds), "\n".join(shas).encode(), git.directory)


def _frame(reading: _Reading, shas: Sequence[str], repository: str) -> pl.DataFrame:
    rows = [(repository, sha, reading.values[sha], reading.reasons.get(sha)) for sha in shas if sha in reading.values]
    return pl.DataFrame(rows, schema=MAINTAINABILITY, orient="row")


def gaps_of(rows: pl.DataFrame) -> list[Gap]:
    """What could not be measured, of any rows of the table."""
    reasons = rows["reason"].to_list()
    counts = {reason: reasons.count(reason) for reason in _WORDS if reason in reasons}
    return [Gap("maintainability", key, _WORDS[key].format(count=count), count) for key, count in counts.items()]
