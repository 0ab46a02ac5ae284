"""At which line of a TOML text a table, a key or an item of a list stands: what tomllib does not say."""

import re
from collections.abc import Iterator

_PART = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_HEADER = re.compile(rf"^\s*(\[\[?)\s*({_PART}(?:\s*\.\s*{_PART})*)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(rf"^\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=\s*")
_PARTS = re.compile(r"""([A-Za-z0-9_-]+)|"([^"]*)"|'([^']*)'""")
_TOKENS = re.compile(r""""(?:[^"\\]|\\.)*+"?|'[^']*+'?|#.*|[\[\]{}]|[^\s,\[\]{}"'#]+""")

Location = tuple[str | int, ...]
Numbered = tuple[int, str]


class TomlLines:
    """The lines of one text. Tables of an array are numbered: `[[a.b]]` may be ("a", 1, "b", 0)."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Location, int] = {}
        self._counts: dict[Location, int] = {}
        table: Location = ()
        numbered = enumerate(text.split("\n"), start=1)
        for number, line in numbered:
            if header := _HEADER.match(line):
                table = self._table(_parts(header[2]), header[1] == "[[")
                self._lines.setdefault(table, number)
            elif key := _KEY.match(line):
                place = (*table, *_parts(key[1]))
                self._lines.setdefault(place, number)
                self._value(place, (number, line[key.end() :]), numbered)

    def _value(self, place: Location, first: Numbered, rest: Iterator[Numbered]) -> None:
        """Read a value to its end, which may be lines below: what looks like a key there is none."""
        number, text = first
        if text.startswith("["):
            items = _Items()
            items.read(number, text)
            while items.depth and (following := next(rest, None)):
                items.read(*following)
            self._lines |= {(*place, index): at for index, at in enumerate(items.lines)}
        elif (quotes := text[:3]) in {'"""', "'''"} and quotes not in text[3:]:
            next((number for number, line in rest if quotes in line), None)

    def of(self, location: Location) -> int:
        """The line of a key or item, or of the nearest table around it; 1 when the file has neither."""
        while location and location not in self._lines:
            location = location[:-1]
        return self._lines.get(location, 1)

    def _table(self, names: Location, is_array: bool) -> Location:
        """The path of a header."""
        location: Location = ()
        for depth, name in enumerate(names):
            location = (*location, name)
            if is_array and depth == len(names) - 1:
                self._counts[location] = self._counts.get(location, -1) + 1
            if location in self._counts:
                location = (*location, self._counts[location])
        return location


class _Items:
    """The lines at which the items of one list begin, read until it closes."""

    def __init__(self) -> None:
        self.lines: list[int] = []
        self.depth = 0

    def read(self, number: int, text: str) -> None:
        for token in _TOKENS.findall(text):
            if token.startswith("#"):
                return
            if token not in {"]", "}"} and self.depth == 1:
                self.lines.append(number)
            self.depth += (token in {"[", "{"}) - (token in {"]", "}"})
            if not self.depth:
                return


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(bare or double or single for bare, double, single in _PARTS.findall(dotted))
