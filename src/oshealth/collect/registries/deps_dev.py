"""What deps.dev says: the licences of thousands of versions in one request, and the dates of a package's versions."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
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

SOURCE = "deps.dev"
ADDRESS = "https://api.deps.dev"
_BATCH = 1_000
_MOST_PAGES = 100
SYSTEMS = {
    "npm": "NPM",
    "pypi": "PYPI",
    "maven": "MAVEN",
    "golang": "GO",
    "cargo": "CARGO",
    "nuget": "NUGET",
    "gem": "RUBYGEMS",
}


async def ask_versions(asker: Asker, address: str, wanted: Sequence[Wanted]) -> dict[str, Found]:
    """What is known of many versions, by package URL; those that are not known there are left out.

    Raises:
        Unanswered: deps.dev does not answer.
    """
    asked = [one for one in wanted if one.version and one.ecosystem in SYSTEMS]
    found: dict[str, Found] = {}
    for start in range(0, len(asked), _BATCH):
        batch = {_key(one): one for one in asked[start : start + _BATCH]}
        async for document in _pages(asker, address, list(batch)):
            for key, answer in _answers(document):
                if key in batch:
                    found[batch[key].purl] = answer
    return found


async def _pages(asker: Asker, address: str, keys: Sequence[tuple[str, str, str]]) -> AsyncIterator[Mapping[str, Any]]:
    requests = [{"versionKey": {"system": s, "name": n, "version": v}} for s, n, v in keys]
    token = ""
    for _ in range(_MOST_PAGES):
        body = json.dumps({"requests": requests, "pageToken": token}).encode()
        headers = {"content-type": "application/json"}
        document = parsed(await asker.ask(Question(f"{address}/v3alpha/versionbatch", headers, body)))
        yield document
        token = str(document.get("nextPageToken") or "")
        if not token:
            return


def _answers(document: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str, str], Found]]:
    for row in entries(document.get("responses")):
        asked = mapping(mapping(mapping(row).get("request")).get("versionKey"))
        version = mapping(mapping(row).get("version"))
        key = (str(asked.get("system")), str(asked.get("name")), str(asked.get("version")))
        licences = texts(entries(version.get("licenses"), 20))
        if version:
            # Several licences hold together there: what may be chosen is written as one expression.
            joined = (" AND ".join(f"({each})" if " OR " in each else each for each in licences),) if licences else ()
            yield key, Found(SOURCE, joined, moment(version.get("publishedAt")), (), None if joined else "no_licence")


async def ask_releases(asker: Asker, address: str, wanted: Wanted) -> Found:
    """The dates of a package's versions.

    Raises:
        Unanswered: the package is not known there.
    """
    if wanted.ecosystem not in SYSTEMS:
        raise Unanswered("no_registry")
    url = f"{address}/v3/systems/{SYSTEMS[wanted.ecosystem].lower()}/packages/{quote(wanted.name, safe='')}"
    document = parsed(await asker.ask(Question(url)))
    rows = [mapping(row) for row in entries(document.get("versions"))]
    releases = tuple(
        Release(version, released_at)
        for row in rows
        if isinstance(version := mapping(row.get("versionKey")).get("version"), str)
        and (released_at := moment(row.get("publishedAt"))) is not None
    )
    return Found(SOURCE, (), None, releases)


def _key(wanted: Wanted) -> tuple[str, str, str]:
    return SYSTEMS[wanted.ecosystem], wanted.name, wanted.version or ""
