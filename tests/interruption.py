"""A process that is killed between two writes, played within this one.

with killed_before_write(3, folder):
    …                               # ends with Killed when a fourth file below the folder would be made or changed
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.truncate"}


class Killed(BaseException):
    """No handler of errors catches it."""


@dataclass
class _Watch:
    folder: str = ""
    writes_left: int = 0
    is_torn: bool = False
    is_hooked: bool = field(default=False, init=False)


_WATCH = _Watch()


@contextmanager
def killed_before_write(number: int, folder: Path, *, is_torn: bool = False) -> Iterator[None]:
    """Raise Killed before the write of this number, counted from 0; torn, the file is there with a few bytes.

    Writes that Polars does by itself are not seen, only those around them.
    """
    if not _WATCH.is_hooked:
        sys.addaudithook(_look)  # one cannot be taken off again
        _WATCH.is_hooked = True
    _WATCH.folder, _WATCH.writes_left, _WATCH.is_torn = str(folder), number, is_torn
    try:
        yield
    finally:
        _WATCH.folder = ""


def _look(event: str, args: tuple[Any, ...]) -> None:
    if not _WATCH.folder or not _is_write(event, args):
        return
    if _WATCH.writes_left:
        _WATCH.writes_left -= 1
        return
    _WATCH.folder = ""
    if _WATCH.is_torn and event == "open" and (args[2] & os.O_TRUNC or not Path(args[0]).exists()):
        Path(args[0]).write_bytes(b"PAR1")
    raise Killed


def _is_write(event: str, args: tuple[Any, ...]) -> bool:
    is_inside = bool(args) and isinstance(args[0], (str, os.PathLike)) and os.fspath(args[0]).startswith(_WATCH.folder)
    return is_inside and (event in _CHANGES or (event == "open" and bool(args[2] & _WRITING)))
