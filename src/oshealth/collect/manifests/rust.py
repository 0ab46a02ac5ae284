"""`Cargo.toml` and `Cargo.lock`."""

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from oshealth.collect.manifests.entry import Entry, File, Scope, Unreadable
from oshealth.collect.manifests.purls import from_git
from oshealth.collect.manifests.syntax import Lines, array, read_toml, string, table
from oshealth.toml_lines import TomlLines

_SECTIONS: dict[str, Scope] = {
    "dependencies": "runtime",
    "dev-dependencies": "development",
    "dev_dependencies": "development",
    "build-dependencies": "build",
    "build_dependencies": "build",
}


def cargo_toml(file: File) -> Iterator[Entry]:
    data = read_toml(file.text)
    lines, crate = TomlLines(file.text), string(data, "package", "name")
    places: list[tuple[str, ...]] = [(section,) for section in _SECTIONS]
    places += [("target", target, section) for target in table(data, "target") for section in _SECTIONS]
    for place in places:
        for name, value in table(data, *place).items():
            shared = table(_workspace(file), name) if table(value).get("workspace") is True else {}
            wanted = string(_workspace(file), name) if not shared and table(value).get("workspace") else None
            inherited = {"version": wanted} if wanted else shared
            entry = _entry(name, {**inherited, **table(value)} or value)
            if entry is not None:
                entry.scope, entry.line = _SECTIONS[place[-1]], lines.of((*place, name))
                entry.keys = (f"{crate}#{entry.name}", entry.name)
                yield entry


def _workspace(file: File) -> dict[str, Any]:
    """The dependencies that the nearest workspace above shares."""
    folder = file.folder
    while True:
        path = posixpath.join(folder, "Cargo.toml")
        kept = f"cargo workspace {path}"
        if kept not in file.shared:
            text = file.text if path == file.path else file.others.get(path)
            try:
                file.shared[kept] = table(read_toml(text), "workspace", "dependencies") if text else {}
            except Unreadable:
                file.shared[kept] = {}
        if file.shared[kept] or not folder:
            return dict(file.shared[kept])
        folder = posixpath.dirname(folder)


def _entry(name: str, value: Any) -> Entry | None:
    """A dependency; `None` for a crate of the repository itself."""
    if string(value, "path"):
        return None
    wanted = value if isinstance(value, str) else string(value, "version")
    name = string(value, "package") or name
    exact = re.match(r"^=\s*(\d+\.\d+\.\d+[\w.+-]*)$", wanted or "")
    entry = Entry("cargo", name, wanted, exact[1] if exact else None, keys=(name,))
    entry.is_optional = table(value).get("optional") is True
    if address := string(value, "git"):
        reference = string(value, "rev") or string(value, "tag") or string(value, "branch")
        git = from_git(address, reference)
        entry.url, entry.is_pinned, entry.declared_range = git.url, git.is_pinned, wanted or reference
        entry.qualifiers = {"vcs_url": f"git+{git.url}" + (f"@{reference}" if reference else "")}
    return entry


def cargo_lock(file: File) -> Iterator[Entry]:
    lines = Lines(file.text)
    headers = [lines.at(match.start()) for match in re.finditer(r"^\[\[package\]\]", file.text, re.MULTILINE)]
    data = read_toml(file.text)
    entries = []
    for number, package in enumerate(array(data, "package")):
        if string(package, "name"):
            entries.append(_locked(package, headers[number] if number < len(headers) else 1))
    _name_direct(entries)
    return iter(entries)


def _locked(package: dict[str, Any], line: int) -> Entry:
    name, version, source = (string(package, field) for field in ("name", "version", "source"))
    entry = Entry("cargo", name or "", None, version, line, None, None, "lock", is_pinned=True)
    entry.keys = (f"{name} {version}",)
    needed = (one.partition(" (")[0] for one in array(package, "dependencies") if isinstance(one, str))
    entry.requires = tuple(needed)
    entry.is_local = source is None
    entry.has_integrity = bool(string(package, "checksum"))
    if source and source.startswith("git+"):
        address, _, commit = source.removeprefix("git+").partition("#")
        git = from_git(address.partition("?")[0], commit)
        entry.url, entry.has_integrity = git.url, True
        entry.qualifiers = {"vcs_url": f"git+{git.url}@{commit}"}
    return entry


def _name_direct(entries: list[Entry]) -> None:
    """Give the bare name to the version that the repository's own crates use, or to the only one; say which use it."""
    used: dict[str, list[str]] = {}
    for local in (entry for entry in entries if entry.is_local):
        for one in local.requires:
            used.setdefault(one, []).append(local.name)
    counts: dict[str, int] = {}
    for entry in entries:
        counts[entry.name] = counts.get(entry.name, 0) + 1
    for entry in entries:
        askers = used.get(entry.keys[0], []) + (used.get(entry.name, []) if counts[entry.name] == 1 else [])
        entry.keys += tuple(f"{crate}#{entry.name}" for crate in askers)
        if counts[entry.name] == 1 or askers:
            entry.keys += (entry.name,)
