"""Accounts on forges: a login becomes a keyed hash before anything is kept."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

AccountKind = Literal["person", "bot", "ghost"]
_BOT = re.compile(r"\[bot\]$|(^|[-_.])bot([-_.]|$)|^project_\d+_bot|^group_\d+_bot", re.IGNORECASE)
_DIGITS = 32
_LONGEST_COMPANY = 100


@dataclass(frozen=True)
class Actor:
    """Somebody on a forge, as it answers; nothing of this is kept as it stands."""

    login: str
    is_bot: bool = False
    company: str | None = None
    is_member: bool | None = None
    """Of the organisation that owns the repository."""


@dataclass(frozen=True)
class Account:
    """What is kept of an actor."""

    id: str | None
    """The hash; none of an account that is gone."""
    kind: AccountKind
    company: str | None = None
    is_member: bool | None = None


GHOST = Account(None, "ghost")


@dataclass(frozen=True)
class Accounts:
    """Makes accounts on one host with the store's key."""

    key: bytes
    host: str

    def of(self, actor: Actor | None) -> Account:
        """The account of an actor; of none, or of the forge's stand-in for deleted users, the ghost."""
        if actor is None or actor.login.lower() == "ghost":
            return GHOST
        is_bot = actor.is_bot or bool(_BOT.search(actor.login))
        company = " ".join((actor.company or "").split())[:_LONGEST_COMPANY] or None
        return Account(self.hash(actor.login), "bot" if is_bot else "person", company, actor.is_member)

    def hash(self, login: str) -> str:
        """Logins are the same in capitals and small letters."""
        return _hashed(self.key, self.host.lower(), login.lower())


@lru_cache(maxsize=2**14)
def _hashed(key: bytes, host: str, login: str) -> str:
    """Kept, since one account may have written ten thousand comments."""
    text = b"account\0" + host.encode() + b"\0" + login.encode(errors="backslashreplace")
    return hmac.new(key, text, hashlib.sha256).hexdigest()[:_DIGITS]
