"""What the rules leave to a human: pairs that may be one person, asked one after another."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import polars as pl

from oshealth.people import edits
from oshealth.people.decisions import Alias
from oshealth.people.resolve import People

Verdict = Literal["same", "different"]


@dataclass(frozen=True)
class Side:
    """One of two persons: the alias that wrote most, and how much all of theirs wrote."""

    alias: Alias
    alias_count: int
    commit_count: int


@dataclass(frozen=True)
class Question:
    """Are these two one person?"""

    one: Side
    other: Side
    reason: str
    confidence: float


def questions(people: People, aliases: pl.DataFrame) -> Iterator[Question]:
    """Every suggestion, the likeliest first; `aliases` is frame ALIAS with the names."""
    sides = _sides(people.identity, aliases)
    for one, other, reason, confidence in people.suggestions.iter_rows():
        if one in sides and other in sides:
            yield Question(sides[one], sides[other], reason, confidence)


def answered(text: str, question: Question, verdict: Verdict) -> str:
    """The text of people.toml with the answer."""
    change = edits.merge if verdict == "same" else edits.split
    return change(text, question.one.alias, question.other.alias)


def persons_of(alias: Alias, people: People, aliases: pl.DataFrame) -> list[str]:
    """The ids of the persons whom an alias matches; also an id itself, or its first eight letters or more."""
    wanted = (alias.name or "").casefold()
    persons = people.identity["person"].unique()
    if not alias.address and len(wanted) >= 8 and (ids := persons.filter(persons.str.starts_with(wanted))).len():
        return sorted(ids)
    name, address = pl.col("name").str.to_lowercase(), pl.col("address").str.to_lowercase()
    found = aliases.filter(
        (name == wanted) if alias.name else pl.lit(value=True),
        (address == (alias.address or "").lower()) if alias.address else pl.lit(value=True),
    )
    return sorted(people.identity.join(found, on="alias")["person"].unique())


def aliases_of(person: str, people: People, aliases: pl.DataFrame) -> list[Alias]:
    """The names and addresses of a person."""
    theirs = aliases.join(people.identity.filter(person=person), on="alias")
    pairs = theirs.select("name", "address").unique().sort("name", "address").rows()
    return [Alias(name=name or None, address=address or None) for name, address in pairs if name or address]


def _sides(identity: pl.DataFrame, aliases: pl.DataFrame) -> dict[str, Side]:
    rows = (
        identity.join(aliases, on="alias")
        .filter((pl.col("name") != "") | (pl.col("address") != ""))
        .sort("commit_count", "alias", descending=[True, False])
        .group_by("person", maintain_order=True)
        .agg(pl.col("name", "address").first(), pl.len(), pl.col("commit_count").sum())
    )
    return {
        person: Side(Alias(name=name or None, address=address or None), count, commits)
        for person, name, address, count, commits in rows.iter_rows()
    }
