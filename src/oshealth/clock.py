"""The one place that reads the clock: everything else takes the moment as an argument."""

from datetime import UTC, date, datetime


def now() -> datetime:
    """The current moment in UTC, without a zone, to the second: as every moment in the facts is kept."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)  # noqa: TID251


def today() -> date:
    """The current day in UTC."""
    return now().date()
