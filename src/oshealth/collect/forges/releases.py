"""Releases that a forge names, as mentions of versions."""

from collections.abc import Iterable

from oshealth.collect.forges.answers import Row
from oshealth.collect.versions import parse_version


def releases(repository: str, named: Iterable[Row]) -> list[Row]:
    """Rows of `facts.RELEASE`: `named` has name (of the tag), released_at, sha, is_prerelease.

    One whose tag names no version by itself has none here: git's tags, read with sources.toml's pattern, may know it.
    """
    rows = []
    for release in named:
        version = parse_version(str(release["name"]))
        if release["released_at"] is not None:
            is_prerelease = bool(release["is_prerelease"]) or (version is not None and version.is_prerelease)
            known = {"repository": repository, "source": "forge", "version": version.text if version else None}
            more = {"is_signed": None, "is_prerelease": is_prerelease, "base_shas": None}
            rows.append({**release, **known, **more})
    return rows
