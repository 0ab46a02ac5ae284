"""YAML of unknown origin, as plain data with the lines of its keys.

Built from the parser's events: every scalar stays text, no tag makes an object, and it is six times faster than
PyYAML's own constructor. Aliases share what they name, so a bomb costs nothing here; but whoever walks the result would
pay, so a document that would be larger than `MAX_NODES` when written out is refused, and one that holds itself.
"""

from collections.abc import Iterator
from typing import Any

import yaml

from oshealth.collect.manifests.entry import Unreadable
from oshealth.collect.manifests.syntax import MAX_DEPTH, refuse_conflict

MAX_NODES = 2_000_000


class Node(dict[str, Any]):
    """A mapping that knows the lines of its keys."""

    __slots__ = ("lines",)

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}


def read_yaml(text: str, most_nodes: int = MAX_NODES) -> Any:
    """The first document, every scalar as its text (a plain `null` or `~` as `None`), mappings as `Node`."""
    return next(read_documents(text, most_nodes), None)


def read_documents(text: str, most_nodes: int = MAX_NODES) -> Iterator[Any]:
    """Every document of a stream, as `read_yaml` gives the first."""
    refuse_conflict(text)
    try:
        yield from _Builder(most_nodes).documents(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        raise Unreadable(f"invalid_yaml: {where}{getattr(error, 'problem', None) or 'not YAML'}") from None


def line_of(node: Any, *keys: str) -> int | None:
    """The line of the last of these keys that is there."""
    line = None
    for key in keys:
        if not isinstance(node, Node) or key not in node:
            return line
        line = node.lines.get(key)
        node = node[key]
    return line


class _Open:
    """A collection whose end has not come yet."""

    __slots__ = ("anchor", "key", "merges", "size", "value")

    def __init__(self, value: Any, anchor: str | None) -> None:
        self.value, self.anchor = value, anchor
        self.key: str | None = None
        self.size = 1
        self.merges: list[Any] = []


class _Builder:
    def __init__(self, most_nodes: int) -> None:
        self._most_nodes = most_nodes
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}

    def documents(self, events: Iterator[Any]) -> Iterator[Any]:
        for event in events:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                value: Any = _scalar(event)
                size = 1
                if event.anchor:
                    self._anchors[event.anchor] = value, 1
            elif kind in {yaml.MappingStartEvent, yaml.SequenceStartEvent}:
                self._open(Node() if kind is yaml.MappingStartEvent else [], event)
                continue
            elif kind in {yaml.MappingEndEvent, yaml.SequenceEndEvent}:
                value, size = self._close()
            elif kind is yaml.AliasEvent:
                value, size = self._alias(event)
            else:
                continue
            if self._stack:
                self._place(value, size, event)
            else:
                yield value
                self._anchors = {}

    def _open(self, value: Any, event: Any) -> None:
        self._stack.append(_Open(value, event.anchor))
        if len(self._stack) > MAX_DEPTH:
            raise Unreadable("too_deep: nested too deeply")

    def _close(self) -> tuple[Any, int]:
        closed = self._stack.pop()
        for merged in closed.merges:
            for one in merged if isinstance(merged, list) else [merged]:
                if isinstance(one, Node):
                    for key, value in one.items():
                        closed.value.setdefault(key, value)
                        closed.value.lines.setdefault(key, one.lines.get(key, 1))
        if closed.anchor:
            self._anchors[closed.anchor] = closed.value, closed.size
        return closed.value, closed.size

    def _alias(self, event: Any) -> tuple[Any, int]:
        if event.anchor not in self._anchors:
            raise Unreadable(f"yaml_alias: line {event.start_mark.line + 1}: an alias of nothing, or of itself")
        return self._anchors[event.anchor]

    def _place(self, value: Any, size: int, event: Any) -> None:
        parent = self._stack[-1]
        parent.size += size
        if parent.size > self._most_nodes:
            raise Unreadable(f"yaml_bomb: more than {self._most_nodes:,} nodes when its aliases are written out")
        if isinstance(parent.value, list):
            parent.value.append(value)
        elif parent.key is None:
            if isinstance(value, Node | list):
                raise Unreadable(f"invalid_yaml: line {event.start_mark.line + 1}: a key that is no text")
            parent.key = value or ""
            parent.value.lines[parent.key] = event.start_mark.line + 1
        else:
            if parent.key == "<<":
                parent.merges.append(value)
            else:
                parent.value[parent.key] = value
            parent.key = None


def _scalar(event: Any) -> str | None:
    if event.implicit[0] and not event.style and event.value in {"", "~", "null", "Null", "NULL"}:
        return None
    return str(event.value)
