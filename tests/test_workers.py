"""Worker processes: one that dies takes nobody else's work along."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from oshealth.pipeline.running.workers import WorkerDiedError, in_worker, workers
from test_child import ends, is_running


def test_without_workers_it_is_done_here() -> None:
    assert in_worker(os.getpid) == os.getpid()


def test_a_worker_that_dies_is_told_and_the_next_is_served() -> None:
    with workers(2):
        assert in_worker(os.getpid) != os.getpid()
        with pytest.raises(WorkerDiedError, match="more memory"):
            in_worker(os._exit, 9)
        assert in_worker(abs, -3) == 3


RUN = """
import os, time
from oshealth.pipeline.running.workers import in_worker, workers

if __name__ == "__main__":
    with workers(1):
        print(in_worker(os.getpid), flush=True)
        time.sleep(60)
"""


def test_workers_leave_when_the_process_that_started_them_is_killed(tmp_path: Path) -> None:
    (tmp_path / "run.py").write_text(RUN)
    with subprocess.Popen([sys.executable, tmp_path / "run.py"], stdout=subprocess.PIPE) as run:
        assert run.stdout
        worker = int(run.stdout.readline())
        assert is_running(worker)
        run.kill()
    assert ends(worker)
