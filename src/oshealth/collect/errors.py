"""What can go wrong while collecting: one small tree, so that one handler answers for a whole repository."""

# ruff: noqa: N818 - the names say what happened, the base says that it is an error

from oshealth.visible import visible

TAIL_CHARACTERS = 2000


class CollectError(Exception):
    """One repository, or a part of it, could not be collected."""


class AddressError(CollectError):
    """An address that is not fetched from; the message is one plain sentence."""


class Unreachable(CollectError):
    """An address did not answer."""


class ChildFailed(CollectError):
    """A child process ended with a status other than zero."""

    def __init__(self, name: str, status: int, stderr: bytes) -> None:
        self.name = name
        self.status = status
        self.stderr = printable(stderr)[-TAIL_CHARACTERS:].strip()
        super().__init__(f"{name} ended with status {status}: {self.stderr or 'it said nothing'}")


class ChildTimedOut(CollectError):
    """A child process did not finish in time; its whole group was killed."""


class ChildTooLarge(CollectError):
    """A child process gave, wrote or held more than its limits allow; its whole group was killed."""


class ChildMissing(CollectError):
    """The program is not installed."""


def printable(text: bytes) -> str:
    """Text from outside, safe to print: bytes that are not UTF-8 and every control character escaped."""
    return visible(text.decode(errors="backslashreplace"))
