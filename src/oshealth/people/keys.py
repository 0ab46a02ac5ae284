"""What two aliases of one person have in common and two persons have not: the keys by which aliases are linked."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from oshealth.people.domains import stem
from oshealth.people.names import spelt
from oshealth.people.profiles import Profile, joined
from oshealth.people.siblings import families
from oshealth.people.vocabulary import words

SHORTEST_JOINED = 8


@dataclass(frozen=True)
class Surroundings:
    """What is known of all aliases together: families of mail domains, logins of platforms, handles of any kind."""

    families: Mapping[str, str]
    logins: Set[str]
    handles: Set[str]

    @classmethod
    def of(cls, profiles: Sequence[Profile]) -> "Surroundings":
        mailboxes = {(p.own_local, p.address.domain) for p in profiles if p.address and p.address.kind == "personal"}
        logins = {p.login for p in profiles if p.login}
        return cls(families(mailboxes), logins, {handle for p in profiles for handle in p.handles(logins)})


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
    for handle in profile.handles(around.logins):
        yield f"handle {handle}"
    if profile.full_name:
        # Two full names that would make the same handle prove nothing; a handle that somebody chose does.
        yield from (f"handle {handle}" for handle in name_handles(profile) if handle in around.handles)
        if len(shortened := _without_initials(profile)) > 1:
            yield "name " + " ".join(shortened)


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
