"""Which addresses are fetched from, and from where in truth: our own allowlist, and the operator's mirrors."""

import hashlib
import ipaddress
import re
import socket
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from oshealth.collect.errors import AddressError
from oshealth.sources import Host
from oshealth.visible import visible

_LABEL = r"(?!-)[a-z0-9_-]{1,63}(?<!-)"
_HOST_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_SEGMENT = re.compile(r"[A-Za-z0-9._~][A-Za-z0-9._~-]*")
_LOCAL_NAMES = ("localhost", "local", "localdomain", "internal", "intranet", "private", "corp", "home", "lan", "arpa")
_MAXIMUM_LENGTH = 1000
_MOST_SHOWN = 200
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
"""What the internet consists of; old and local kinds lie outside, though Python calls some of them global."""
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def check_address(url: str, hosts: Iterable[Host] = ()) -> str:
    """The canonical form of an address that may be fetched from.

    Raises:
        AddressError: it may not; the message says why in one sentence.
    """
    if reason := _bad_characters(url):
        raise _refused(url, reason)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _refused(url, "it is not an address like https://host/owner/name") from None
    reason = _bad_shape(parts) or _bad_path(parts.path) or _bad_host(parts.hostname or "", port, hosts)
    if reason:
        raise _refused(url, reason)
    return canonical_url(url)


def canonical_url(url: str) -> str:
    """One spelling for each address: host in lower case, without port 443, trailing slashes and ".git"."""
    parts = urlsplit(url)
    port = "" if parts.port in {None, 443} else f":{parts.port}"
    return f"{parts.scheme.lower()}://{(parts.hostname or '').lower()}{port}{_stem(parts.path)}"


def mirror_folder(url: str) -> str:
    """The name of the folder that mirrors an address; nothing of the address stands in it."""
    return f"{hashlib.sha256(canonical_url(url).encode()).hexdigest()[:40]}.git"


def public_addresses(url: str, hosts: Iterable[Host] = ()) -> tuple[str, ...]:
    """The network addresses that a host's name stands for now; none when it stands for none.

    Raises:
        AddressError: one of them is private, and sources.toml does not say that it may be.
    """
    parts = urlsplit(url)
    name, port = parts.hostname or "", parts.port or 443
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not _is_declared(name, parts.port, hosts) and not all(map(_is_public, addresses)):
        raise _refused(url, "its name stands for an address on a private network")
    return addresses


@dataclass(frozen=True)
class Place:
    """Where an address is really fetched from."""

    remote: str
    protocol: Literal["https", "file"]
    is_operators: bool = False
    """Named by the operator, not by sources.toml or a repository."""


@dataclass(frozen=True)
class Mirrors:
    """The operator's replacements for the beginnings of addresses."""

    entries: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, options: Sequence[str], variable: str = "") -> "Mirrors":
        """Read entries PREFIX=REPLACEMENT: repeated options, and a variable that separates them by spaces.

        A replacement is an https address or a local folder, a relative one as seen from the current folder. Of two
        entries with the same prefix the first counts, so that an option wins over the variable.
        """
        entries: dict[str, str] = {}
        for text in (*options, *variable.split()):
            prefix, replacement = _entry(text)
            entries.setdefault(prefix, replacement)
        return cls(tuple(entries.items()))

    def place(self, url: str) -> Place:
        """Where to fetch an address from: the longest prefix wins; without any, the address itself."""
        matching = [entry for entry in self.entries if url.startswith(entry[0])]
        if not matching:
            return Place(url, "https")
        prefix, replacement = max(matching, key=lambda entry: len(entry[0]))
        remote = replacement + url[len(prefix) :]
        return Place(remote, "https" if remote.startswith("https://") else "file", is_operators=True)


def masked(text: str) -> str:
    """An address as a message may repeat it: on one line, and without all that may be a user and a password."""
    return re.sub("//.*@", "//***@", visible(text, kept=""))[:_MOST_SHOWN]


def _refused(url: str, reason: str) -> AddressError:
    return AddressError(f"{masked(url)!r} is refused: {reason}.")


def _bad_characters(url: str) -> str | None:
    if not url or len(url) > _MAXIMUM_LENGTH:
        return "an address has between 1 and 1,000 characters"
    if any(unicodedata.category(character)[0] in "CZ" for character in url):
        return "it holds white space or control characters"
    if not url.isascii():
        return "it holds letters beyond ASCII; write an international host name in its xn-- form"
    for text, name in {"\\": "a backslash", "%": "a percent sign", "::": "a double colon"}.items():
        if text in url:
            return f"it holds {name}"
    return "it begins with a dash" if url.startswith("-") else None


def _bad_shape(parts: SplitResult) -> str | None:
    if parts.scheme != "https" or not parts.netloc:
        return "only addresses like https://host/owner/name are fetched from"
    if "@" in parts.netloc + parts.path:
        return "it holds a user or a password"
    if "[" in parts.netloc:
        return "it names its host by number"
    if parts.query or parts.fragment:
        return "it holds a query or a fragment"
    return None


def _bad_path(path: str) -> str | None:
    segments = _stem(path).removeprefix("/").split("/")
    if segments == [""]:
        return "it names no repository"
    if any(not _SEGMENT.fullmatch(segment) or segment in {".", ".."} for segment in segments):
        return "its path holds more than letters, digits, dots, dashes, underscores and tildes between single slashes"
    return "it ends in .git more than once" if segments[-1].endswith(".git") else None


def _bad_host(name: str, port: int | None, hosts: Iterable[Host]) -> str | None:
    if _is_declared(name, port, hosts):
        return None
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return "it names its host by number"
    if not _HOST_NAME.fullmatch(name) or len(name) > 253:
        return "its host is not a host name"
    if len(labels) == 1 or labels[-1] in _LOCAL_NAMES:
        return "its host is on a private network, which sources.toml does not allow"
    if port not in {None, 443}:
        return "it names a port other than 443, which sources.toml does not allow"
    return None


def _is_declared(name: str, port: int | None, hosts: Iterable[Host]) -> bool:
    """Whether sources.toml says that a host may be private: by name, and by name and port where that is not 443."""
    whole = name if port in {None, 443} else f"{name}:{port}"
    return any(host.is_private and host.name.lower() == whole for host in hosts)


def _is_public(text: str) -> bool:
    """Whether anybody may have it. Where a gateway leads on to an address of version 4, that one is judged."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        last = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        inner = last if address in _NAT64 else address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return _is_public(str(inner))
        if address not in _GLOBAL_UNICAST:
            return False
    return address.is_global and not address.is_multicast


def _stem(path: str) -> str:
    return path.rstrip("/").removesuffix(".git")


def _entry(text: str) -> tuple[str, str]:
    prefix, separator, replacement = text.partition("=")
    if not separator or not replacement or not prefix.startswith("https://"):
        raise AddressError(
            f"mirror {masked(text)!r}: write PREFIX=REPLACEMENT, as in https://github.com/=/srv/mirrors/"
        )
    if replacement.startswith("file://"):
        replacement = replacement.removeprefix("file://")
    if "://" in replacement or "::" in replacement:
        if reason := _bad_characters(replacement) or _bad_shape(urlsplit(replacement)):
            raise _refused(replacement, reason)
    else:
        replacement = f"{Path(replacement).expanduser().absolute()}{'/' if replacement.endswith('/') else ''}"
    gap = "/" if prefix.endswith("/") and not replacement.endswith("/") else ""
    return prefix, replacement + gap
