"""Gradle's version catalogues (`*.versions.toml`) and its lock files."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from oshealth.collect.manifests.entry import Entry, File, Unreadable
from oshealth.collect.manifests.gradle_calls import calls, without_comments
from oshealth.collect.manifests.names import which
from oshealth.collect.manifests.syntax import read_toml, refuse_conflict, string, table
from oshealth.toml_lines import TomlLines

ALIAS = re.compile(r"\balias[ \t]*\(?[ \t]*(libs\.plugins(?:\.\w+)+)")
_EXACT = re.compile(r"^\d[\w.-]*$")


@dataclass(frozen=True)
class Catalogue:
    """What the accessors `libs.…` of the build scripts stand for."""

    by_accessor: dict[str, list[Entry]] = field(default_factory=dict)

    def libraries(self, accessor: str) -> list[Entry]:
        name = accessor.removeprefix("rootProject.").removeprefix("libs.").removesuffix(".get")
        return [replace(entry) for entry in self.by_accessor.get(name, [])]

    def plugins(self, accessor: str) -> list[Entry]:
        return self.libraries(accessor)


def catalogue(file: File) -> Iterator[Entry]:
    """Libraries and plugins that no build script of the repository uses by name: the used ones are rows there."""
    accessors = _entries(read_toml(file.text), file.text)
    used = _used(file)
    for accessor, entries in accessors.items():
        if accessor not in used and not accessor.startswith("bundles."):
            yield from entries


def catalogues_of(file: File) -> Catalogue:
    if "gradle catalogue" not in file.shared:
        found: dict[str, list[Entry]] = {}
        for path, text in file.others.items():
            if which(path) == "gradle_catalogue":
                try:
                    found |= _entries(read_toml(text), text)
                except Unreadable:
                    continue
        file.shared["gradle catalogue"] = Catalogue(found)
    known: Catalogue = file.shared["gradle catalogue"]
    return known


def _used(file: File) -> set[str]:
    """The accessors that build scripts use where they declare something: these are rows there."""
    if "gradle accessors" not in file.shared:
        scripts = [without_comments(text) for path, text in file.others.items() if which(path) == "gradle"]
        named = [call.notation for text in scripts if "libs." in text for call in calls(text) if call.is_accessor]
        named += [accessor for text in scripts for accessor in ALIAS.findall(text)]
        used = {one.rpartition("libs.")[2].removesuffix(".get") for one in named}
        known = catalogues_of(file)
        members = {id(entry) for one in used if one.startswith("bundles.") for entry in known.by_accessor.get(one, [])}
        used |= {accessor for accessor, entries in known.by_accessor.items() if {id(one) for one in entries} & members}
        file.shared["gradle accessors"] = used
    accessors: set[str] = file.shared["gradle accessors"]
    return accessors


def _accessor(alias: str) -> str:
    return re.sub(r"[-_]", ".", alias)


def _entries(data: dict[str, Any], text: str) -> dict[str, list[Entry]]:
    lines = TomlLines(text)
    versions = table(data, "versions")
    found: dict[str, list[Entry]] = {}
    for alias, value in table(data, "libraries").items():
        if entry := _library(value, versions):
            entry.line = lines.of(("libraries", alias))
            found[_accessor(alias)] = [entry]
    for bundle, members in table(data, "bundles").items():
        names = [one for one in members if isinstance(one, str)] if isinstance(members, list) else []
        found[f"bundles.{_accessor(bundle)}"] = [one for name in names for one in found.get(_accessor(name), [])]
    for alias, value in table(data, "plugins").items():
        if entry := _plugin(value, versions):
            entry.line = lines.of(("plugins", alias))
            found[f"plugins.{_accessor(alias)}"] = [entry]
    return found


def _library(value: Any, versions: dict[str, Any]) -> Entry | None:
    if isinstance(value, str):
        name, _, version = value.rpartition(":")
        return _entry(name, version) if ":" in name else None
    group, artifact = string(value, "group"), string(value, "name")
    module = string(value, "module") or (f"{group}:{artifact}" if group and artifact else None)
    return _entry(module, _version(value, versions)) if module else None


def _plugin(value: Any, versions: dict[str, Any]) -> Entry | None:
    identifier, _, version = value.partition(":") if isinstance(value, str) else ("", "", "")
    identifier = identifier or string(value, "id") or ""
    if not identifier:
        return None
    entry = _entry(f"{identifier}:{identifier}.gradle.plugin", version or _version(value, versions))
    entry.scope = "build"
    return entry


def _version(value: Any, versions: dict[str, Any]) -> str | None:
    """A version, a reference to one, or a rich one: what it requires above what it prefers."""
    version = table(value).get("version")
    if reference := string(version, "ref"):
        version = versions.get(reference)
    if isinstance(version, dict):
        version = next(filter(None, (string(version, one) for one in ("strictly", "require", "prefer"))), None)
    return version if isinstance(version, str) else None


def _entry(name: str, version: str | None) -> Entry:
    return Entry("maven", name, version or None, version if version and _EXACT.match(version) else None, keys=(name,))


def lockfile(file: File) -> Iterator[Entry]:
    refuse_conflict(file.text)
    for number, line in enumerate(file.text.splitlines(), start=1):
        match = re.match(r"^([^:#=\s]+:[^:=\s]+):([^=\s]+)(?:=(.*))?$", line)
        if match is None:
            continue
        entry = Entry("maven", match[1], None, match[2], number, source="lock", is_direct=None, keys=(match[1],))
        configurations = [one.lower() for one in (match[3] or "").split(",") if one]
        if configurations and all("test" in one for one in configurations):
            entry.scope = "development"
        elif configurations and all(
            "processor" in one or "kapt" in one or one == "classpath" for one in configurations
        ):
            entry.scope = "build"
        yield entry


def properties(file: File) -> Iterator[Entry]:
    """`gradle.properties` declares nothing itself: build scripts look versions up in it."""
    refuse_conflict(file.text)
    yield from ()
