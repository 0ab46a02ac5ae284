"""What can go wrong with a warehouse, for people."""

from collections.abc import Mapping


class WarehouseError(Exception):
    """The warehouse could not be made, opened or asked; the message is one plain sentence or a short list."""


class CheckError(WarehouseError):
    """Checks found rows that are wrong: nothing was published. `failed` holds by the check's name what to show."""

    def __init__(self, failed: Mapping[str, str]) -> None:
        self.failed = failed
        words = ["nothing was published: the warehouse does not hold what it must", *failed.values()]
        super().__init__("\n".join(words))


class QueryError(WarehouseError):
    """The question cannot be answered as it is asked."""
