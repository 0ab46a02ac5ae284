"""The registry that npm and pip ask where no file and no variable names one: they are asked themselves.

Each runs as a child in an empty folder, so that no repository's configuration counts, and only when a package needs it.
"""

import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from oshealth.collect.child import Command, Limits, run
from oshealth.collect.errors import ChildTimedOut, CollectError

_LIMITS = Limits(seconds=8, output_bytes=1_000_000)
_PIPS = (("pip",), ("pip3",), ("python3", "-m", "pip"))
_DEFAULT_INDEX = re.compile(r"--index-url <url>.*?\(default:? (https?://[^\s)]+)\)")


def defaults_of(ecosystems: Iterable[str], environment: Mapping[str, str]) -> dict[str, str]:
    """The address that each client would ask, by ecosystem; one that is not there, or does not tell, is left out."""
    asked = [one for one in ("npm", "pypi") if one in set(ecosystems)]
    with ThreadPoolExecutor(max_workers=len(_CLIENTS)) as threads:
        told = threads.map(lambda one: _CLIENTS[one](environment), asked)
        return {one: url for one, url in zip(asked, told, strict=True) if url}


def _npm(environment: Mapping[str, str]) -> str:
    """In global mode npm looks for no project, in no folder above either: on a shared machine that may be anybody's."""
    lines = (_output(("npm", "config", "get", "registry", "--global"), environment) or "").split()
    # What manages several npm beside each other may say something first.
    return next((line for line in reversed(lines) if line.startswith(("https://", "http://"))), "")


def _pip(environment: Mapping[str, str]) -> str:
    """From the help of `pip install`: no command of pip's prints the index that it asks by default.

    The help is what pip promises its users, the same in all of its versions and in every way to install it. Its modules
    are its own affair, and importing them would need the interpreter that runs it.
    """
    for program in _PIPS:
        text = _output((*program, "install", "--help"), {**environment, "COLUMNS": "500"})
        if text is None:
            break
        if found := _DEFAULT_INDEX.search(" ".join(text.split())):
            return found[1]
    return ""


_CLIENTS: Mapping[str, Callable[[Mapping[str, str]], str]] = {"npm": _npm, "pypi": _pip}


def _output(argv: tuple[str, ...], environment: Mapping[str, str]) -> str | None:
    """What a program prints, empty where there is none or where it fails; None where it does not end in time."""
    with tempfile.TemporaryDirectory(prefix="oshealth-") as empty:
        try:
            return run(Command(argv, environment, _LIMITS, cwd=Path(empty))).decode(errors="replace")
        except ChildTimedOut:
            return None
        except (CollectError, OSError):
            return ""
