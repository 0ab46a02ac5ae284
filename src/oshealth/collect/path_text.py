"""Paths as git holds them, in bytes, to text: each has one of its own, so that a path is a key."""

import re

_MISTAKEN = re.compile(rb"\\(?=x(?:5c|[89a-f][0-9a-f]))")
ESCAPED = r"\\x[89a-f][0-9a-f]"
"""What stands for a byte that is not UTF-8, as a pattern; no path that is UTF-8 has it."""


def path_text(raw: bytes) -> str:
    r"""One path, or what git printed of many. Bytes that are not UTF-8 are escaped: b"\xff" is r"\xff".

    A backslash that would be mistaken for such an escape is one itself, r"\x5c"; every other stays as it is.
    """
    return (_MISTAKEN.sub(rb"\\x5c", raw) if b"\\x" in raw else raw).decode(errors="backslashreplace")
