"""`pnpm-lock.yaml`, lockfile versions 5 to 9, and `pnpm-workspace.yaml`."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from oshealth.collect.manifests.entry import Entry, File, Scope
from oshealth.collect.manifests.link import spread
from oshealth.collect.manifests.npm import SECTIONS, from_package_of_git, is_folder
from oshealth.collect.manifests.purls import without_credentials
from oshealth.collect.manifests.syntax import string, table
from oshealth.collect.manifests.yaml_events import line_of, read_documents, read_yaml

_ADDRESS = re.compile(r"^(git\+|https?://|github\.com/|gitlab\.com/|bitbucket\.org/|codeload\.github\.com/)")


_OF_PNPM: dict[str, Scope] = {"packageManagerDependencies": "development", "configDependencies": "development"}


def pnpm_lock(file: File) -> Iterator[Entry]:
    """Since version 11 the file is two documents: what pnpm itself is made of, and what the project is."""
    for document in read_documents(file.text):
        yield from _document(table(document))


def _document(data: dict[str, Any]) -> Iterator[Entry]:
    is_slashed = (string(data, "lockfileVersion") or "5").startswith(("3", "4", "5"))
    packages = table(data, "packages")
    by_key: dict[str, Entry] = {}
    for place, package in packages.items():
        entry = _entry(place, table(package), is_slashed)
        if entry is not None:
            entry.line = line_of(data, "packages", place)
            first = by_key.setdefault(entry.keys[0], entry)
            first.requires += _requires(table(package), is_slashed)
    for place, snapshot in table(data, "snapshots").items():
        if known := by_key.get(_key(place, is_slashed)):
            known.requires += _requires(table(snapshot), is_slashed)
            known.is_optional = known.is_optional or string(snapshot, "optional") == "true"
    spread(_roots(data, by_key, is_slashed), {key: [entry] for key, entry in by_key.items()})
    yield from by_key.values()


def _entry(place: str, package: dict[str, Any], is_slashed: bool) -> Entry | None:
    key = _key(place, is_slashed)
    name, version = _split(key)
    if is_folder(version) or is_folder(key):
        return None
    name, version = string(package, "name") or name, string(package, "version") or version
    resolution = table(package, "resolution")
    if repository := string(resolution, "repo"):
        entry = from_package_of_git(name, f"{repository}#{string(resolution, 'commit') or ''}", version)
        entry.declared_range = None
    else:
        tarball = string(resolution, "tarball")
        entry = Entry("npm", name, None, version, url=without_credentials(tarball) if tarball else None)
        if version.startswith("file:") or key.startswith("file:"):
            entry.version = string(package, "version")
        elif _ADDRESS.match(version) or _ADDRESS.match(key):
            entry.version = string(package, "version")
            entry.qualifiers = {"download_url": entry.url or without_credentials(version)}
    entry.source, entry.keys, entry.is_direct, entry.is_pinned = "lock", (key,), False, True
    entry.scope = {"true": "development", "false": "runtime"}.get(string(package, "dev") or "")  # type: ignore[assignment]
    entry.is_optional = string(package, "optional") == "true"
    entry.has_integrity = bool(string(resolution, "integrity") or string(resolution, "commit"))
    return entry


def _key(place: str, is_slashed: bool) -> str:
    """A package's place as name@version, without the peers that it was resolved with."""
    place = place.partition("(")[0]
    if is_slashed and place.startswith("/"):
        name, _, version = place[1:].rpartition("/")
        return f"{name}@{version.partition('_')[0]}"
    return place.removeprefix("/")


def _split(key: str) -> tuple[str, str]:
    at = key.find("@", 1)
    return (key[:at], key[at + 1 :]) if at > 0 else (key, "")


def _reference(name: str, version: str, is_slashed: bool) -> str:
    """The key that a dependency's version means: a bare version, or another package's place for an alias."""
    bare = version.partition("(")[0]
    if bare.startswith("/") or (not is_slashed and "@" in bare[1:] and not _ADDRESS.match(bare)):
        return _key(version, is_slashed)
    if is_slashed:
        bare = bare.partition("_")[0]
    return bare if _ADDRESS.match(bare) and is_slashed else f"{name}@{bare}"


def _requires(package: dict[str, Any], is_slashed: bool) -> tuple[str, ...]:
    needed = {**table(package, "dependencies"), **table(package, "optionalDependencies")}
    return tuple(_reference(name, str(version), is_slashed) for name, version in needed.items())


def _roots(data: dict[str, Any], by_key: dict[str, Entry], is_slashed: bool) -> dict[Scope | None, list[Entry]]:
    """What the importers ask for, by scope; each found entry learns by which key its manifest asks for it."""
    roots: dict[Scope | None, list[Entry]] = defaultdict(list)
    for folder, importer in (table(data, "importers") or {".": data}).items():
        for section, scope in {**SECTIONS, **_OF_PNPM}.items():
            for name, asked in table(importer, section).items():
                version = string(asked, "version") or (asked if isinstance(asked, str) else "")
                # What comes from an address is known by that alone.
                found = by_key.get(_reference(name, version, is_slashed)) or by_key.get(version.partition("(")[0])
                if found is None:
                    continue
                found.is_direct = True
                found.declared_range = found.declared_range or _declared(data, name, asked, importer)
                found.keys += (name,) if folder == "." else (f"{folder}#{name}",)
                roots[scope].append(found)
    return roots


def _declared(data: dict[str, Any], name: str, asked: Any, importer: Any) -> str | None:
    """The range that an importer's manifest declares, without the name of what an alias means."""
    declared = string(asked, "specifier") or string(importer, "specifiers", name)
    if declared and declared.startswith("catalog:"):
        catalogue = declared.removeprefix("catalog:").strip() or "default"
        declared = string(data, "catalogs", catalogue, name, "specifier") or declared
    alias = re.match(r"^npm:@?[^@]+@(.+)$", declared or "")
    return alias[1] if alias else declared


def pnpm_workspace(file: File) -> Iterator[Entry]:
    """The catalogue declares ranges for `catalog:`; who depends on them stands in each `package.json`."""
    read_yaml(file.text)
    yield from ()
