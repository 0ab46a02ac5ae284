"""Mail addresses as they stand in commits: taken apart, and judged for what they can prove."""

import re
from dataclasses import dataclass
from typing import Literal

from oshealth.people.domains import stem
from oshealth.people.vocabulary import words

AddressKind = Literal["personal", "consumer", "noreply", "machine", "placeholder", "role", "bot"]
"""personal: one mailbox under somebody's domain; consumer: one mailbox of a public mail service; noreply: a platform's
stand-in for one account; the others belong to nobody in particular."""

LONGEST_ADDRESS = 254

_LOCAL = re.compile(r"[^\s<>@\x00-\x1f\x7f]+")
_DOMAIN = re.compile(r"(?!-)[\w-]+(?:\.[\w-]+)*", re.UNICODE)
_NUMBERED = re.compile(r"(?:(\d+)[+-])?(.+)")
_NOREPLY_HOST = re.compile(r"(?:users\.)?noreply\.[\w.-]+")
_AROUND = "<>[]({}\"',;:"
"""What stands around an address; no closing parenthesis, for "(none)" is git's domain of a machine without one."""
_IP = re.compile(r"\d+(?:\.\d+){3}")
_BOT_LOCALS = re.compile(
    r"\[bot\]|(?:^|[._+-])bot$|^bot[._-]|^(?:group|project)_\d+_bot"
    r"|^(?:(?:github-)?actions?|dependabot|renovate|greenkeeper|snyk-bot)$"
)


@dataclass(frozen=True)
class Address:
    """One address, lower-cased and taken apart."""

    local: str
    domain: str
    kind: AddressKind
    account_id: str | None = None
    """Of a noreply address: the platform's number of the account, where it stands there."""

    @property
    def mailbox(self) -> str:
        """What is the same for every spelling of one mailbox."""
        local = self.local.partition("+")[0] if self.kind != "noreply" else self.local
        if self.domain in {"gmail.com", "googlemail.com"}:
            return f"{local.replace('.', '')}@gmail.com"
        return f"{local or self.local}@{self.domain}"


def parse(text: str) -> Address | None:
    """Take an address apart; None for what is none (no `@`, control characters, endless)."""
    if len(text) > 2 * LONGEST_ADDRESS:
        return None
    text = _repaired(text.strip().lower())
    local, at, domain = text.rpartition("@")
    if not at or len(text) > LONGEST_ADDRESS or "\\x" in text or not _LOCAL.fullmatch(local):
        return None
    domain = domain.rstrip(".")
    if not domain.endswith("(none)") and not _DOMAIN.fullmatch(domain):
        return None
    if _NOREPLY_HOST.fullmatch(domain):
        return _noreply(local, domain)
    return Address(local, domain, _kind(local, domain))


def says_no_employer(domain: str) -> bool:
    """Whether it is a public mail service, or an alias that members get."""
    listed = domain in words("consumer_domains") or domain in words("member_domains")
    return listed or stem(domain) in words("consumer_names")


def _repaired(text: str) -> str:
    """Address spelt against harvesting ("me [at] example [dot] org"), or with a name before it ("Me me@a.org")."""
    text = re.sub(r"\s*[\[(<{]\s*at\s*[\])>}]\s*|\s+at\s+", "@", text)
    text = re.sub(r"\s*[\[(<{]\s*dot\s*[\])>}]\s*|\s+dot\s+", ".", text)
    return next((word.strip(_AROUND) for word in text.split() if "@" in word), text)


def _noreply(local: str, domain: str) -> Address:
    match = _NUMBERED.fullmatch(local)
    number, login = (match[1], match[2]) if match else (None, local)
    return Address(login, domain, "bot" if _BOT_LOCALS.search(login) else "noreply", number)


def _kind(local: str, domain: str) -> AddressKind:
    if _BOT_LOCALS.search(local) or f"{local}@{domain}" in words("bot_addresses"):
        return "bot"
    last = domain.rpartition(".")[2]
    if "." not in domain or last in words("machine_endings") or _IP.fullmatch(domain) or domain.endswith(".fritz.box"):
        return "machine"
    if domain in words("placeholder_domains") or local in words("placeholder_locals"):
        return "machine" if local == "root" else "placeholder"
    if local in words("machine_locals"):
        return "machine"
    if local.partition("+")[0] in words("role_locals"):
        return "role"
    return "consumer" if says_no_employer(domain) else "personal"
