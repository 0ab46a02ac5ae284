"""What is wrong in a TOML file, in words with the line: what neither tomllib nor pydantic says."""

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")
_SECRET = re.compile(r"(//)\S*@|(?<![\w@])\w[^\s@:/]*:\S*@")
"""A user and a password before a host, which are not repeated."""

Location = tuple[str | int, ...]
Mistake = tuple[Location, str]
"""Where, and what is allowed there."""


class TomlLines:
    """The lines of the tables and keys of one TOML text."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Location, int] = {}
        counts: dict[Location, int] = {}
        table: Location = ()
        for number, line in enumerate(text.splitlines(), start=1):
            if header := _HEADER.match(line):
                table = _table(header[2], header[1] == "[[", counts)
                self._lines.setdefault(table, number)
            elif key := _KEY.match(line):
                self._lines.setdefault((*table, *_parts(key[1])), number)

    def of(self, location: Location) -> int:
        """The line of a key, or of the nearest table around it; 1 when the file has neither."""
        while location and location not in self._lines:
            location = location[:-1]
        return self._lines.get(location, 1)

    def say(self, name: str, mistakes: Sequence[Mistake]) -> Iterator[str]:
        """One line of text a mistake, in the order of the file."""
        for location, words in sorted(mistakes, key=lambda mistake: self.of(mistake[0])):
            key = ".".join(str(part + 1 if isinstance(part, int) else part) for part in location)
            yield f"{name}, line {self.of(location)}: {key}: {words}"


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


def _parts(dotted: str) -> list[str]:
    return [part.strip().strip("\"'") for part in dotted.split(".")]


def _table(dotted: str, is_array: bool, counts: dict[Location, int]) -> Location:
    """The path of a header, arrays numbered: `[[a.b]]` may be ("a", 1, "b", 0)."""
    location: Location = ()
    names = _parts(dotted)
    for depth, name in enumerate(names):
        location = (*location, name)
        is_new = is_array and depth == len(names) - 1
        if is_new:
            counts[location] = counts.get(location, -1) + 1
        if location in counts:
            location = (*location, counts[location])
    return location
