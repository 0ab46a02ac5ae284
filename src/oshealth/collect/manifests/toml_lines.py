"""At which line of a TOML file a key stands: what tomllib does not say."""

import re

_PART = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_HEADER = re.compile(rf"^\s*\[\[?\s*({_PART}(?:\s*\.\s*{_PART})*)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(rf"^\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=")
_PARTS = re.compile(r"""([A-Za-z0-9_-]+)|"([^"]*)"|'([^']*)'""")


class TomlLines:
    """The lines of the tables and keys of one TOML text."""

    def __init__(self, text: str) -> None:
        self._lines: dict[tuple[str, ...], int] = {}
        table: tuple[str, ...] = ()
        for number, line in enumerate(text.splitlines(), start=1):
            if header := _HEADER.match(line):
                table = _parts(header[1])
                self._lines.setdefault(table, number)
            elif key := _KEY.match(line):
                self._lines.setdefault((*table, *_parts(key[1])), number)

    def of(self, location: tuple[str, ...]) -> int:
        """The line of a key, or of the nearest table around it; 1 when the file has neither."""
        while location and location not in self._lines:
            location = location[:-1]
        return self._lines.get(location, 1)


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(bare or double or single for bare, double, single in _PARTS.findall(dotted))
