"""What a Python package index says: by the JSON beside the simple pages that pip is configured for, else by those."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
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
from oshealth.collect.registries.archives import MOST_BYTES, licence_text
from oshealth.collect.registries.asking import Asker, Question
from oshealth.collect.registries.configured import Registries, Registry
from oshealth.collect.registries.python_simple import File, Told, ask_simple

SOURCE = "Python index"
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,200}[A-Za-z0-9])?")
_VERSION = re.compile(r"[0-9A-Za-z.!+_-]{1,100}")
_WITHOUT_JSON = {"http_404", "http_405", "http_406", "not_json", "not_as_expected", "redirected_elsewhere"}
"""What an index answers that has only the simple pages, or no JSON for single versions."""
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
    """By the JSON of the index, which says all in one answer; by the simple pages where it has none."""
    try:
        told = await _ask_json(asker, registry, wanted)
    except Unanswered as unanswered:
        if str(unanswered) not in _WITHOUT_JSON:
            raise
        told = await ask_simple(asker, registry, wanted)
    licences = licences_of(told.info)
    uploaded = min((file.uploaded_at for file in told.files if file.uploaded_at), default=None)
    found = Found(SOURCE, licences, uploaded, told.releases, None if licences else "no_licence")
    url = None if is_exact(licences) else _smallest(told.files)
    return with_text(found, await licence_text(asker, registry, url)) if url else found


def _smallest(files: Sequence[File]) -> str | None:
    """Where a file lies that is small enough to be fetched for its licence text; a wheel before the source."""
    sized = [file for file in files if file.size is not None and file.size <= MOST_BYTES]
    return min(sized, key=lambda file: (not file.is_wheel, file.size)).url if sized else None


async def _ask_json(asker: Asker, registry: Registry, wanted: Wanted) -> Told:
    base = f"{registry.url.removesuffix('/simple')}/pypi/{quote(wanted.name, safe='')}"
    whole = wanted.with_releases or wanted.version is None
    package = parsed(await _get(asker, registry, f"{base}/json")) if whole else {}
    document = package
    if wanted.version is not None:
        document = parsed(await _get(asker, registry, f"{base}/{quote(wanted.version, safe='')}/json"))
    return Told(mapping(document.get("info")), tuple(_files(document.get("urls"))), releases_of(package))


async def _get(asker: Asker, registry: Registry, url: str) -> bytes:
    return await asker.ask(Question(url, registry.headers, cafile=registry.cafile))


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
            found.append(Release(version, released_at))
    return tuple(found)


def _files(listed: object) -> Iterator[File]:
    for row in [mapping(row) for row in entries(listed)]:
        name, url, size = row.get("filename"), row.get("url"), row.get("size")
        if isinstance(name, str) and isinstance(url, str):
            yield File(name, url, uploaded_at=_uploaded([row]), size=size if isinstance(size, int) else None)


def _uploaded(listed: object) -> datetime | None:
    rows = [row for row in entries(listed) if isinstance(row, dict)]
    moments = [moment(row.get("upload_time_iso_8601") or row.get("upload_time")) for row in rows]
    return min((at for at in moments if at is not None), default=None)
