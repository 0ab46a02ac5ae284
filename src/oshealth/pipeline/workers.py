"""Processes for what keeps a processor busy: measuring is Python and Polars, which threads would do one at a time."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import ParamSpec, TypeVar

from oshealth.collect.child import end_all

P = ParamSpec("P")
R = TypeVar("R")

_pool: ProcessPoolExecutor | None = None


def core_count() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def workers() -> Iterator[None]:
    """While it lasts, `in_worker` has a process for each processor. They start when first needed."""
    global _pool  # noqa: PLW0603 (tasks get plain values only, so the pool cannot be handed to them)
    # Spawned, not forked: Polars has threads of its own, and a forked copy of their locks stays locked.
    with ProcessPoolExecutor(core_count(), get_context("spawn"), initializer=_listen) as pool:
        _pool = pool
        try:
            yield
        finally:
            _pool = None


def _listen() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)


def _leave(*_: object) -> None:
    """Leave at once with every child: an exception would end one task only, and the next would begin."""
    end_all()
    os._exit(130)


def in_worker(do: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Do it in a process of its own and wait; here, where no workers were started."""
    if _pool is None:
        return do(*args, **kwargs)
    return _pool.submit(do, *args, **kwargs).result()
