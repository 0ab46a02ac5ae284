"""Mail domains of one organisation: subdomains, other endings, short forms and slips of one another."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations

from oshealth.people.domains import registrable, stem
from oshealth.people.names import alike

SHORTEST_STEM = 5
LARGEST_BLOCK = 50
"""A local part at more organisations than this is a common name: it shows no family."""


def families(mailboxes: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """For each domain of the mailboxes (local part, domain) the name of its family.

    That is its registrable domain, or the smallest that is its sibling. Only domains where one local part stands at
    both are compared.
    """
    owners: dict[str, str] = {}
    holders: dict[str, set[str]] = defaultdict(set)
    for local, domain in mailboxes:
        owners[domain] = registrable(domain) or domain
        holders[local].add(owners[domain])
    pairs = {
        pair
        for found in holders.values()
        if 1 < len(found) <= LARGEST_BLOCK
        for pair in combinations(sorted(found), 2)
        if are_siblings(*pair)
    }
    parents = {owner: owner for owner in owners.values()}
    for one, other in sorted(pairs):
        first, second = sorted((_root(parents, one), _root(parents, other)))
        parents[second] = first
    return {domain: _root(parents, owner) for domain, owner in owners.items()}


def are_siblings(one: str, other: str) -> bool:
    """Whether two registered domains look like one owner's: firm.dk, firm-group.dk, firm.com, and a slip of either."""
    if len(_head(one)) >= SHORTEST_STEM and _head(one) == _head(other):
        return True
    return min(len(one), len(other)) > 2 * SHORTEST_STEM and alike(one, other)


def _head(owner: str) -> str:
    label = stem(owner) or owner
    head = label.partition("-")[0]
    return head if len(head) >= SHORTEST_STEM else label


def _root(parents: dict[str, str], owner: str) -> str:
    while parents[owner] != owner:
        parents[owner] = parents[parents[owner]]
        owner = parents[owner]
    return owner
