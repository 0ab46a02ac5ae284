"""What is wrong in a TOML file, in words with the line: what neither tomllib nor pydantic says."""

import difflib
import re
from collections.abc import Sequence
from operator import itemgetter
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from oshealth.toml_lines import Location, TomlLines

_SECRET = re.compile(r"(//)\S*@|(?<![\w@])\w[^\s@:/]*:\S*@")
"""A user and a password before a host, which are not repeated."""

Mistake = tuple[Location, str]
"""Where, and what is allowed there."""


def said(text: str, name: str, mistakes: Sequence[Mistake]) -> str:
    """One line of words a mistake in a TOML text, in the order of the file."""
    lines = TomlLines(text)
    found = sorted(((lines.of(location), location, words) for location, words in mistakes), key=itemgetter(0))
    return "\n".join(f"{name}, line {line}: {_key(location)}: {words}" for line, location, words in found)


def mistakes_of(error: ValidationError, model: type[BaseModel]) -> list[Mistake]:
    """Pydantic's findings in plain words; what merely follows from a mistake further in is left out."""
    found = error.errors(include_url=False)
    places = [tuple(f["loc"]) for f in found]
    return [
        (tuple(f["loc"]), _words(f["type"], f["msg"], f["input"], _allowed(model, tuple(f["loc"]))))
        for f in found
        if not any(place != f["loc"] and place[: len(f["loc"])] == tuple(f["loc"]) for place in places)
    ]


def _words(kind: str, message: str, given: Any, allowed: Sequence[str]) -> str:
    if kind == "missing":
        return "is missing"
    if kind != "extra_forbidden":
        text = message.removeprefix("Value error, ")
        shown = _SECRET.sub(r"\1***@", repr(given))
        return text if isinstance(given, (dict, list)) else f"{text}; here stands {shown}"[:300]
    return f"unknown key; allowed are {', '.join(allowed)}"


def _allowed(model: type[BaseModel], location: Location) -> list[str]:
    """The keys of the table that the location's last part stands in, those most alike first."""
    for part in location[:-1]:
        if isinstance(part, str) and part in model.model_fields:
            annotation = model.model_fields[part].annotation
            inner = [a for a in (annotation, *get_args(annotation)) if isinstance(a, type) and issubclass(a, BaseModel)]
            model = inner[0] if inner else model
    names = list(model.model_fields)
    alike = difflib.get_close_matches(str(location[-1]), names, n=2)
    return alike + [name for name in names if name not in alike]


def _key(location: Location) -> str:
    return ".".join(str(part + 1 if isinstance(part, int) else part) for part in location)
