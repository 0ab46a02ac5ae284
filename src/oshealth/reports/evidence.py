"""What stands behind a figure, made readable without knowing the measure: any JSON object, bounded, nobody named."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from oshealth.reports import words
from oshealth.reports.evidence_words import COUNTRIES, HEADINGS, HIDDEN, LINES, PERCENTAGES, SHARES, STEPS

_MOST_ITEMS = 12
_MOST_CHARACTERS = 160
_KEYED_HASH = re.compile(r"[0-9a-f]{32}")
_DAY = re.compile(r"(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?:T[\d:.]+)?", re.ASCII)
_REPOSITORY = re.compile(r"[a-z0-9.-]+\.[a-z]+/\S+/\S+")


@dataclass(frozen=True)
class Part:
    """One entry of the evidence: a heading and what it says, item by item."""

    heading: str
    items: Sequence[str]
    more: int = 0
    """How many items are left out."""


def in_words(evidence: Mapping[str, Any]) -> list[Part]:
    """An entry for each key that says something; persons, which are keyed hashes, are counted and not listed."""
    return [
        _part(HEADINGS.get(key) or words.heading(str(key)), said)
        for key, value in evidence.items()
        if key not in HIDDEN and (said := _items(_as_shares(key, _by_country(key, value))))
    ]


def _by_country(key: str, value: Any) -> Any:
    """Countries by their names; all else as it is."""
    if key not in COUNTRIES or not isinstance(value, Mapping):
        return value
    return {words.country(str(code)): entry for code, entry in value.items()}


def _as_shares(key: str, value: Any) -> Any:
    """Numbers that are shares as percentages, and steps by who has left; all else as it is."""
    if key in STEPS and isinstance(value, list):
        return [f"{_left(number)} {_scalar(count)}" for number, count in enumerate(value)]
    if key not in SHARES | PERCENTAGES:
        return value
    if isinstance(value, Mapping):
        return {name: _as_shares(key, entry) for name, entry in value.items()}
    if isinstance(value, list):
        return [_as_shares(key, entry) if not isinstance(entry, Mapping) else entry for entry in value]
    if not isinstance(value, int | float):
        return value
    return words.share(value) if key in SHARES else words.percent(value)


def _left(number: int) -> str:
    return f"after {words.count_of(number, 'person', 'people')} left:" if number else "now:"


def _part(heading: str, items: Sequence[str]) -> Part:
    return Part(heading, items[:_MOST_ITEMS], max(len(items) - _MOST_ITEMS, 0))


def _items(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [f"{_scalar(key)}: {_text(entry)}" for key, entry in value.items() if not _is_person(key)]
    if isinstance(value, list | tuple):
        return _listed(value)
    return [_scalar(value)]


def _listed(values: Sequence[Any]) -> list[str]:
    persons = sum(_is_person(value) for value in values)
    if persons:
        return [words.plural(persons, "person", "people")]
    if all(isinstance(value, Mapping) and len(value) == 2 and "repository" in value for value in values):
        return _by_repository(values)
    return [_text(value) for value in values]


def _by_repository(values: Sequence[Mapping[str, Any]]) -> list[str]:
    """Entries that say one thing of a repository, gathered by what they say."""
    gathered: dict[str, list[str]] = {}
    for value in values:
        said = next(_text(entry) for key, entry in value.items() if key != "repository")
        gathered.setdefault(said, []).append(_text(value["repository"]))
    return [f"{said}: {words.series(repositories)}" for said, repositories in gathered.items()]


def _text(value: Any) -> str:
    """One item in a line."""
    if isinstance(value, Mapping):
        if line := next((line for keys, line in LINES if keys <= value.keys()), None):
            return line.format_map({key: "none" if entry is None else _text(entry) for key, entry in value.items()})
        hidden = {"organisation"} if "name" in value else set()
        return ", ".join(f"{_key(k)} {_text(v)}" for k, v in value.items() if k not in hidden and not _is_person(v))
    if isinstance(value, list | tuple):
        return ", ".join(_listed(value)) or "none"
    return _scalar(value)


def _key(key: Any) -> str:
    return words.heading(str(key)).lower()


def _scalar(value: Any) -> str:
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return words.number(value, 0 if value == int(value) or abs(value) >= 10 else 2)
    text = str(value)
    if found := _DAY.fullmatch(text):
        return words.day_of(*(int(part) for part in found.groups()))
    if _is_person(text):
        return "one person"
    if text.startswith("pkg:"):
        text = words.component(text)
    if _REPOSITORY.fullmatch(text):
        text = words.short_repository(text)
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"


def _is_person(value: Any) -> bool:
    return isinstance(value, str) and _KEYED_HASH.fullmatch(value) is not None
