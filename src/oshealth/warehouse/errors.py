"""What can go wrong with a warehouse, for people."""


class WarehouseError(Exception):
    """The warehouse could not be made, opened or asked; the message is one plain sentence or a short list."""


class CheckError(WarehouseError):
    """A check found rows that are wrong: nothing was published."""


class QueryError(WarehouseError):
    """The question cannot be answered as it is asked."""
