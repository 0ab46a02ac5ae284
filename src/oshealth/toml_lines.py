"""At which line of a TOML file a key stands: what tomllib does not say and an error message needs."""

import re

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")

Location = tuple[str | int, ...]


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
