"""What somebody writes as their company on a forge, and which organisation that names: exactly, or none."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

import polars as pl

from oshealth.people.names import fold

_WORD = re.compile(r"[^\W_]+")
_LEGAL = {"ab", "ag", "aps", "as", "bv", "doo", "gmbh", "inc", "llc", "ltd", "oy", "oyj", "sa", "sl", "sro", "zs"}
_MUNICIPAL = {"ayuntamiento", "city", "comune", "gemeente", "gemeinde", "hlavni", "kaupunki", "kommun", "kommune"}
_MUNICIPAL |= {"mairie", "mesto", "municipality", "obcina", "stad", "stadt", "town"}
_SMALL = {"a", "de", "del", "di", "do", "la", "le", "of", "the", "und"}


def organisation_names(organisations: pl.DataFrame) -> Mapping[str, str]:
    """From a name's words to the one organisation that bears it; names that several bear name nobody."""
    found: dict[str, set[str]] = defaultdict(set)
    for identifier, name, kind in organisations.select("organisation", "name", "type").iter_rows():
        found[_key(name or "", is_municipal=kind == "municipality")].add(identifier)
    return {key: next(iter(ids)) for key, ids in found.items() if len(ids) == 1 and key.strip()}


def named_by(company: str, names: Mapping[str, str]) -> str | None:
    """The organisation that a profile names: "@Firm", "Firm ApS", "Town Kommune". A town's bare name names no town."""
    is_municipal = bool(_MUNICIPAL & set(_words(company)))
    return names.get(_key(company, is_municipal=is_municipal)) or names.get(_key(company, is_municipal=False))


def _key(text: str, *, is_municipal: bool) -> str:
    words = [word for word in _words(text) if word not in _LEGAL | _SMALL]
    if is_municipal:
        words = ["municipality:", *(word for word in words if word not in _MUNICIPAL)]
    return " ".join(words)


def _words(text: str) -> Iterable[str]:
    plain = fold(text[:200]).replace("a/s", "as").replace("s.r.o.", "sro").replace("d.o.o.", "doo")
    return _WORD.findall(plain)
