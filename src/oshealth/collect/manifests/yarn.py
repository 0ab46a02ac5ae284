"""`yarn.lock`: the first format is Yarn's own, that of Yarn 2 and later ("berry") is YAML."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from oshealth.collect.manifests.entry import Entry, File, Unreadable
from oshealth.collect.manifests.link import ByKey
from oshealth.collect.manifests.npm import from_package_of_git, is_folder
from oshealth.collect.manifests.purls import without_credentials
from oshealth.collect.manifests.syntax import refuse_conflict, string, table
from oshealth.collect.manifests.yaml_events import line_of, read_yaml

_SELECTOR = re.compile(r'"((?:[^"\\]|\\.)*)"|([^",\s][^",]*)')
_FIELD = re.compile(r'^( +)(?:"([^"]+)"|(\S+?))(:?)(?: +(?:"((?:[^"\\]|\\.)*)"|(\S.*)))?$')


def yarn_lock(file: File) -> Iterator[Entry]:
    if "__metadata:" in file.text:
        return iter(_berry(file.text))
    return _classic(file.text)


def _classic(text: str) -> Iterator[Entry]:
    refuse_conflict(text)
    selectors: list[str] = []
    fields: dict[str, str] = {}
    requires: list[str] = []
    start, section = 0, ""
    for number, line in enumerate((*text.splitlines(), "end:"), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not line.startswith(" "):
            if selectors:
                yield _classic_entry(selectors, fields, requires, start)
            if not line.rstrip().endswith(":"):
                raise Unreadable(f"invalid_yarn_lock: line {number}: neither a package nor a field")
            selectors = _selectors(line.rstrip()[:-1])
            fields, requires, start, section = {}, [], number, ""
        elif field := _FIELD.match(line):
            name, value = field[2] or field[3], field[5] if field[5] is not None else field[6]
            if len(field[1]) <= 2:
                section = name.removesuffix(":") if value is None else ""
                fields[name] = value or ""
            elif section in {"dependencies", "optionalDependencies"}:
                requires.append(f"{name}@{_without_protocol(value or '')}")


def _selectors(line: str) -> list[str]:
    return [(quoted or plain).strip() for quoted, plain in _SELECTOR.findall(line)]


def _classic_entry(selectors: list[str], fields: dict[str, str], requires: list[str], line: int) -> Entry:
    name, wanted = _split(selectors[0])
    resolved, version = fields.get("resolved", ""), fields.get("version")
    if wanted.startswith("npm:") and "@" in wanted[5:]:
        name = wanted.removeprefix("npm:").rpartition("@")[0]
    if resolved.startswith(("git+", "git:", "ssh:")) or ".git#" in resolved:
        entry = from_package_of_git(name, resolved, version)
        entry.declared_range, entry.is_pinned = None, True
    else:
        entry = Entry("npm", name, None, version, url=without_credentials(resolved) or None)
    entry.is_local = is_folder(wanted) and not resolved
    _lock(entry, selectors, requires)
    entry.line, entry.has_integrity = line, "integrity" in fields or "#" in resolved
    return entry


def _lock(entry: Entry, selectors: list[str], requires: list[str]) -> None:
    entry.source, entry.scope, entry.is_direct = "lock", None, None
    entry.keys = tuple(f"{name}@{_without_protocol(wanted)}" for name, wanted in map(_split, selectors))
    entry.requires = tuple(requires)


def _split(selector: str) -> tuple[str, str]:
    """Name and range of "name@range": the first @ that does not begin a scope."""
    at = selector.find("@", 1)
    return (selector[:at], selector[at + 1 :]) if at > 0 else (selector, "")


def _without_protocol(wanted: str) -> str:
    """A range without what Yarn adds: the protocol that it means anyway, and for whom a path or patch was bound."""
    return wanted.partition("::")[0].removeprefix("npm:")


def _berry(text: str) -> list[Entry]:
    data = table(read_yaml(text))
    entries: list[Entry] = []
    by_key: ByKey = defaultdict(list)
    for heading, package in data.items():
        if heading == "__metadata" or not isinstance(package, dict):
            continue
        entry = _berry_entry(string(package, "resolution") or heading, package)
        needed = {**table(package, "dependencies"), **table(package, "optionalDependencies")}
        requires = [f"{name}@{_without_protocol(str(wanted))}" for name, wanted in needed.items()]
        _lock(entry, [selector.strip() for selector in heading.split(",")], requires)
        entry.line = line_of(data, heading)
        entry.has_integrity = bool(string(package, "checksum"))
        entries.append(entry)
        for key in entry.keys:
            by_key[key].append(entry)
    _override(entries, by_key)
    for heading, package in data.items():
        _ask(string(package, "resolution") or heading, package, by_key)
    return entries


def _override(entries: list[Entry], by_key: ByKey) -> None:
    """A range that no package bears was overridden by `resolutions`: any package of the name may be what is meant."""
    missing = {key for entry in entries for key in entry.requires if key not in by_key}
    by_name: ByKey = defaultdict(list)
    for entry in entries:
        for name in {_split(key)[0] for key in entry.keys}:
            by_name[name].append(entry)
    for key in missing:
        for entry in by_name.get(_split(key)[0], []):
            entry.keys += (key,)
            by_key[key].append(entry)


def _ask(resolution: str, package: Any, by_key: ByKey) -> None:
    """What a workspace of the repository asks for is known by the workspace's folder."""
    folder = re.search(r"@workspace:([^:#]+)$", resolution)
    if folder is None:
        return
    prefix = "" if folder[1] == "." else f"{folder[1]}#"
    for name, wanted in table(package, "dependencies").items():
        for entry in by_key.get(f"{name}@{_without_protocol(str(wanted))}", []):
            entry.keys += (f"{prefix}{name}",)


def _berry_entry(resolution: str, package: dict[str, Any]) -> Entry:
    name, place = _split(resolution)
    version = string(package, "version")
    # A virtual package is another one seen with its peers; a patched one is the original with changes of one's own.
    place = re.sub(r"^virtual:[^#]*#", "", place)
    if place.startswith("patch:"):
        name, place = _split(unquote(place.removeprefix("patch:").partition("#")[0]))
    if is_folder(place) or string(package, "linkType") == "soft":
        return Entry("npm", name, None, version, is_local=True)
    if place.startswith(("npm:", "file:")):
        return Entry("npm", name, None, version)
    if "#" in place:
        entry = from_package_of_git(name, place, version)
        entry.declared_range, entry.is_pinned = None, True
        return entry
    url = without_credentials(place)
    return Entry("npm", name, None, version, url=url, qualifiers={"download_url": url})
