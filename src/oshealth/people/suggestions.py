"""Evidence too weak to merge by itself: pairs of persons that may be one, with the reason and how likely it is."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from oshealth.people.domains import registrable
from oshealth.people.names import compatible, spelt
from oshealth.people.profiles import Profile, joined
from oshealth.people.vocabulary import words as words_of

SUGGESTION = pl.Schema({"alias": pl.String, "other_alias": pl.String, "reason": pl.String, "confidence": pl.Float64})
"""One row per pair of persons, each named by its id, the older first; no name stands in it."""

LARGEST_BLOCK = 6
"""Evidence that more persons share tells nobody from another."""

REASONS = {
    "mailmap": ("a .mailmap calls them one, though their full names differ", 0.8),
    "sibling": ("the same mailbox at domains of one organisation, though their full names differ", 0.5),
    "domain": ("a handle that is the name of the other's own domain, though the full names differ", 0.4),
    "written": ("the other's mailbox in the place of a name, though the full names differ", 0.5),
    "work": ("a login made of an organisation and a mailbox there, though the full names differ", 0.4),
    "handle": ("the same handle, though their full names differ", 0.4),
    "name": ("the same full name but for initials", 0.6),
    "role": ("the same mailbox of a role, under different full names", 0.3),
    "part": ("one full name contains the other", 0.6),
    "initial": ("the same last name, and first names that begin alike", 0.4),
    "stem": ("handles that differ in their digits alone", 0.5),
    "first": ("a first name alone, at the same organisation", 0.5),
    "machine": ("an account or a machine that bears the name of a mailbox", 0.3),
}


@dataclass(frozen=True)
class Finding:
    """Two groups share a key whose first word is one of `REASONS`."""

    one: int
    other: int
    key: str

    @property
    def kind(self) -> str:
        return self.key.partition(" ")[0]


def suggest(profiles: Sequence[Profile], persons: Sequence[int | None], doubts: Iterable[Finding]) -> Iterator[Finding]:
    """Findings between persons, each given by its number; None is a profile of no person."""
    yield from (doubt for doubt in doubts if _still_apart(doubt, persons))
    blocks: dict[str, set[int]] = defaultdict(set)
    named: dict[int, tuple[str, ...]] = {}
    for profile, person in zip(profiles, persons, strict=True):
        if person is not None:
            if profile.full_name:
                named.setdefault(person, profile.full_name)
            for key in set(weak(profile)):
                blocks[key].add(person)
    for key, found in sorted(blocks.items()):
        if 1 < len(found) <= LARGEST_BLOCK:
            first, *others = sorted(found)
            yield from (Finding(first, other, key) for other in others if _plausible(first, other, named))


def weak(profile: Profile) -> Iterator[str]:
    """Keys that a person's aliases often share, and other people's too."""
    if profile.is_full:
        given, *middle, last = map(spelt, profile.words)
        if len(last) > 2:
            yield f"initial {given[0]} {last}"
        if len(given) > 2:
            yield from (f"part {given} {word}" for word in (*middle, last) if len(word) > 2)
        yield f"stem {given}{last}"
    for raw in (profile.nickname, profile.own_local):
        stem = joined(raw).rstrip("0123456789")
        if len(stem) >= 6 and stem not in words_of("name_words"):
            yield f"stem {stem}"
    if profile.address and profile.address.kind in {"personal", "noreply"} and profile.words:
        yield f"first {spelt(profile.words[0])} {registrable(profile.address.domain) or profile.address.mailbox}"
    for account in {profile.own_local, *_host(profile)}:
        if len(account) >= 5 and account not in words_of("name_words"):
            yield f"machine {account}"


def _host(profile: Profile) -> Iterator[str]:
    """Of an account that every machine has, the machine's name without its number: "agger2.(none)" gives "agger"."""
    if profile.address and profile.address.kind == "machine" and profile.is_generic:
        yield profile.address.domain.partition(".")[0].partition("-")[0].rstrip("0123456789")


def suggestion_frame(findings: Iterable[Finding], ids: Sequence[str]) -> pl.DataFrame:
    """Frame SUGGESTION: of several reasons for one pair the strongest, and the more likely pairs first."""
    rows = []
    for finding in findings:
        reason, confidence = REASONS[finding.kind]
        one, other = sorted((finding.one, finding.other))
        rows.append((ids[one], ids[other], reason, confidence))
    frame = pl.DataFrame(rows, schema=SUGGESTION, orient="row")
    order = ["confidence", "alias", "other_alias", "reason"]
    ordered = frame.sort(order, descending=[True, False, False, False])
    return ordered.unique(["alias", "other_alias"], keep="first", maintain_order=True)


def _still_apart(doubt: Finding, persons: Sequence[int | None]) -> bool:
    one, other = persons[doubt.one], persons[doubt.other]
    return one is not None and other is not None and one != other


def _plausible(one: int, other: int, named: dict[int, tuple[str, ...]]) -> bool:
    return one not in named or other not in named or compatible(named[one], named[other])
