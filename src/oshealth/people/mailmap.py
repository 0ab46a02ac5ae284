"""What a project's `.mailmap` says of its people: a hint, for whoever can write to a repository can write one."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from oshealth.people.names import compatible
from oshealth.people.profiles import Profile

_LINE = re.compile(r"(?P<name>[^<>#]*)<(?P<address>[^<>]*)>(?:(?P<old_name>[^<>#]*)<(?P<old_address>[^<>]*)>)?")
MOST_LINES = 20_000


def hints_of(texts: Iterable[str], profiles: Sequence[Profile]) -> Iterator[tuple[str, Sequence[int]]]:
    """Blocks (key, numbers of profiles) that a line of a mailmap calls one person."""
    by_address: dict[str, list[int]] = defaultdict(list)
    for number, profile in enumerate(profiles):
        if not profile.is_bot:
            by_address[profile.text.lower()].append(number)
    blocks: dict[str, set[int]] = defaultdict(set)
    for name, address, old_name, old_address in _lines(texts):
        old = by_address.get(old_address or address, ())
        chosen = [number for number in old if not old_name or profiles[number].name.lower() == old_name]
        own = [number for number in by_address.get(address, ()) if not name or profiles[number].name.lower() == name]
        blocks[f"mailmap {name} {address}"].update(chosen, own)
    yield from sorted((key, sorted(members)) for key, members in blocks.items() if len(members) > 1)


def told_apart(texts: Iterable[str]) -> set[str]:
    """Addresses that lines give to two persons, by the names that stand beside them in commits."""
    owners: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for name, address, old_name, old_address in _lines(texts):
        if old_name and (full_name := Profile.read(name, address).full_name):
            owners[old_address].add(full_name)
    return {address for address, names in owners.items() if not all(compatible(min(names), other) for other in names)}


def _lines(texts: Iterable[str]) -> Iterator[tuple[str, str, str, str]]:
    for text in texts:
        for line in text.splitlines()[:MOST_LINES]:
            if match := _LINE.match(line):
                name, address, old_name, old_address = ((part or "").strip().lower() for part in match.groups())
                if address:
                    yield name, address, old_name, old_address
