"""What a Python package index says, by the JSON beside the simple index that pip is configured for."""

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
    mapping,
    moment,
    parsed,
    texts,
)
from oshealth.collect.registries.asking import Asker, Question
from oshealth.collect.registries.configured import Registries, Registry

SOURCE = "Python index"
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,200}[A-Za-z0-9])?")
_VERSION = re.compile(r"[0-9A-Za-z.!+_-]{1,100}")
_PRERELEASE = re.compile(r"\d(?:a|b|c|rc|alpha|beta|pre|preview|\.?dev)\d*", re.IGNORECASE)
_NOT_LICENCES = {"", "unknown", "none", "dual license"}


async def ask_python(asker: Asker, registries: Registries, wanted: Wanted) -> Found:
    """Ask each configured index in turn until one knows the package.

    Raises:
        Unanswered: none knows it, or none is configured.
    """
    if not _NAME.fullmatch(wanted.name) or (wanted.version and not _VERSION.fullmatch(wanted.version)):
        raise Unanswered("no_such_name")
    reason = "no_registry"
    for registry in registries.python:
        try:
            return await _ask_one(asker, registry, wanted)
        except Unanswered as unanswered:
            reason = str(unanswered)
    raise Unanswered(reason)


async def _ask_one(asker: Asker, registry: Registry, wanted: Wanted) -> Found:
    base = f"{registry.url.removesuffix('/simple')}/pypi/{quote(wanted.name, safe='')}"
    whole = wanted.with_releases or wanted.version is None
    package = parsed(await _get(asker, registry, f"{base}/json")) if whole else {}
    releases = releases_of(package)
    if wanted.version is None:
        return _found(package, releases)
    document = parsed(await _get(asker, registry, f"{base}/{quote(wanted.version, safe='')}/json"))
    return _found(document, releases)


async def _get(asker: Asker, registry: Registry, url: str) -> bytes:
    return await asker.ask(Question(url, registry.headers, cafile=registry.cafile))


def _found(document: Mapping[str, Any], releases: tuple[Release, ...]) -> Found:
    licences = licences_of(mapping(document.get("info")))
    return Found(SOURCE, licences, _uploaded(document.get("urls")), releases, None if licences else "no_licence")


def licences_of(info: Mapping[str, Any]) -> tuple[str, ...]:
    """The expression, then the free text, then the classifiers: whichever are given."""
    classifiers = [text for text in entries(info.get("classifiers")) if str(text).startswith("License ::")]
    free = info.get("license")
    free = None if isinstance(free, str) and free.strip().lower() in _NOT_LICENCES else free
    return texts([info.get("license_expression"), free, "; ".join(map(str, classifiers))])


def releases_of(document: Mapping[str, Any]) -> tuple[Release, ...]:
    """The versions with the moment of their first file; those that were withdrawn are left out."""
    found = []
    for version, listed in mapping(document.get("releases")).items():
        standing = [row for row in entries(listed) if isinstance(row, dict) and not row.get("yanked")]
        if (released_at := _uploaded(standing)) is not None:
            found.append(Release(version, released_at, is_stable=not _PRERELEASE.search(version)))
    return tuple(found)


def _uploaded(listed: object) -> Any:
    rows = [row for row in entries(listed) if isinstance(row, dict)]
    moments = [moment(row.get("upload_time_iso_8601") or row.get("upload_time")) for row in rows]
    return min((at for at in moments if at is not None), default=None)
