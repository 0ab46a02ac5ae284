"""Domains of somebody's own: one mailbox alone writes from them, and elsewhere its owner is called what they are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from oshealth.people.domains import registrable, stem
from oshealth.people.profiles import SHORTEST_HANDLE, is_distinctive, joined


def own_domains(mailboxes: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """From a handle to the one domain that bears it, of mailboxes (local part, domain): "zolf" to "zolf.example"."""
    writers: dict[str, set[str]] = defaultdict(set)
    for local, domain in mailboxes:
        if owner := registrable(domain):
            writers[owner].add(local)
    bearers: dict[str, set[str]] = defaultdict(set)
    for owner in (owner for owner, locals_ in writers.items() if len(locals_) == 1):
        label = stem(owner) or ""
        if len(label) >= SHORTEST_HANDLE and is_distinctive(joined(label), label):
            bearers[joined(label)].add(owner)
    return {handle: next(iter(owners)) for handle, owners in bearers.items() if len(owners) == 1}
