"""JSON, TOML and XML of unknown origin, read as plain data with the lines where things stand.

What these refuse is `Unreadable`: XML document types, nesting deeper than 100, merge conflicts. Time and memory are the
child process's to limit.
"""

import bisect
import json
import re
import tomllib
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from oshealth.collect.manifests.entry import Unreadable

MAX_DEPTH = 100
_OBJECT_KEY = re.compile(r'"((?:[^"\\\n]|\\.)*)"\s*:\s*\{')


# tomllib takes quadratic time and memory for these.
_PART = r"""(?:[\w-]++|"[^"]*+"|'[^']*+')"""
_LONG_KEY = re.compile(rf"(?<![\w-]){_PART}(?:\s*+\.\s*+{_PART}){{{MAX_DEPTH}}}")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def clean(text: str | None) -> str | None:
    """Text that can be stored and shown: at most 1,000 characters, none of them a control character or a surrogate."""
    return None if text is None else _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text[:1000])


def refuse_conflict(text: str) -> None:
    start = 0 if text.startswith("<<<<<<< ") else text.find("\n<<<<<<< ")
    middle = text.find("\n=======\n", start) if start != -1 else -1
    if middle != -1 and text.find("\n>>>>>>> ", middle) != -1:
        raise Unreadable("merge_conflict: the file holds an unresolved merge conflict")


def table(value: Any, *keys: str) -> dict[str, Any]:
    """The table under these keys, an empty one where there is none or something else."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def array(value: Any, *keys: str) -> list[Any]:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, list) else []


def string(value: Any, *keys: str) -> str | None:
    """The text under these keys, `None` where there is none or something else."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else None


def read_json(text: str) -> dict[str, Any]:
    refuse_conflict(text)
    try:
        value = json.loads(text)
    except RecursionError:
        raise Unreadable("too_deep: nested too deeply") from None
    except ValueError as error:
        raise Unreadable(f"invalid_json: {error}") from None
    if not isinstance(value, dict):
        raise Unreadable("invalid_json: not an object")
    return value


def read_toml(text: str) -> dict[str, Any]:
    refuse_conflict(text)
    if any(line.count(".") > MAX_DEPTH and _LONG_KEY.search(line) for line in text.splitlines()):
        raise Unreadable(f"too_deep: a key of more than {MAX_DEPTH} parts")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise Unreadable("too_deep: nested too deeply") from None
    except ValueError as error:
        raise Unreadable(f"invalid_toml: {error}") from None


class Lines:
    """Line numbers of offsets in one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [match.start() for match in re.finditer("\n", text)]

    def at(self, offset: int) -> int:
        return bisect.bisect_left(self._starts, offset) + 1

    def of_objects(self) -> dict[str, list[int]]:
        """The lines of each JSON key that opens an object, in the file's order."""
        lines: dict[str, list[int]] = {}
        for match in _OBJECT_KEY.finditer(self.text):
            lines.setdefault(match[1], []).append(self.at(match.start()))
        return lines

    def of_key(self, section: str, key: str) -> int | None:
        """The line of a JSON key, the first one after the section's opening."""
        start = re.search(rf'"{re.escape(section)}"\s*:\s*[\[{{]', self.text)
        position = start.end() if start else 0
        found = self.text.find(json.dumps(key, ensure_ascii=False), position)
        return self.at(found) if found != -1 else None


@dataclass(slots=True)
class Element:
    """An XML element without its namespaces."""

    tag: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    def child(self, *path: str) -> "Element | None":
        element: Element | None = self
        for tag in path:
            element = next((child for child in element.children if child.tag == tag), None) if element else None
        return element

    def all(self, *path: str) -> list["Element"]:
        found = [self]
        for tag in path:
            found = [child for element in found for child in element.children if child.tag == tag]
        return found

    def value(self, *path: str) -> str | None:
        element = self.child(*path)
        return (element.text.strip() or None) if element else None


def read_xml(text: str) -> Element:
    """The root element; a document type is refused, so no entity is ever expanded."""
    refuse_conflict(text)
    root = Element("", 0)
    stack = [root]
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True

    def start(tag: str, attributes: dict[str, str]) -> None:
        element = Element(tag.rpartition(":")[2], parser.CurrentLineNumber, attributes)
        stack[-1].children.append(element)
        stack.append(element)
        if len(stack) > MAX_DEPTH:
            raise Unreadable("too_deep: nested too deeply")

    def end(_tag: str) -> None:
        stack.pop()

    def characters(data: str) -> None:
        stack[-1].text += data

    def refuse(*_: object) -> None:
        raise Unreadable("xml_doctype: document types and entities are refused")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = characters, refuse
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        raise Unreadable(f"invalid_xml: {error}") from None
    return root.children[0]
