"""What one alias says of its owner, read once: the folded name, the mailbox, the handles."""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache

from oshealth.people.addresses import Address, parse
from oshealth.people.names import fold, is_bot, is_full, is_generic, readable, spelt, tokens
from oshealth.people.vocabulary import words as words_of

SHORTEST_HANDLE = 5
LONGEST_HANDLE = 40
_SEPARATORS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Profile:
    """One alias. `text` is the address as it stands; without `words`, or `address`, that part proves nothing."""

    name: str
    text: str
    words: tuple[str, ...]
    address: Address | None
    is_full: bool
    is_bot: bool

    @classmethod
    def read(cls, name: str, text: str) -> "Profile":
        address = parse(text)
        words = tokens(name) if readable(name) else ()
        bot = is_bot(name[:200]) or _is_of_bot(name, address)
        # One word with a dash or a dot ("ann-firm") is a nickname, whatever stands in it.
        full = is_full(words) and not bot and len(name.split()) > 1
        return cls(name, text, words, address, full, bot)

    @cached_property
    def full_name(self) -> tuple[str, ...]:
        """The words of a full name, spelt alike and sorted: (), where there is none."""
        return tuple(sorted(map(spelt, self.words))) if self.is_full else ()

    @cached_property
    def is_generic(self) -> bool:
        return not self.words or is_generic(self.name)

    @property
    def kind(self) -> str:
        """person, bot, machine or shared, by what this alias says alone."""
        if self.is_bot or self.is_full:
            return "bot" if self.is_bot else "person"
        where = self.address.kind if self.address else "machine"
        is_own = self.address is not None and self.address.local in words_of("soft_role_locals") and not self.is_generic
        if (where == "role" and not is_own) or (self.is_team and where != "noreply"):
            return "shared"
        return "machine" if where in {"machine", "placeholder"} and self.is_generic else "person"

    @property
    def is_team(self) -> bool:
        team = {word for word in self.words if word in words_of("team_words")}
        # A nickname of one word may end so as well: "ann-dev", "ann.dev".
        return len(self.words) > 1 and bool(team) and (team != {"dev"} or len(self.name.split()) > 1)

    @cached_property
    def login(self) -> str:
        """The platform's login, of a noreply address."""
        return self.address.local if self.address and self.address.kind == "noreply" else ""

    @cached_property
    def own_local(self) -> str:
        """The local part, where a person chose it or was given it."""
        kinds = {"personal", "consumer", "noreply", "machine"}
        local = self.address.local if self.address and self.address.kind in kinds else ""
        nobody = any(local in words_of(key) for key in ("machine_locals", "placeholder_locals", "role_locals"))
        return "" if nobody else local.partition("+")[0]

    def handles(self, logins: Set[str]) -> Iterator[str]:
        """Names that somebody chose, distinctive enough to be one person's: a login, a nickname, a local part.

        A capitalised word alone is rather a first name, unless it is among the `logins` that somebody has.
        """
        yield from self._own_handles
        if self.first_name and self.first_name.lower() in logins:
            yield from _distinctive({self.first_name})

    @cached_property
    def _own_handles(self) -> frozenset[str]:
        return _distinctive({self.nickname, self.own_local})

    @property
    def nickname(self) -> str:
        """The name, where it is a handle that somebody chose."""
        return "" if self.is_full or self.is_bot or self.is_generic or self.first_name else self.name

    @property
    def first_name(self) -> str:
        return self.name if self.name.istitle() and self.name.isalpha() and not self.is_bot else ""


def _is_of_bot(name: str, address: Address | None) -> bool:
    """Whether the address is a bot's, or makes a name one's that may be a person's: "productbot", "Travis"."""
    own = name.strip().lower()
    is_persons = address is not None and address.kind in {"personal", "consumer", "noreply"}
    if own in words_of("bot_namesakes") and not is_persons:
        return True
    return address is not None and (address.kind == "bot" or _is_named_bot(own, address))


def _is_named_bot(own: str, address: Address) -> bool:
    """Whether an account calls itself something with "bot" at the end, in its name and before the @ alike."""
    return own.endswith("bot") and own == address.local and own not in words_of("surnames_in_bot")


def _distinctive(texts: Set[str]) -> frozenset[str]:
    return frozenset(handle for raw in texts if is_distinctive(handle := joined(raw), raw))


@lru_cache(maxsize=2**12)
def joined(text: str) -> str:
    """A handle without case, accents and separators: "Heini.Ovason" gives "heiniovason"."""
    return _SEPARATORS.sub("", fold(text)) if len(text) <= 2 * LONGEST_HANDLE else ""


def is_distinctive(handle: str, raw: str) -> bool:
    """Whether two people hardly choose it both: long enough, and more than one common word of names."""
    if not SHORTEST_HANDLE <= len(handle) <= LONGEST_HANDLE or handle.isdigit():
        return False
    parts = [spelt(part) for part in _SEPARATORS.split(fold(raw)) if part]
    if _is_common(spelt(handle.rstrip("0123456789"))) or _is_common(handle):
        return False
    return not (len(parts) > 1 and all(part in words_of("generic_words") for part in parts))


def _is_common(word: str) -> bool:
    return any(word in words_of(key) for key in ("name_words", "generic_words", "role_locals"))
