"""What two aliases of one person have in common and two persons have not: the keys by which aliases are linked."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from oshealth.people.addresses import parse
from oshealth.people.domains import registrable, stem
from oshealth.people.names import spelt
from oshealth.people.own_domains import own_domains
from oshealth.people.profiles import Profile, joined
from oshealth.people.siblings import families
from oshealth.people.vocabulary import words

SHORTEST_JOINED = 8
SHORTEST_TELLING = 4


@dataclass(frozen=True)
class Surroundings:
    """What is known of all aliases together: families of mail domains, logins of platforms, handles of any kind."""

    families: Mapping[str, str]
    logins: Set[str]
    handles: Set[str]
    own_domains: Mapping[str, str]
    numbered: Mapping[str, str]
    """From a handle with a number ("zolfinger7") to the same without, where somebody has it and no other number."""

    @classmethod
    def of(cls, profiles: Sequence[Profile]) -> "Surroundings":
        mailboxes = {(p.own_local, p.address.domain) for p in profiles if p.address and p.address.kind == "personal"}
        logins = {p.login for p in profiles if p.login}
        handles = {handle for p in profiles for handle in p.handles(logins)}
        own = {handle: domain for handle, domain in own_domains(mailboxes).items() if handle in handles}
        return cls(families(mailboxes), logins, handles, own, _numbered(handles))


def strong(profile: Profile) -> Iterator[str]:
    """Keys that link by themselves: one mailbox, one account of a platform, one full name."""
    address = profile.address
    if profile.is_bot:
        if address and address.local.endswith("[bot]"):
            yield f"bot {address.local} {address.domain}"
        return
    if address and address.kind in {"personal", "consumer"}:
        yield f"mailbox {address.mailbox}"
    if address and address.kind == "noreply":
        yield f"login {address.local} {address.domain}"
        if address.account_id:
            yield f"account {address.account_id} {address.domain}"
    if profile.full_name:
        yield "name " + " ".join(profile.full_name)


def guarded(profile: Profile, around: Surroundings) -> Iterator[str]:
    """Keys that link unless the full names on either side speak of two persons."""
    if profile.is_bot:
        return
    yield from _sibling_mailboxes(profile, around.families)
    address = profile.address
    if address and address.kind == "role" and address.local in words("soft_role_locals"):
        yield f"role {address.mailbox}"
    yield from (f"domain {domain}" for domain in _own_domain(profile, around))
    yield from (f"written {mailbox}" for mailbox in _written_mailboxes(profile))
    for handle in profile.handles(around.logins):
        yield f"handle {handle}"
        if handle in around.numbered:
            yield f"handle {around.numbered[handle]}"
    if profile.full_name:
        # Two full names that would make the same handle prove nothing; a handle that somebody chose does.
        yield from (f"handle {handle}" for handle in name_handles(profile) if handle in around.handles)
        if len(shortened := _without_initials(profile)) > 1:
            yield "name " + " ".join(shortened)
        yield from (f"name {short}" for short in _short_names(profile))


def _sibling_mailboxes(profile: Profile, families: Mapping[str, str]) -> Iterator[str]:
    address = profile.address
    if address and address.kind == "personal":
        yield f"sibling {profile.own_local}@{families[address.domain]}"
        if label := stem(address.domain):
            yield f"work {' '.join(sorted((profile.own_local, label.partition('-')[0])))}"
    for text in {profile.login, profile.name.lower() if not profile.is_full else ""}:
        parts = text.replace("_", "-").split("-")
        if len(parts) == 2 and all(parts):
            yield f"work {' '.join(sorted(parts))}"


def _own_domain(profile: Profile, around: Surroundings) -> Iterator[str]:
    """The domain of one person alone: of its mailbox, and of whoever is called what it is called."""
    if profile.address and profile.address.kind == "personal":
        called = joined(stem(profile.address.domain) or "")
        if (owner := around.own_domains.get(called)) and owner == registrable(profile.address.domain):
            yield owner
    if profile.kind == "person":
        handles = profile.handles(around.logins)
        yield from (around.own_domains[handle] for handle in handles if handle in around.own_domains)


def _numbered(handles: Set[str]) -> Mapping[str, str]:
    found: dict[str, list[str]] = defaultdict(list)
    for handle in handles:
        if (bare := handle.rstrip("0123456789")) != handle and bare in handles and len(bare) >= SHORTEST_JOINED:
            found[bare].append(handle)
    return {numbers[0]: bare for bare, numbers in found.items() if len(numbers) == 1}


def name_handles(profile: Profile) -> Iterator[str]:
    """Full names written as one word, in the usual ways: "sunekochhansen", "ovasonheini"."""
    given, *_, last = profile.words
    for text in {"".join(profile.words), given + last, last + given}:
        if len(text) >= SHORTEST_JOINED:
            yield joined(text)
    if len(last) >= 5 and spelt(last) not in words("name_words"):
        yield given[0] + last


def _without_initials(profile: Profile) -> tuple[str, ...]:
    return tuple(word for word in profile.full_name if len(word) > 1)


def _short_names(profile: Profile) -> Iterator[str]:
    """The given name with each telling one of the others: "Ann Beta Otherly" goes by "Ann Otherly", too."""
    given, *others = map(spelt, profile.words)
    for word in others:
        if len(given) > 1 and len(word) >= SHORTEST_TELLING and word not in words("name_words"):
            yield " ".join(sorted((given, word)))


def _written_mailboxes(profile: Profile) -> Iterator[str]:
    """The mailbox, and one that stands in the place of the name: "ann@firm.example <ann@laptop>"."""
    for address in (profile.address, parse(profile.name) if "@" in profile.name else None):
        if address and address.kind in {"personal", "consumer"}:
            yield address.mailbox
