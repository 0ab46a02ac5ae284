"""Mail domains of one organisation: subdomains, other endings, short forms and slips of one another."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from oshealth.people.domains import registrable, stem

SHORTEST_STEM = 5
LARGEST_BLOCK = 200
"""A block of more domains than this is no family; comparing within it would take too long."""


def families(domains: Iterable[str]) -> Mapping[str, str]:
    """For each domain the name of its family, which is its registrable domain, or the smallest that is its sibling."""
    owners = {domain: registrable(domain) or domain for domain in domains}
    parents = {owner: owner for owner in owners.values()}
    for one, other in sorted(_sibling_pairs(sorted(parents))):
        first, second = sorted((_root(parents, one), _root(parents, other)))
        parents[second] = first
    return {domain: _root(parents, owner) for domain, owner in owners.items()}


def _root(parents: Mapping[str, str], owner: str) -> str:
    while parents[owner] != owner:
        owner = parents[owner]
    return owner


def _sibling_pairs(owners: Iterable[str]) -> Iterator[tuple[str, str]]:
    blocks: dict[str, set[str]] = defaultdict(set)
    for owner in owners:
        label = stem(owner) or owner
        if len(label) < SHORTEST_STEM:
            continue
        head, _, rest = label.partition("-")
        blocks[f"stem {label}"].add(owner)
        if rest and len(head) >= SHORTEST_STEM:
            blocks[f"stem {head}"].add(owner)
        if len(owner) > 2 * SHORTEST_STEM:
            for hole in range(len(owner)):
                blocks[f"typo {owner[:hole]}{owner[hole + 1 :]}"].add(owner)
            blocks[f"typo {owner}"].add(owner)
    for block in blocks.values():
        if 1 < len(block) <= LARGEST_BLOCK:
            yield from combinations(sorted(block), 2)
