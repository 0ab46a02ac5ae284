"""What lock files and manifests of other projects say of packages, told as the registry would tell it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

WAYS = ("it", "another version of it", "nothing of it")
"""How a version is known."""


@dataclass(frozen=True)
class Published:
    """What is known, by name and version."""

    versions: Mapping[str, Mapping[str, dict[str, Any]]]

    def way(self, name: str, version: str | None) -> str:
        """How the version that is needed is known: one of `WAYS`."""
        if name not in self.versions:
            return WAYS[2]
        return WAYS[0] if version in self.versions[name] else WAYS[1]

    def answer(self, path: str) -> object | None:
        """The document at a path of an npm registry: of a version, or of a package with the versions that are known."""
        name, _, version = path.removeprefix("/").partition("/")
        name, version = unquote(name), unquote(version)
        found = self.versions.get(name)
        if found is None:
            return None
        latest = list(found)[-1]
        if version:
            # Of a version that nobody locked, another one speaks: it is counted apart.
            return {"name": name, "version": version, **found.get(version, found[latest])}
        documents = {each: {"name": name, "version": each, **said} for each, said in found.items()}
        return {"name": name, "dist-tags": {"latest": latest}, "versions": documents, **found[latest]}


def read_published(folder: Path) -> Published:
    """Read all package-lock.json and package.json files of a folder and those below it."""
    versions: dict[str, dict[str, dict[str, Any]]] = {}
    for path in sorted(folder.rglob("package*.json")):
        for name, version, said in _said(json.loads(path.read_text(encoding="utf-8"))):
            versions.setdefault(name, {})[version] = said
    return Published(versions)


def _said(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Name, version and licence fields of what a file names: a lock file others, a package.json its own package."""
    locked = document.get("packages")
    if not isinstance(locked, dict):
        yield document.get("name", ""), document.get("version", "0.0.0"), _fields(document)
        return
    for path, entry in locked.items():
        # A package of the project itself stands there by its folder.
        if "node_modules/" in path and not entry.get("link") and entry.get("version"):
            yield entry.get("name") or path.rpartition("node_modules/")[2], entry["version"], _fields(entry)


def _fields(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: entry[key] for key in ("license", "licence", "licenses") if key in entry}
