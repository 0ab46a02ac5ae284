"""Whether git can read the objects of a repository on this machine without waiting for what is no file."""

import os
from collections.abc import Iterator
from pathlib import Path

from oshealth.collect.refs import read_small

_DEPTH = 5
"""How far git follows folders of objects that borrow from others."""
_ALTERNATES_BYTES = 1 << 20
_FOLDERS = frozenset(["info", "pack", *(f"{number:02x}" for number in range(256))])


def holds_a_pipe(objects: Path) -> bool:
    """Whether a pipe, a socket or a device lies where git looks for objects: it would wait there, or read for ever."""
    seen: set[bytes] = set()
    pending = {os.fsencode(objects)}
    for _ in range(_DEPTH + 1):
        seen |= pending
        if any(_is_endless(entry) for folder in pending for entry in _entries(folder)):
            return True
        pending = {other for folder in pending for other in _borrowed(folder)} - seen
    return False


def _entries(objects: bytes) -> Iterator[os.DirEntry[bytes]]:
    for name in _FOLDERS:
        try:
            yield from os.scandir(os.path.join(objects, name.encode()))  # noqa: PTH118 - names are bytes
        except OSError:
            continue


def _is_endless(entry: os.DirEntry[bytes]) -> bool:
    try:
        return not entry.is_file() and not entry.is_dir() and os.path.exists(entry.path)  # noqa: PTH110 - bytes
    except OSError:
        return False


def _borrowed(objects: bytes) -> Iterator[bytes]:
    """The folders that git is told to look in, too, by lines that may be quoted."""
    file = os.path.join(objects, b"info", b"alternates")  # noqa: PTH118 - names are bytes
    for line in read_small(file, _ALTERNATES_BYTES).splitlines():
        told = line[1:-1].decode("unicode_escape", "replace").encode("latin-1", "replace") if line[:1] == b'"' else line
        if told and not told.startswith(b"#") and b"\0" not in told:
            yield os.path.normpath(os.path.join(objects, told))  # noqa: PTH118 - names are bytes
