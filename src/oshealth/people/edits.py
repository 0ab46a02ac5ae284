"""Changes to people.toml: merge, split, affiliate. Each gives the new text, comments and order kept, or refuses."""

import os
import re
import secrets
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.items import AoT

from oshealth.people.decisions import Alias, DecisionsError, Stretch, read_decisions


def merge(text: str, one: Alias, other: Alias) -> str:
    """The two are one person: one entry claims both, and no pair keeps them apart."""
    document = tomlkit.parse(text)
    first, second = _entry(document, one), _entry(document, other)
    if first is None and second is not None:
        first, second, other = second, None, one
    if first is None:
        first = _added(document, one)
    if second is None:
        _claim(first, other)
    elif second is not first:
        for claimed in second["aliases"]:
            _claim(first, _alias(claimed))
        for stretch in second.get("organisations", ()):
            _array(first, "organisations").append(stretch)
        _tables(document, "person").remove(second)
    _drop_apart(document, one, other)
    return _dumped(document)


def split(text: str, one: Alias, other: Alias) -> str:
    """The two are not one person: a pair keeps them apart, and the entry that claimed both loses the other."""
    document = tomlkit.parse(text)
    entry = _entry(document, one)
    if entry is not None and entry is _entry(document, other):
        kept = [claimed for claimed in entry["aliases"] if _alias(claimed).key != other.key]
        entry["aliases"] = _lines(kept)
    _drop_apart(document, one, other)
    pair = tomlkit.table()
    pair["one"], pair["other"] = _inline(one), _inline(other)
    _tables(document, "apart").append(pair)
    return _dumped(document)


def affiliate(text: str, alias: Alias, stretch: Stretch) -> str:
    """The person was the organisation's for a time. Stretches that end up overlapping are refused when saved."""
    document = tomlkit.parse(text)
    entry = _entry(document, alias)
    entry = _added(document, alias) if entry is None else entry
    row = tomlkit.inline_table()
    row["organisation"] = stretch.organisation
    row.update({key: day for key, day in (("from", stretch.from_on), ("until", stretch.until_on)) if day})
    _array(entry, "organisations").append(row)
    return _dumped(document)


def forget(text: str, aliases: Collection[Alias]) -> str:
    """Nothing in the file speaks of these aliases any more; an entry without aliases goes with its organisations."""
    document = tomlkit.parse(text)
    for entry in list(_tables(document, "person")):
        kept = [claimed for claimed in entry["aliases"] if not _matches_any(_alias(claimed), aliases)]
        if not kept:
            _tables(document, "person").remove(entry)
        elif len(kept) < len(entry["aliases"]):
            entry["aliases"] = _lines(kept)
    for pair in list(_tables(document, "apart")):
        if any(_matches_any(_alias(pair[side]), aliases) for side in ("one", "other")):
            _tables(document, "apart").remove(pair)
    for key in ("person", "apart"):
        if key in document and not document[key]:
            del document[key]
    return _dumped(document)


def save(path: Path, text: str, organisations: Collection[str]) -> None:
    """Put the text in place of the file, at once, readable by its owner alone.

    Raises:
        DecisionsError: the text is wrong or contradicts itself; the file stands as it was.
    """
    read_decisions(text, path.name, organisations)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise DecisionsError(f"{path}: cannot be written: {error}") from None


def parse_alias(text: str) -> Alias:
    """The alias that "Name <address>", "<address>", an address or a name alone stands for."""
    name, bracket, rest = text.strip().partition("<")
    if bracket:
        return Alias(name=name.strip() or None, address=rest.rstrip("> ").strip() or None)
    return Alias(address=name) if "@" in name else Alias(name=name or None)


def parse_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _dumped(document: TOMLDocument) -> str:
    """The text, with an empty line before a table that follows a value."""
    return re.sub(r"(?<=[\]}\"])\n(?=\[\[)", "\n\n", tomlkit.dumps(document))


def _tables(document: TOMLDocument, key: str) -> AoT:
    if key not in document:
        document[key] = tomlkit.aot()
    found = document[key]
    if not isinstance(found, AoT):
        raise DecisionsError(f"people.toml: {key} must be tables [[{key}]]")
    return found


def _array(entry: Any, key: str) -> Any:
    if key not in entry:
        entry[key] = tomlkit.array().multiline(multiline=True)
    return entry[key]


def _entry(document: TOMLDocument, alias: Alias) -> Any:
    entries = document.get("person", ())
    return next((e for e in entries if any(_alias(claimed).key == alias.key for claimed in e["aliases"])), None)


def _added(document: TOMLDocument, alias: Alias) -> Any:
    taken = {entry["id"] for entry in document.get("person", ())}
    number = next(n for n in range(1, len(taken) + 2) if f"person-{n}" not in taken)
    entry = tomlkit.table()
    entry["id"], entry["aliases"] = f"person-{number}", _lines([_inline(alias)])
    _tables(document, "person").append(entry)
    return document["person"][-1]


def _claim(entry: Any, alias: Alias) -> None:
    if all(_alias(claimed).key != alias.key for claimed in entry["aliases"]):
        entry["aliases"].append(_inline(alias))


def _drop_apart(document: TOMLDocument, one: Alias, other: Alias) -> None:
    for pair in list(document.get("apart", ())):
        if {_alias(pair["one"]).key, _alias(pair["other"]).key} == {one.key, other.key}:
            _tables(document, "apart").remove(pair)
    if "apart" in document and not document["apart"]:
        del document["apart"]


def _lines(items: Collection[Any]) -> Any:
    array = tomlkit.array()
    array.extend(items)
    return array.multiline(multiline=True)


def _inline(alias: Alias) -> Any:
    row = tomlkit.inline_table()
    row.update({key: value for key, value in (("name", alias.name), ("address", alias.address)) if value})
    return row


def _alias(row: Any) -> Alias:
    return Alias(name=row.get("name"), address=row.get("address"))


def _matches_any(alias: Alias, others: Collection[Alias]) -> bool:
    """Whether what the alias asks for is true of one of the others."""
    name, address = alias.key
    return any(name in {"", other.key[0]} and address in {"", other.key[1]} for other in others)
