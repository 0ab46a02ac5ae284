"""Processes for what keeps a processor busy: measuring is Python and Polars, which threads would do one at a time."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from threading import Lock, Thread
from typing import ParamSpec, TypeVar

from oshealth.collect.child import end_all
from oshealth.collect.interrupting import be_interrupted


class WorkerDiedError(Exception):
    """A worker process ended before it was done."""


P = ParamSpec("P")
R = TypeVar("R")

_ATTEMPTS = 2


@dataclass
class _Workers:
    """The pool of this process; tasks get plain values only, so it cannot be handed to them."""

    count: int = 0
    pool: ProcessPoolExecutor | None = None
    renewing: Lock = field(default_factory=Lock)


_WORKERS = _Workers()


@contextmanager
def workers(count: int) -> Iterator[None]:
    """While it lasts, `in_worker` has so many processes. They start when first needed."""
    be_interrupted()
    _WORKERS.count = count
    _WORKERS.pool = _pool()
    try:
        yield
    finally:
        _WORKERS.pool.shutdown()
        _WORKERS.pool = None


def _pool() -> ProcessPoolExecutor:
    # Spawned, not forked: Polars has threads of its own, and a forked copy of their locks stays locked.
    return ProcessPoolExecutor(_WORKERS.count, get_context("spawn"), initializer=_listen)


def _listen() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    """Leave with the process that started this one: where it was killed, nobody would ever end its workers."""
    if parent := parent_process():
        parent.join()
        _leave()


def _leave(*_: object) -> None:
    """Leave at once with every child: an exception would end one task only, and the next would begin."""
    end_all()
    os._exit(130)


def in_worker(do: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Do it in a process of its own and wait; here, where no workers were started.

    A process that dies takes the whole pool along. What was under way is then tried once more in a new one, so that
    one repository that needs too much memory does not end the others.
    """
    for _ in range(_ATTEMPTS):
        pool = _WORKERS.pool
        if pool is None:
            return do(*args, **kwargs)
        try:
            return pool.submit(do, *args, **kwargs).result()
        except BrokenProcessPool:
            _renew(pool)
    raise WorkerDiedError("the process that did this ended before it was done, twice; it may need more memory")


def _renew(broken: ProcessPoolExecutor) -> None:
    with _WORKERS.renewing:
        if _WORKERS.pool is broken:
            _WORKERS.pool = _pool()
