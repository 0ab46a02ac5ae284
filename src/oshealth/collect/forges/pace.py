"""How a host is asked: so many requests at once, again after a fault, and not before a limit is reset."""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from oshealth.clock import now

_DAY = 24 * 60 * 60.0


@dataclass(frozen=True)
class Patience:
    """How long faults and limits are waited for, for one repository."""

    attempts: int = 6
    first_pause_seconds: float = 1.0
    longest_pause_seconds: float = 30.0
    limit_seconds: float = 3900.0
    """The longest wait for a limit's reset; forges reset within the hour."""
    read_seconds: int = 30
    """How long a server may say nothing; a whole answer may take twice as long."""
    fault_seconds: float = 180.0
    """After so long with one question and nothing but faults it is not asked again."""
    afterwards: str = "the next run goes on where this one stopped"
    """What is told when a limit is not waited for."""
    hold_seconds: float = math.inf
    """The longest wait that is sat out; a longer one ends in `LimitSpent`, so that others may go on."""


@dataclass(frozen=True)
class Wait:
    """A host whose limit of requests is spent, and until when."""

    host: str
    until: datetime

    def __str__(self) -> str:
        return f"waiting until {self.until:%H:%M} UTC for {self.host}'s limit of requests"


class LimitSpent(Exception):  # noqa: N818 (no error: whoever asked comes back later)
    """A limit must be waited for, for longer than one may hold up others."""

    def __init__(self, wait: Wait) -> None:
        super().__init__(str(wait))
        self.wait = wait


@dataclass
class Pace:
    """Shared by all who ask one host, in whatever thread."""

    concurrency: int = 4
    host: str = "the forge"
    free_at: float = 0.0
    """By `time.monotonic`: before then nobody asks."""
    is_down: bool = False
    """Whether it did not answer however often it was asked: then nobody else asks more than once until it does."""
    asked_count: int = 0
    most_at_once: int = 0
    _at_once: int = 0
    _lock: threading.Condition = field(default_factory=threading.Condition)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One of the places, for the time of one request."""
        with self._lock:
            self._lock.wait_for(lambda: self._at_once < self.concurrency)
            self._at_once += 1
            self.asked_count += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            yield
        finally:
            with self._lock:
                self._at_once -= 1
                self._lock.notify()

    def rest(self, seconds: float) -> None:
        """Let nobody ask for so long; a day at most, whatever a server says."""
        seconds = min(seconds, _DAY)
        self.free_at = max(self.free_at, time.monotonic() + seconds)

    @property
    def waits_seconds(self) -> float:
        """How long it still takes until somebody may ask."""
        return max(0.0, self.free_at - time.monotonic())

    @property
    def wait(self) -> Wait:
        """Until when nobody asks, to the second after it."""
        return Wait(self.host, now() + timedelta(seconds=math.ceil(self.waits_seconds) + 1))


_paces: dict[str, Pace] = {}
_making = threading.Lock()


def pace_of(host: str, concurrency: int) -> Pace:
    """The pace of a host, one for the whole process."""
    with _making:
        return _paces.setdefault(host, Pace(concurrency, host))


def waits() -> list[Wait]:
    """The hosts whose limit is spent now."""
    return [pace.wait for pace in list(_paces.values()) if pace.waits_seconds > 1]
