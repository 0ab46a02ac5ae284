"""publiccode.yml, versions 0.2 to 0.4 and what later ones kept: what a codebase says of itself, read with mistrust."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from oshealth.collect.manifests.entry import Unreadable
from oshealth.collect.manifests.yaml_events import read_yaml

MOST_BYTES = 256_000
MOST_ENTRIES = 5_000
_FEWEST_NODES = 10_000
_MOST_LETTERS = 2_000
_TRUE = {"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"}
"""What YAML 1.1 and 1.2 write for it."""
Openness = Literal["open", "proprietary", "hardware"]


@dataclass(frozen=True)
class Contractor:
    """Who maintains it under contract, and until when."""

    name: str
    until: str | None = None


@dataclass(frozen=True)
class Need:
    """Something that the product needs to run."""

    openness: Openness
    name: str
    is_optional: bool = False


@dataclass(frozen=True)
class PublicCode:
    """What one file says. Contacts are persons: they are counted, not kept."""

    version: str | None = None
    name: str | None = None
    licence: str | None = None
    owner: str | None = None
    used_by: tuple[str, ...] = ()
    funded_by: tuple[str, ...] = ()
    is_based_on: tuple[str, ...] = ()
    maintenance: str | None = None
    """internal, contract, community or none"""
    contractors: tuple[Contractor, ...] = ()
    contact_count: int = 0
    depends_on: tuple[Need, ...] = ()
    languages: tuple[str, ...] = ()
    problem: str | None = None
    """Why the file could not be read."""


def read_publiccode(text: str) -> PublicCode:
    """Read one file; what is not as the standard says is left out, and what is no YAML mapping is a `problem`."""
    if len(text) > MOST_BYTES:
        return PublicCode(problem=f"larger than {MOST_BYTES:,} bytes")
    try:
        # Without aliases a file holds fewer nodes than letters: a bomb of a few costs no more than a plain file.
        found = read_yaml(text, most_nodes=max(_FEWEST_NODES, len(text)))
    except Unreadable:
        return PublicCode(problem="not YAML")
    if not isinstance(found, dict):
        return PublicCode(problem="not a YAML mapping")
    return _of(found)


def _of(found: Mapping[Any, Any]) -> PublicCode:
    legal, maintenance = _mapping(found, "legal"), _mapping(found, "maintenance")
    organisation = _mapping(found, "organisation")
    contractors = [entry for entry in _entries(maintenance.get("contractors")) if isinstance(entry, dict)]
    return PublicCode(
        version=_text(found.get("publiccodeYmlVersion") or found.get("publiccode-yaml-version")),
        name=_text(found.get("name")),
        licence=_text(legal.get("license")),
        owner=_text(legal.get("repoOwner") or legal.get("mainCopyrightOwner") or organisation.get("name")),
        used_by=_names(found.get("usedBy")),
        funded_by=_names(found.get("fundedBy")),
        is_based_on=_names(found.get("isBasedOn")),
        maintenance=_text(maintenance.get("type")),
        contractors=tuple(
            Contractor(name, _text(entry.get("until"))) for entry in contractors if (name := _text(entry.get("name")))
        ),
        contact_count=len(_entries(maintenance.get("contacts"))),
        depends_on=tuple(_needs(_mapping(found, "dependsOn"))),
        languages=_names(_mapping(found, "localisation").get("availableLanguages")),
    )


def _needs(depends_on: Mapping[Any, Any]) -> list[Need]:
    kinds: tuple[Openness, ...] = ("open", "proprietary", "hardware")
    return [
        Need(kind, name, isinstance(entry, dict) and entry.get("optional") in _TRUE)
        for kind in kinds
        for entry in _entries(depends_on.get(kind))
        if (name := _name(entry))
    ]


def _mapping(found: Mapping[Any, Any], key: str) -> Mapping[Any, Any]:
    value = found.get(key)
    return value if isinstance(value, dict) else {}


def _entries(value: object) -> Sequence[Any]:
    """A list, or the one thing that stands where a list may."""
    if value is None:
        return []
    return value[:MOST_ENTRIES] if isinstance(value, list) else [value]


def _names(value: object) -> tuple[str, ...]:
    """Names without repeats, in their order; an entry may be a text or a mapping with a name."""
    return tuple(dict.fromkeys(name for entry in _entries(value) if (name := _name(entry))))


def _name(entry: object) -> str | None:
    return _text(entry.get("name") or entry.get("uri")) if isinstance(entry, dict) else _text(entry)


def _text(value: object) -> str | None:
    """A short text; numbers and dates are as they are written, anything else is nothing."""
    if not isinstance(value, str) or value.lower() in {"true", "false"}:
        return None
    return " ".join(value[:_MOST_LETTERS].split())[:200] or None
