"""The room in one call: raw aliases in, persons and their organisations out."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from oshealth.people.affiliations import address_evidence, affiliate
from oshealth.people.decisions import Decisions
from oshealth.people.identities import resolve
from oshealth.people.registry import Registry


@dataclass(frozen=True)
class People:
    """Frames IDENTITY, AFFILIATION, ORGANISATION of facts.py, and suggestions.SUGGESTION (private)."""

    identity: pl.DataFrame
    affiliation: pl.DataFrame
    organisation: pl.DataFrame
    suggestions: pl.DataFrame


def resolve_people(
    aliases: pl.DataFrame,
    appearances: pl.DataFrame,
    registry: Registry,
    decisions: Decisions | None = None,
    mailmap_hints: Iterable[str] = (),
) -> People:
    """Everybody in frame ALIAS.

    `appearances` has a row (alias, at) for each contribution; `mailmap_hints` are texts of `.mailmap` files.
    """
    del decisions
    identity, suggestions = resolve(aliases, mailmaps=mailmap_hints)
    evidence = address_evidence(aliases, appearances, registry)
    by_person = evidence.join(identity.select("alias", "person"), on="alias").select("person", "at", "organisation")
    return People(identity, affiliate(by_person), registry.organisations, suggestions)
