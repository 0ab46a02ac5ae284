"""`composer.json` and `composer.lock`."""

import posixpath
import re
from collections.abc import Iterator
from contextlib import suppress
from fnmatch import fnmatchcase
from typing import Any

from oshealth.collect.manifests.entry import Entry, File, Scope, Unreadable
from oshealth.collect.manifests.names import which
from oshealth.collect.manifests.purls import git_url, without_credentials
from oshealth.collect.manifests.requirements import package_source
from oshealth.collect.manifests.syntax import Lines, array, read_json, string, table

# PHP itself, its extensions and Composer: conditions on the platform, no packages.
_PLATFORM = re.compile(r"^(php(-\w+)?|hhvm|(ext|lib)-.*|composer(-(plugin|runtime)-api)?)$", re.IGNORECASE)
_EXACT = re.compile(r"^=?v?(\d+\.\d+(?:\.\d+)*(?:-[0-9A-Za-z.]+)?)$")


def composer_json(file: File) -> Iterator[Entry]:
    data = read_json(file.text)
    lines, own = Lines(file.text), _own_names(file, data)
    scopes: dict[str, Scope] = {"require": "runtime", "require-dev": "development"}
    for section, scope in scopes.items():
        for name, wanted in table(data, section).items():
            if _PLATFORM.match(name) or not isinstance(wanted, str) or name.lower() in own:
                continue
            exact = _EXACT.match(wanted)
            entry = Entry("composer", name.lower(), wanted, exact[1] if exact else None, scope=scope)
            entry.line, entry.keys = lines.of_key(section, name), (name.lower(), f"instead of {name.lower()}")
            yield entry
    for repository in [*array(data, "repositories"), *table(data, "repositories").values()]:
        if string(repository, "type") == "composer":
            address = string(repository, "url") or ""
            if entry_or_none := package_source(address, lines.of_key("repositories", address)):
                yield entry_or_none


def _own_names(file: File, data: dict[str, Any]) -> set[str]:
    """The packages of the repository itself: in folders named as sources, and parts that the whole replaces."""
    names = _names_by_folder(file)
    repositories = [*array(data, "repositories"), *table(data, "repositories").values()]
    places = [string(one, "url") or "" for one in repositories if string(one, "type") == "path"]
    patterns = [posixpath.normpath(posixpath.join(file.folder, place)) for place in places]
    own = {name for folder, name in names.items() if any(fnmatchcase(folder, pattern) for pattern in patterns)}
    whole = file.others.get("composer.json")
    replaced: dict[str, Any] = {}
    with suppress(Unreadable):
        replaced = table(read_json(whole), "replace") if whole else {}
    return own | {name for name in names.values() if replaced.get(name) == "self.version"}


def _names_by_folder(file: File) -> dict[str, str]:
    if "composer names" not in file.shared:
        found = {}
        for path, text in file.others.items():
            if which(path) == "composer":
                with suppress(Unreadable):
                    found[posixpath.dirname(path)] = (string(read_json(text), "name") or "").lower()
        file.shared["composer names"] = found
    names: dict[str, str] = file.shared["composer names"]
    return names


def composer_lock(file: File) -> Iterator[Entry]:
    data = read_json(file.text)
    lines = Lines(file.text)
    scopes: dict[str, Scope] = {"packages": "runtime", "packages-dev": "development"}
    position = 0
    for section, scope in scopes.items():
        for package in array(data, section):
            name = string(package, "name")
            if name is None or string(package, "dist", "type") == "path":
                continue
            position = max(file.text.find(f'"name": "{name}"', position), position)
            entry = _locked(name, package)
            entry.scope, entry.line = scope, lines.at(position)
            yield entry


def _locked(name: str, package: dict[str, Any]) -> Entry:
    entry = Entry("composer", name.lower(), None, string(package, "version"), source="lock", is_direct=None)
    # What it replaces or provides may be what the manifest asks for.
    others = (one.lower() for field in ("replace", "provide") for one in table(package, field))
    entry.keys = (name.lower(), *(f"instead of {one}" for one in others))
    entry.requires = tuple(one.lower() for one in table(package, "require") if not _PLATFORM.match(one))
    # Composer's several licences are alternatives.
    entry.licence = " OR ".join(one for one in array(package, "license") if isinstance(one, str)) or None
    address = string(package, "source", "url") or string(package, "dist", "url")
    entry.url = git_url(address) if string(package, "source", "url") and address else without_credentials(address or "")
    entry.url = entry.url or None
    entry.has_integrity = bool(string(package, "dist", "shasum") or string(package, "source", "reference"))
    return entry
