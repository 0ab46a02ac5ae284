"""Releases that a forge names, as mentions of versions."""

from collections.abc import Iterable

from oshealth.collect.forge_answers import Row
from oshealth.collect.versions import parse_version


def releases(repository: str, named: Iterable[Row]) -> list[Row]:
    """Rows of `facts.RELEASE` of those whose tag names a version: `named` has name, released_at, sha, is_prerelease."""
    rows = []
    for release in named:
        version = parse_version(str(release["name"]))
        if version is not None and release["released_at"] is not None:
            is_prerelease = bool(release["is_prerelease"]) or version.is_prerelease
            known = {"repository": repository, "source": "forge", "version": version.text, "is_signed": None}
            rows.append({**release, **known, "is_prerelease": is_prerelease, "base_shas": None})
    return rows
