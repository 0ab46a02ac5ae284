"""Several items of one stage at once. Those that wait for a forge's limit make room for others, and come back."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from typing import Any, Protocol

from oshealth.clock import now
from oshealth.collect.forges.pace import Wait
from oshealth.pipeline.watched.order import Outcome, Stage

LONGEST = timedelta(seconds=3900)
"""So long one item waits for limits; forges reset within the hour."""
_SAME = timedelta(minutes=1)

wait_observer: ContextVar[Callable[[Wait], None]] = ContextVar("wait_observer", default=lambda _: None)
"""Is told of the limits that are waited for."""


class Pending(Protocol):
    """What is under way: a future of the standard library, or Prefect's."""

    def add_done_callback(self, fn: Callable[[Any], None], /) -> None: ...


@dataclass(frozen=True)
class Doing:
    """How one stage is done."""

    stage: Stage
    submit: Callable[[str], Pending]
    """Begins with an item."""
    end: Callable[[str, Any], "Outcome | Wait"]
    """How what was begun has ended."""
    give_up: Callable[[str, Wait], Outcome]
    """The outcome of an item that waited for too long."""
    tell: Callable[[Wait], None]
    """Is told every wait; see `once`."""
    at_once: int = 64
    """How many items are under way at most."""


def in_rounds(doing: Doing, items: Sequence[str], *, is_patient: bool) -> Iterator[Outcome]:
    """Each outcome as it comes. Without patience, items that must wait end as "waiting"."""
    ended: SimpleQueue[tuple[str, Any]] = SimpleQueue()
    later: dict[str, datetime] = {}
    since: dict[str, datetime] = {}

    def begin(item: str) -> None:
        doing.submit(item).add_done_callback(lambda pending: ended.put((item, pending)))

    ready = deque(items)
    open_count, busy_count = len(items), 0
    while open_count:
        for item in [item for item, until in later.items() if until <= now()]:
            del later[item]
            ready.append(item)
        while ready and busy_count < doing.at_once:
            begin(ready.popleft())
            busy_count += 1
        try:
            item, pending = ended.get(timeout=_seconds_until(later))
        except Empty:
            continue
        busy_count -= 1
        end = doing.end(item, pending)
        if isinstance(end, Wait):
            doing.tell(end)
            if is_patient and end.until - since.setdefault(item, now()) <= LONGEST:
                later[item] = end.until
                continue
            end = doing.give_up(item, end) if is_patient else Outcome(doing.stage, item, "waiting", str(end))
        open_count -= 1
        yield end


def _seconds_until(later: dict[str, datetime]) -> float | None:
    """How long until the next item comes back; None: only what is under way is waited for."""
    if not later:
        return None
    return max(0.01, (min(later.values()) - now()).total_seconds())


def once(tell: Callable[[Wait], None]) -> Callable[[Wait], None]:
    """Tells of every limit once, however many wait for it."""
    told: dict[str, datetime] = {}

    def tell_new(wait: Wait) -> None:
        if wait.host not in told or wait.until - told[wait.host] > _SAME:
            told[wait.host] = wait.until
            tell(wait)

    return tell_new
