"""Worker processes: one that dies takes nobody else's work along."""

import os

import pytest

from oshealth.pipeline.running.workers import WorkerDiedError, in_worker, workers


def test_without_workers_it_is_done_here() -> None:
    assert in_worker(os.getpid) == os.getpid()


def test_a_worker_that_dies_is_told_and_the_next_is_served() -> None:
    with workers(2):
        assert in_worker(os.getpid) != os.getpid()
        with pytest.raises(WorkerDiedError, match="more memory"):
            in_worker(os._exit, 9)
        assert in_worker(abs, -3) == 3
