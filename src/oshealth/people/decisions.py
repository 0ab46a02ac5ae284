"""What the user has decided about people: people.toml, read and checked whole.

[[person]]
id = "ann"                                   # any key of the user's own
aliases = [{ address = "ann@firm.example" }, { name = "Ann Other", address = "a@home.example" }]
kind = "person"                              # or bot, machine, shared
organisations = [{ organisation = "magenta", from = 2018-01-01, until = 2021-07-01 }]

[[apart]]                                    # two that the rules take for one
one = { address = "ann@firm.example" }
other = { name = "Ann Other", address = "other@firm.example" }
"""

import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from oshealth.people.identities import Wishes
from oshealth.sources import Key
from oshealth.toml_mistakes import Mistake, mistakes_of, said


class DecisionsError(Exception):
    """people.toml is wrong or contradicts itself; the message lists every mistake with its line."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Alias(_Strict):
    """The aliases with this name, this address, or both; case does not matter."""

    name: str | None = None
    address: str | None = None

    @model_validator(mode="after")
    def _names_somebody(self) -> "Alias":
        if not self.name and not self.address:
            raise ValueError("a name, an address, or both")
        return self

    @property
    def key(self) -> tuple[str, str]:
        return (self.name or "").casefold(), (self.address or "").casefold()


class Stretch(_Strict):
    """A person is an organisation's from a day until another (exclusive; neither: no bound)."""

    organisation: Key
    from_on: date | None = Field(None, alias="from")
    until_on: date | None = Field(None, alias="until")

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> "Stretch":
        if self.from_on and self.until_on and self.from_on >= self.until_on:
            raise ValueError("from must lie before until")
        return self

    def overlaps(self, other: "Stretch") -> bool:
        first, last = date.min, date.max
        return (self.from_on or first) < (other.until_on or last) and (other.from_on or first) < (self.until_on or last)


class Person(_Strict):
    id: Key
    aliases: tuple[Alias, ...] = Field(min_length=1)
    kind: Literal["person", "bot", "machine", "shared"] | None = None
    organisations: tuple[Stretch, ...] = ()


class Apart(_Strict):
    one: Alias
    other: Alias


class _File(_Strict):
    person: tuple[Person, ...] = ()
    apart: tuple[Apart, ...] = ()


@dataclass(frozen=True)
class Decisions:
    """An empty one decides nothing."""

    persons: tuple[Person, ...] = ()
    aparts: tuple[Apart, ...] = ()
    text: str = ""
    name: str = "people.toml"


def load_decisions(path: Path, organisations: Collection[str]) -> Decisions:
    """The decisions in people.toml, none where there is no such file; `organisations` are the ids that are known."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return Decisions(name=path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise DecisionsError(f"{path}: cannot be read: {error}") from None
    return read_decisions(text, path.name, organisations)


def read_decisions(text: str, name: str, organisations: Collection[str]) -> Decisions:
    """The decisions that the text of people.toml holds.

    Raises:
        DecisionsError: names every wrong key, unknown organisation and contradiction, each with its line.
    """
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise DecisionsError(f"{name}: not TOML: {error}") from None
    try:
        file = _File.model_validate(raw)
    except ValidationError as error:
        raise _error(name, text, mistakes_of(error, _File)) from None
    if mistakes := [*_unknown(file, organisations), *_contradictions(file)]:
        raise _error(name, text, mistakes)
    return Decisions(file.person, file.apart, text, name)


def wishes_of(decisions: Decisions, aliases: pl.DataFrame) -> Wishes:
    """Which aliases of frame ALIAS the decisions speak of.

    Raises:
        DecisionsError: one alias is claimed for two persons, or stands on both sides of a pair kept apart.
    """
    find = _Finder(aliases)
    claimed: dict[str, int] = {}
    mistakes: list[Mistake] = []
    for number, person in enumerate(decisions.persons):
        for alias in sorted({alias for wanted in person.aliases for alias in find(wanted)}):
            if claimed.setdefault(alias, number) != number:
                other = decisions.persons[claimed[alias]].id
                mistakes.append((("person", number, "aliases"), f"matches an alias that {other!r} claims as well"))
    pairs = [(find(pair.one), find(pair.other)) for pair in decisions.aparts]
    for number, (one, other_side) in enumerate(pairs):
        both = set(one) & set(other_side)
        persons = {claimed[alias] for alias in one if alias in claimed}
        if both or any(claimed.get(alias) in persons for alias in other_side):
            mistakes.append((("apart", number), "both sides are one alias, or aliases that one person claims"))
    if mistakes:
        raise _error(decisions.name, decisions.text, list(dict.fromkeys(mistakes)))
    together = [[a for wanted in person.aliases for a in find(wanted)] for person in decisions.persons]
    return Wishes(together, pairs)


class _Finder:
    """Finds aliases by name and address without comparing each with each."""

    def __init__(self, aliases: pl.DataFrame) -> None:
        self._found: dict[tuple[str, str], list[str]] = {}
        for alias, name, address in aliases.select("alias", "name", "address").iter_rows():
            full, plain = (name or "").casefold(), (address or "").casefold()
            for key in {(full, plain), (full, ""), ("", plain)}:
                self._found.setdefault(key, []).append(alias)

    def __call__(self, wanted: Alias) -> list[str]:
        return sorted(self._found.get(wanted.key, ()))


def _unknown(file: _File, organisations: Collection[str]) -> Iterator[Mistake]:
    for number, person in enumerate(file.person):
        for stretch in person.organisations:
            if stretch.organisation not in organisations:
                words = (
                    f"{stretch.organisation!r} is no organisation's id: known are those of sources.toml, of "
                    "organisations.toml beside it, and of the package; the table `organisation` of the warehouse "
                    "lists them all"
                )
                yield ("person", number, "organisations"), words


def _contradictions(file: _File) -> Iterator[Mistake]:
    ids: dict[str, int] = {}
    owners: dict[tuple[str, str], int] = {}
    for number, person in enumerate(file.person):
        if ids.setdefault(person.id, number) != number:
            yield ("person", number, "id"), f"{person.id!r} is another person's id already"
        for alias in person.aliases:
            if owners.setdefault(alias.key, number) != number:
                yield ("person", number, "aliases"), f"an alias of {file.person[owners[alias.key]].id!r} as well"
        for one, other in combinations(person.organisations, 2):
            if one.overlaps(other):
                words = f"{one.organisation!r} and {other.organisation!r} overlap"
                yield ("person", number, "organisations"), words
    for number, pair in enumerate(file.apart):
        if pair.one.key == pair.other.key:
            yield ("apart", number), "one and other are the same"
        elif owners.get(pair.one.key, -1) == owners.get(pair.other.key, -2):
            yield ("apart", number), f"both are aliases of {file.person[owners[pair.one.key]].id!r}"


def _error(name: str, text: str, mistakes: list[Mistake]) -> DecisionsError:
    return DecisionsError(said(text, name, mistakes))
