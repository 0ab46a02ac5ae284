"""`package-lock.json` and `npm-shrinkwrap.json`, lockfile versions 1 to 3."""

import posixpath
from collections.abc import Iterator
from typing import Any

from oshealth.collect.manifests.entry import Entry, File
from oshealth.collect.manifests.npm import SECTIONS, from_package_of_git, is_folder
from oshealth.collect.manifests.purls import without_credentials
from oshealth.collect.manifests.syntax import Lines, array, read_json, string, table

_MODULES = "node_modules/"


def package_lock(file: File) -> Iterator[Entry]:
    data = read_json(file.text)
    lines = {key: numbers[::-1] for key, numbers in Lines(file.text).of_objects().items()}
    packages = table(data, "packages")
    if packages:
        yield from _packages(packages, lines)
    else:
        entries = list(_nested(table(data, "dependencies"), lines, ""))
        _ask_for_folders(table(data, "dependencies"), {entry.keys[0]: entry for entry in entries})
        yield from entries


def _packages(packages: dict[str, Any], lines: dict[str, list[int]]) -> Iterator[Entry]:
    asked = _asked(packages)
    for place, package in packages.items():
        if _MODULES not in place or not isinstance(package, dict) or package.get("link") is True:
            continue
        installed = place.rpartition(_MODULES)[2]
        entry = _entry(string(package, "name") or installed, package)
        entry.line = lines[place][-1] if place in lines else None
        entry.licence = licence_of(package)
        entry.is_direct = place in asked
        entry.keys = (place, *asked.get(place, ()))
        yield entry


def licence_of(package: dict[str, Any]) -> str | None:
    """What a package says of its licence, in any of the forms that package.json has had."""
    said = package.get("license", package.get("licenses"))
    if isinstance(said, list):
        types = [string(one, "type") or (one if isinstance(one, str) else None) for one in said]
        return " OR ".join(filter(None, types)) or None
    return string(said, "type") or (said if isinstance(said, str) else None)


def _asked(packages: dict[str, Any]) -> dict[str, list[str]]:
    """The places of direct dependencies, with the keys by which the manifest of each workspace asks for them."""
    asked: dict[str, list[str]] = {}
    for folder, package in packages.items():
        if _MODULES in folder or folder.startswith("node_modules"):
            continue
        for name in {name for section in SECTIONS for name in table(package, section)}:
            place = _resolved(packages, folder, name)
            if place is not None:
                asked.setdefault(place, []).append(f"{folder}#{name}" if folder else name)
    return asked


def _resolved(packages: dict[str, Any], folder: str, name: str) -> str | None:
    """Where Node would find a package: in the folder's own node_modules, or in one above."""
    while True:
        place = posixpath.join(folder, _MODULES + name)
        if place in packages:
            return place
        if not folder:
            return None
        folder = posixpath.dirname(folder)


def _nested(dependencies: dict[str, Any], lines: dict[str, list[int]], above: str) -> Iterator[Entry]:
    """Version 1: a tree as it lies on disk."""
    for name, package in dependencies.items():
        if not isinstance(package, dict):
            continue
        line = lines[name].pop() if lines.get(name) else None
        version = string(package, "version") or ""
        place = f"{above}{_MODULES}{name}"
        # Lines are taken before the children, as the file has them.
        if not is_folder(version):
            target, _, aliased = version.removeprefix("npm:").rpartition("@")
            is_alias = version.startswith("npm:") and target
            entry = _entry(target if is_alias else name, {**package, "version": aliased if is_alias else version})
            entry.line, entry.is_direct = line, False if above else None
            entry.keys = (place, name) if not above else (place,)
            entry.requires = tuple(_requires(package, place))
            yield entry
        yield from _nested(table(package, "dependencies"), lines, f"{place}/")


def _ask_for_folders(dependencies: dict[str, Any], by_place: dict[str, Entry]) -> None:
    """Version 1 knows folders of the repository as packages at the top: what they require is direct."""
    for name, package in dependencies.items():
        version = string(package, "version") or ""
        if not is_folder(version):
            continue
        folder = posixpath.normpath(version.partition(":")[2])
        for wanted in table(package, "requires"):
            inner = by_place.get(f"{_MODULES}{name}/{_MODULES}{wanted}")
            if found := inner or by_place.get(_MODULES + wanted):
                found.keys += (f"{folder}#{wanted}",)
                found.is_direct = True


def _requires(package: dict[str, Any], place: str) -> Iterator[str]:
    inner = table(package, "dependencies")
    for name in table(package, "requires"):
        yield f"{place}/{_MODULES}{name}" if name in inner else name


def _entry(name: str, package: dict[str, Any]) -> Entry:
    version = string(package, "version")
    resolved = string(package, "resolved") or ""
    origin = next((text for text in (resolved, version or "") if text.startswith(("git+", "git:", "github:"))), None)
    if origin:
        entry = from_package_of_git(name, origin, None if origin == version else version)
        entry.declared_range, entry.has_integrity, entry.is_pinned = None, bool(entry.is_pinned), True
    else:
        entry = Entry("npm", name, None, version, url=without_credentials(resolved) or None)
        if version and version.startswith(("http:", "https:", "file:")):
            entry.version, entry.url, entry.is_pinned = None, without_credentials(version), True
            entry.qualifiers = {} if version.startswith("file:") else {"download_url": entry.url}
    entry.source = "lock"
    entry.scope = "development" if package.get("dev") is True else "runtime"
    entry.is_optional = package.get("optional") is True or package.get("devOptional") is True
    entry.has_integrity = entry.has_integrity or bool(string(package, "integrity"))
    if array(package, "bundled") or package.get("inBundle") is True or package.get("bundled") is True:
        entry.is_direct = False
    return entry
