"""What a registry said of one package, before it becomes rows."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class Wanted:
    """A package that is asked about."""

    purl: str
    ecosystem: str
    name: str
    version: str | None
    with_releases: bool = False
    """Whether the dates of its other versions are wanted, too."""

    @property
    def package(self) -> str:
        """The package URL without version."""
        head, at, _ = self.purl.rpartition("@")
        return head if at and self.version is not None else self.purl


@dataclass(frozen=True)
class Release:
    """One version of a package."""

    version: str
    released_at: datetime


@dataclass(frozen=True)
class Found:
    """What one source knows of one package, or why it knows nothing."""

    source: str
    licences: tuple[str, ...] = ()
    released_at: datetime | None = None
    releases: tuple[Release, ...] = field(default_factory=tuple)
    reason: str | None = None


class Unanswered(Exception):  # noqa: N818 (the name says what happened)
    """A source gave no usable answer; the message is a short key."""


UNLICENSED = "unlicensed"
"""The reason of a package whose registry names no licence, and which holds none itself."""


def with_text(found: Found, text: str | None) -> Found:
    """What is known with what the package itself says: "" is nothing, None is not known."""
    if text:
        return replace(found, licences=texts([*found.licences, text]), reason=None)
    return replace(found, reason=UNLICENSED) if text == "" and not found.licences else found


def parsed(body: bytes) -> Mapping[str, Any]:
    """The JSON object of an answer.

    Raises:
        Unanswered: it is none.
    """
    try:
        found = json.loads(body)
        if b"\\ud" in body.lower():
            # Half of a surrogate pair is no text that could be stored.
            found = json.loads(json.dumps(found, ensure_ascii=False).encode(errors="replace"))
    except (ValueError, RecursionError):
        raise Unanswered("not_json") from None
    if not isinstance(found, dict):
        raise Unanswered("not_as_expected")
    return found


def moment(value: object) -> datetime | None:
    """A moment as UTC without zone, to the second; nothing where it is none."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
        found = found.astimezone(UTC) if found.tzinfo else found
    except (ValueError, OverflowError):
        return None
    return found.replace(tzinfo=None, microsecond=0)


def texts(values: Sequence[object]) -> tuple[str, ...]:
    """Those that are texts, without blanks and repeats, each cut at 20,000 characters."""
    found = (" ".join(value.split()) if len(value) < 200 else value for value in values if isinstance(value, str))
    return tuple(dict.fromkeys(text[:20_000] for text in found if text.strip()))


def mapping(value: object) -> Mapping[str, Any]:
    """The object that stands there, or an empty one."""
    return value if isinstance(value, dict) else {}


def entries(value: object, most: int = 50_000) -> list[Any]:
    """The list that stands there, or an empty one."""
    return value[:most] if isinstance(value, list) else []


INEXACT = (
    r"(?i)^\s*(?:non-standard|noassertion|see licen[cs]e.*|licen[cs]es?(?: in|\.| file).*|custom.*|"
    r"(?:the )?bsd(?:[ -](?:style )?licen[cs]e)?|(?:gnu )?[al]?gpl|apache(?: licen[cs]e)?|"
    r"license :: .*:: bsd license|license :: .*\([al]?gpl\))\s*$"
)
"""A pattern of strings that point elsewhere, or name a family of licences."""


def is_exact(licences: Sequence[str]) -> bool:
    """Whether one of the strings may name one licence: a package's own licence file need not be read then."""
    return any(not re.match(INEXACT, text) for text in licences)
