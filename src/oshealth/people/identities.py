"""Aliases to persons: which names and addresses are one human's, which are a bot's, a machine's or many people's."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from oshealth.facts import IDENTITY
from oshealth.people.addresses import Address, parse
from oshealth.people.links import Links
from oshealth.people.names import is_bot, is_full, is_generic, readable, spelt, tokens

SUGGESTION = pl.Schema({"alias": pl.String, "other_alias": pl.String, "reason": pl.String, "confidence": pl.Float64})
"""One row per pair of persons that may be one, each named by its id; evidence too weak to merge by itself."""


@dataclass(frozen=True)
class Profile:
    """What one alias says of its owner."""

    name: str
    words: tuple[str, ...]
    address: Address | None
    is_full: bool
    kind: str

    @classmethod
    def read(cls, name: str, text: str) -> "Profile":
        address = parse(text)
        words = tokens(name) if readable(name) else ()
        full = is_full(words)
        return cls(name, words, address, full, _kind(name, address, full))


def _kind(name: str, address: Address | None, is_full_name: bool) -> str:
    if is_bot(name) or (address is not None and address.kind == "bot"):
        return "bot"
    if is_full_name:
        return "person"
    if address is None or address.kind in {"personal", "consumer", "noreply"}:
        return "person"
    return "machine" if address.kind in {"machine", "placeholder"} and is_generic(name) else "person"


def resolve(aliases: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """IDENTITY and SUGGESTION of frame ALIAS; the same for every order of its rows."""
    ordered = aliases.sort("first_at", "alias", nulls_last=True)
    ids = ordered["alias"].to_list()
    texts = zip(ordered["name"].fill_null("").to_list(), ordered["address"].fill_null("").to_list(), strict=True)
    profiles = [Profile.read(name, address) for name, address in texts]
    links = linked(profiles)
    groups = [links.of(index) for index in range(len(ids))]
    kinds = _kinds(profiles, groups)
    rows = {"alias": ids, "person": [ids[group] for group in groups], "kind": [kinds[group] for group in groups]}
    return pl.DataFrame(rows, schema=IDENTITY), SUGGESTION.to_frame()


def linked(profiles: Sequence[Profile]) -> Links:
    """Join whatever shares a key."""
    links = Links(len(profiles))
    holders: dict[str, int] = {}
    for index, profile in enumerate(profiles):
        for key in keys(profile):
            links.join(holders.setdefault(key, index), index)
    return links


def keys(profile: Profile) -> Iterator[str]:
    """What two aliases of one person have in common and two persons have not."""
    address = profile.address
    if address and address.kind in {"personal", "consumer", "bot"}:
        yield f"mailbox {address.mailbox}"
    if address and address.kind == "noreply":
        yield f"login {address.local} {address.domain}"
        if address.account_id:
            yield f"account {address.account_id} {address.domain}"
    if profile.is_full and profile.kind == "person":
        yield "name " + " ".join(sorted(map(spelt, profile.words)))


def _kinds(profiles: Sequence[Profile], groups: Iterable[int]) -> dict[int, str]:
    found: dict[int, set[str]] = defaultdict(set)
    for profile, group in zip(profiles, groups, strict=True):
        found[group].add(profile.kind)
    order = ("bot", "person", "shared", "machine")
    return {group: next(kind for kind in order if kind in kinds) for group, kinds in found.items()}
