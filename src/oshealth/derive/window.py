"""A stretch of time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

WINDOW_DAYS = 365


@dataclass(frozen=True)
class Window:
    """From `start` up to `end`, which is exclusive. Moments are UTC without a zone."""

    start: datetime
    end: datetime


def window_before(as_of: date) -> Window:
    """The 365 days up to the end of the UTC day `as_of`."""
    end = datetime.combine(as_of, time.min) + timedelta(days=1)
    return Window(end - timedelta(days=WINDOW_DAYS), end)
