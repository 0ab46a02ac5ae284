"""What an npm registry says: of one version, or of a package with all its versions."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from oshealth.collect.registries.answer import (
    Found,
    Release,
    Unanswered,
    Wanted,
    entries,
    is_exact,
    mapping,
    moment,
    parsed,
    texts,
    with_text,
)
from oshealth.collect.registries.archives import licence_text
from oshealth.collect.registries.asking import Asker, Question
from oshealth.collect.registries.configured import Registries, Registry

SOURCE = "npm registry"
_NAME = re.compile(r"(?:@[a-z0-9~-][a-z0-9._~-]*/)?[A-Za-z0-9~_-][A-Za-z0-9._~-]{0,213}")
_MOST_UNPACKED = 20_000_000
"""Larger packages are not fetched for the sake of their licence file."""
_VERSION = re.compile(r"[0-9A-Za-z.+-]{1,100}")


async def ask_npm(asker: Asker, registries: Registries, wanted: Wanted) -> Found:
    """Ask for one package. The whole package where its releases are wanted, else the one version, which is small.

    Raises:
        Unanswered: it is not known there, or there is no registry.
    """
    registry = registries.npm_for(wanted.name)
    if registry is None:
        raise Unanswered("no_registry")
    version = wanted.version or "latest"
    if not _NAME.fullmatch(wanted.name) or not _VERSION.fullmatch(version):
        raise Unanswered("no_such_name")
    address = f"{registry.url}/{quote(wanted.name, safe='@')}"
    if not wanted.with_releases:
        address += f"/{quote(version, safe='')}"
    document = parsed(await asker.ask(Question(address, registry.headers, cafile=registry.cafile)))
    if wanted.with_releases:
        return await _with_text(asker, registry, *of_package(document, version))
    licences = licences_of(document)
    found = Found(SOURCE, licences, reason=None if licences else "no_licence")
    return await _with_text(asker, registry, found, document)


async def _with_text(asker: Asker, registry: Registry, found: Found, document: Mapping[str, Any]) -> Found:
    """With the text of the package's own licence file, where the registry names no licence or a family of them."""
    handed_out = mapping(document.get("dist"))
    size = handed_out.get("unpackedSize")
    if is_exact(found.licences) or (isinstance(size, int) and size > _MOST_UNPACKED):
        return found
    return with_text(found, await licence_text(asker, registry, handed_out.get("tarball")))


def of_package(document: Mapping[str, Any], version: str) -> tuple[Found, Mapping[str, Any]]:
    """A version's licence and the dates of all; and what is said of that version."""
    version = str(mapping(document.get("dist-tags")).get("latest")) if version == "latest" else version
    versions, times = mapping(document.get("versions")), mapping(document.get("time"))
    found = mapping(versions.get(version))
    releases = tuple(
        Release(name, released_at)
        for name, value in times.items()
        if name in versions and (released_at := moment(value)) is not None
    )
    licences = licences_of(found) or licences_of(document)
    reason = None if licences else ("no_such_version" if not found else "no_licence")
    return Found(SOURCE, licences, moment(times.get(version)), releases, reason), found


def licences_of(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The licence as the package writes it: a string, the old object, or the still older list of objects."""
    value = document.get("license") or document.get("licence")
    if isinstance(value, dict):
        value = value.get("type") or value.get("name")
    several = [value] if isinstance(value, str) else entries(document.get("licenses") or value, 20)
    names = [entry.get("type") or entry.get("name") if isinstance(entry, dict) else entry for entry in several]
    found = texts(names)
    # Of the old list any may be chosen: npm's own documentation writes it so in today's form.
    return found if len(found) < 2 else (" OR ".join(f"({each})" if " AND " in each else each for each in found),)
