"""The child process that measures maintainability: commit ids in on standard input, JSON lines out.

Run as `python -m oshealth.collect.maintainability_worker` with GIT_DIR set. Output: `{"start": sha}` before each
commit, `{"sha", "value", "reason"}` after it. A commit that takes long ends the process.
"""

import json
import logging
import os
import signal
import sys
from collections.abc import Iterable
from functools import cached_property
from statistics import fmean
from typing import Any

from git import Repo
from pydriller.domain.commit import Commit

SECONDS_PER_COMMIT = 10.0
PROPERTIES = ("dmm_unit_size", "dmm_unit_complexity", "dmm_unit_interfacing")


class _CommitOnce(Commit):  # type: ignore[misc]  # PyDriller tells no types
    """A commit whose changes are worked out once, and not for each of the three properties."""

    @cached_property
    def modified_files(self) -> Any:
        return Commit.modified_files.fget(self)


def main(lines: Iterable[str]) -> None:
    """Measure the commits in the order given. The repository is only read: PyDriller's own opening writes to it."""
    logging.disable()
    sys.setrecursionlimit(2000)
    repository = Repo(os.environ["GIT_DIR"])
    for sha in filter(None, map(str.strip, lines)):
        _tell({"start": sha})
        signal.setitimer(signal.ITIMER_REAL, SECONDS_PER_COMMIT)
        value, reason = _measured(repository, sha)
        signal.setitimer(signal.ITIMER_REAL, 0)
        _tell({"sha": sha, "value": value, "reason": reason})


def _measured(repository: Repo, sha: str) -> tuple[float | None, str | None]:
    try:
        commit = _CommitOnce(repository.commit(sha), {})
        given = [value for name in PROPERTIES if (value := getattr(commit, name)) is not None]
    except Exception:  # noqa: BLE001 (the parsers raise whatever hostile code makes them raise)
        return None, "parser_error"
    return (fmean(given), None) if given else (None, "no_code")


def _tell(message: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.stdin)
