"""What stands behind a figure, made readable without knowing the measure: any JSON object, bounded, nobody named."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from oshealth.reports import words

_MOST_ITEMS = 12
_MOST_CHARACTERS = 120
_KEYED_HASH = re.compile(r"[0-9a-f]{32}")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


@dataclass(frozen=True)
class Part:
    """One entry of the evidence, as a heading and a text."""

    heading: str
    text: str


def in_words(evidence: Mapping[str, Any]) -> list[Part]:
    """An entry for each key that says something; persons, which are keyed hashes, are counted and not listed."""
    parts = [Part(words.heading(str(key)), _text(value)) for key, value in evidence.items()]
    return [part for part in parts if part.text]


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return _bounded([f"{words.heading(_scalar(k))}: {_text(v)}" for k, v in value.items() if not _is_person(k)])
    if isinstance(value, list | tuple):
        return _listed(value)
    return _scalar(value)


def _listed(values: Sequence[Any]) -> str:
    persons = sum(_is_person(value) for value in values)
    if persons and persons == len(values):
        return words.plural(persons, "person", "people")
    return _bounded([_entry(value) for value in values if not _is_person(value)])


def _entry(value: Any) -> str:
    if isinstance(value, Mapping):
        said = [f"{words.heading(str(k)).lower()} {_text(v)}" for k, v in value.items() if not _is_person(v)]
        return f"({', '.join(said)})"
    return _text(value)


def _bounded(items: Sequence[str]) -> str:
    shown = [item for item in items if item][:_MOST_ITEMS]
    more = len(items) - len(shown)
    return "; ".join(shown) + (f"; and {words.number(more)} more" if more > 0 else "")


def _scalar(value: Any) -> str:
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return words.number(value, 0 if value == int(value) else 2)
    text = str(value)
    if found := _DAY.fullmatch(text[:10]):
        return words.day_of(*(int(part) for part in found.groups()))
    if _is_person(text):
        return "one person"
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"


def _is_person(value: Any) -> bool:
    return isinstance(value, str) and _KEYED_HASH.fullmatch(value) is not None
