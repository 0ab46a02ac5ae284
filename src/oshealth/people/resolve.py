"""The room in one call: raw aliases in, persons and their organisations out."""

from dataclasses import dataclass, replace
from datetime import date, datetime

import polars as pl

from oshealth.facts import AFFILIATION, IDENTITY
from oshealth.people.affiliations import EVIDENCE, address_evidence, affiliate
from oshealth.people.decisions import Decisions, wishes_of
from oshealth.people.identities import Wishes, resolve
from oshealth.people.registry import Registry


@dataclass(frozen=True)
class People:
    """Frames IDENTITY, AFFILIATION, ORGANISATION of facts.people, and suggestions.SUGGESTION (private)."""

    identity: pl.DataFrame
    affiliation: pl.DataFrame
    organisation: pl.DataFrame
    suggestions: pl.DataFrame


@dataclass(frozen=True)
class Hints:
    """What others say of people: weaker than an address of their own, and never trusted against it."""

    mailmaps: tuple[str, ...] = ()
    """Texts of the repositories' `.mailmap` files."""
    profiles: pl.DataFrame | None = None
    """Frame (alias, at, organisation): the organisation that somebody's profile on a forge named at that moment."""


NO_DECISIONS, NO_HINTS = Decisions(), Hints()


def resolve_people(
    aliases: pl.DataFrame,
    appearances: pl.DataFrame,
    registry: Registry,
    decisions: Decisions = NO_DECISIONS,
    hints: Hints = NO_HINTS,
) -> People:
    """Everybody in frame ALIAS. `appearances` has a row (alias, at) for each contribution.

    Raises:
        DecisionsError: the decisions contradict each other on these aliases.
    """
    wishes = wishes_of(decisions, aliases)
    identity, suggestions = resolve(aliases, wishes, hints.mailmaps)
    persons = dict(identity.select("alias", "person").iter_rows())
    identity = _decided_kinds(identity, decisions, wishes, persons)
    affiliation = affiliate(
        _by_person(address_evidence(aliases, appearances, registry), identity),
        _by_person(hints.profiles, identity) if hints.profiles is not None else EVIDENCE.to_frame(),
        _declared(decisions, wishes, persons),
    )
    return People(identity, affiliation, registry.organisations, _undecided(suggestions, wishes, persons))


def with_accounts(people: People, accounts: pl.DataFrame) -> People:
    """The same with the accounts on forges that belong to somebody: an account is one more alias, without a name.

    `accounts` has a row (alias, account) for each noreply address that names one.
    """
    known = accounts.join(people.identity, on="alias").sort("account", "person").unique("account", keep="first")
    rows = known.select(pl.col("account").alias("alias"), "person", "kind").sort("alias")
    return replace(people, identity=pl.concat([people.identity, rows.cast(dict(IDENTITY))]))  # type: ignore[arg-type]


def _undecided(suggestions: pl.DataFrame, wishes: Wishes, persons: dict[str, str]) -> pl.DataFrame:
    """Without the pairs that the user has said are apart."""
    apart = {
        (persons[one], persons[other])
        for pair in wishes.apart
        for left, right in (pair, pair[::-1])
        for one in left
        for other in right
    }
    pairs = pl.DataFrame(sorted(apart), schema={"alias": pl.String, "other_alias": pl.String}, orient="row")
    return suggestions.join(pairs, on=["alias", "other_alias"], how="anti")


def _by_person(evidence: pl.DataFrame, identity: pl.DataFrame) -> pl.DataFrame:
    return evidence.join(identity.select("alias", "person"), on="alias").select(EVIDENCE.names())


def _decided_kinds(
    identity: pl.DataFrame, decisions: Decisions, wishes: Wishes, persons: dict[str, str]
) -> pl.DataFrame:
    pairs = zip(decisions.persons, wishes.together, strict=True)
    kinds = {persons[alias]: person.kind for person, aliases in pairs if person.kind for alias in aliases}
    return identity.with_columns(kind=pl.col("person").replace_strict(kinds, default=pl.col("kind")))


def _declared(decisions: Decisions, wishes: Wishes, persons: dict[str, str]) -> pl.DataFrame:
    rows = {
        (persons[alias], stretch.organisation, _moment(stretch.from_on), _moment(stretch.until_on), "declared", 1.0)
        for person, aliases in zip(decisions.persons, wishes.together, strict=True)
        for alias in aliases
        for stretch in person.organisations
    }
    return pl.DataFrame(sorted(rows, key=str), schema=AFFILIATION, orient="row")


def _moment(day: date | None) -> datetime | None:
    return datetime.combine(day, datetime.min.time()) if day else None
