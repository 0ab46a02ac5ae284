"""Aliases to persons: which names and addresses are one human's, which are a bot's, a machine's or many people's.

Strong keys link by themselves, guarded keys unless the full names on either side speak of two persons. Everything is
found by keys that aliases share, never by comparing all with all; nothing depends on the order of the rows.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from oshealth.facts import IDENTITY
from oshealth.people import keys
from oshealth.people.links import Links, Side
from oshealth.people.mailmap import hints_of, told_apart
from oshealth.people.names import compatible
from oshealth.people.profiles import Profile
from oshealth.people.suggestions import Finding, suggest, suggestion_frame

MOST_NAMES = 2
"""A mailbox that more different people's full names stand beside is shared."""
NAMES_COMPARED = 40
MOST_MAILBOXES = 60
"""A full name that stands beside more mailboxes than this is many people's."""
MOST_GROUPS = 25
"""A guarded key that would join more groups than this tells nobody from another."""

FullName = tuple[str, ...]


@dataclass(frozen=True)
class Wishes:
    """What the user decided of aliases, by their ids: groups that are one person, pairs of sides that are not."""

    together: Sequence[Sequence[str]] = ()
    apart: Sequence[tuple[Sequence[str], Sequence[str]]] = ()


NO_WISHES = Wishes()


def resolve(
    aliases: pl.DataFrame, wishes: Wishes = NO_WISHES, mailmaps: Iterable[str] = ()
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """IDENTITY and suggestions.SUGGESTION of frame ALIAS; `mailmaps` are texts of `.mailmap` files."""
    ordered = aliases.sort("first_at", "alias", nulls_last=True)
    ids = ordered["alias"].to_list()
    texts = zip(ordered["name"].fill_null("").to_list(), ordered["address"].fill_null("").to_list(), strict=True)
    profiles = [Profile.read(name, address) for name, address in texts]
    numbers = {alias: number for number, alias in enumerate(ids)}
    links = Links(len(ids), _sides(wishes, numbers))
    shared, doubts = _link(profiles, links, _wished(wishes, numbers), mailmaps)
    groups = [links.of(number) for number in range(len(ids))]
    kinds = _kinds(profiles, groups, shared)
    rows = {"alias": ids, "person": [ids[group] for group in groups], "kind": [kinds[group] for group in groups]}
    persons = [group if kinds[group] in {"person", "machine"} else None for group in groups]
    findings = suggest(profiles, persons, doubts)
    return pl.DataFrame(rows, schema=IDENTITY), suggestion_frame(findings, ids)


def _link(
    profiles: Sequence[Profile], links: Links, wished: Iterable[Sequence[int]], mailmaps: Iterable[str]
) -> tuple[set[int], list[Finding]]:
    """Join what belongs together; the aliases on shared mailboxes, and what the full names spoke against."""
    for members in wished:
        _join(links, members)
    shared: set[int] = set()
    texts = list(mailmaps)
    of_several = told_apart(texts)
    for key, members in _blocks(profiles, keys.strong):
        holders = [profiles[member] for member in members]
        if key.startswith("mailbox ") and any(holder.text.lower() in of_several for holder in holders):
            continue
        if key.startswith("mailbox ") and _count_people(holders) > MOST_NAMES:
            shared.update(members)
        elif not key.startswith("name ") or len({holder.text for holder in holders}) <= MOST_MAILBOXES:
            _join(links, members)
    around = keys.Surroundings.of(profiles)
    guarded = _blocks(profiles, lambda profile: keys.guarded(profile, around))
    return shared, list(_join_agreeing(profiles, links, [*hints_of(texts, profiles), *guarded]))


def _join(links: Links, members: Sequence[int]) -> None:
    for member in members[1:]:
        links.join(members[0], member)


def _join_agreeing(
    profiles: Sequence[Profile], links: Links, blocks: Iterable[tuple[str, Sequence[int]]]
) -> Iterator[Finding]:
    names = _names(profiles, links)
    for key, members in blocks:
        groups = sorted({links.of(member) for member in members})
        if not 1 < len(groups) <= MOST_GROUPS:
            continue
        if not agree([names[group] for group in groups]):
            yield from (Finding(groups[0], group, key) for group in groups[1:5])
            continue
        for group in groups[1:]:
            target = links.of(groups[0])
            if links.join(target, group):
                names[target] |= names[group]
                names[links.of(group)] = names[target]


def agree(groups: Iterable[set[FullName]]) -> bool:
    """Whether the full names of several groups may all be one person's; a group without names agrees with all."""
    first, *others = [sorted(group)[:NAMES_COMPARED] for group in groups if group] or [[]]
    return all(any(compatible(one, other) for one in first for other in group) for group in others)


def _count_people(profiles: Iterable[Profile]) -> int:
    """How many people the full names beside one mailbox speak of, counted up to one more than are allowed."""
    people: list[FullName] = []
    for name in sorted({profile.full_name for profile in profiles if profile.full_name})[:NAMES_COMPARED]:
        if not any(compatible(name, person) for person in people):
            people.append(name)
    return len(people)


def _names(profiles: Sequence[Profile], links: Links) -> dict[int, set[FullName]]:
    names: dict[int, set[FullName]] = defaultdict(set)
    for number, profile in enumerate(profiles):
        if profile.full_name:
            names[links.of(number)].add(profile.full_name)
    return names


def _blocks(
    profiles: Sequence[Profile], keys_of: Callable[[Profile], Iterator[str]]
) -> list[tuple[str, Sequence[int]]]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, profile in enumerate(profiles):
        for key in set(keys_of(profile)):
            found[key].append(number)
    return sorted((key, members) for key, members in found.items() if len(members) > 1)


def _kinds(profiles: Sequence[Profile], groups: Sequence[int], shared: set[int]) -> dict[int, str]:
    """For each group the kind that any of its members proves: bots never link to anybody else."""
    found: dict[int, set[str]] = defaultdict(set)
    for number, (profile, group) in enumerate(zip(profiles, groups, strict=True)):
        found[group].add("shared" if number in shared and not profile.is_full else profile.kind)
    order = ("bot", "person", "shared", "machine")
    return {group: next(kind for kind in order if kind in kinds) for group, kinds in found.items()}


def _wished(wishes: Wishes, numbers: dict[str, int]) -> list[list[int]]:
    return [sorted(numbers[alias] for alias in group if alias in numbers) for group in wishes.together]


def _sides(wishes: Wishes, numbers: dict[str, int]) -> dict[int, list[Side]]:
    sides: dict[int, list[Side]] = defaultdict(list)
    for decision, pair in enumerate(wishes.apart):
        for side, group in enumerate(pair):
            for alias in group:
                if alias in numbers:
                    sides[numbers[alias]].append((decision, side))
    return sides
