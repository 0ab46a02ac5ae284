"""What only several files together say: which manifest entry a lock file resolves, what is direct, what is for whom."""

import posixpath
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from oshealth.collect.manifests.entry import Entry, Scope

# Lock files of these govern the manifests of the folders below too: workspaces.
_WORKSPACES = {"npm", "cargo", "pypi"}
_SCOPES: tuple[Scope, ...] = ("runtime", "build", "development")


def link(files: Mapping[str, list[Entry]]) -> None:
    """Complete the entries of all files in place."""
    locks: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path, entries in files.items():
        for ecosystem in {entry.ecosystem for entry in entries if entry.source == "lock" and entry.keys}:
            locks[ecosystem, posixpath.dirname(path)].append(path)
    for (ecosystem, folder), paths in locks.items():
        manifests = [
            Asked(entry, _keys(entry, posixpath.relpath(posixpath.dirname(path) or ".", folder or ".")))
            for path, entries in files.items()
            if _governs(folder, posixpath.dirname(path), ecosystem, locks)
            for entry in entries
            if entry.source == "manifest" and entry.ecosystem == ecosystem
        ]
        for path in paths:
            link_lock([entry for entry in files[path] if entry.keys], manifests)


@dataclass(frozen=True, slots=True)
class Asked:
    """A manifest's entry, and the keys under which a lock file may know it, the surest first."""

    entry: Entry
    keys: tuple[str, ...]


def _keys(entry: Entry, folder: str) -> tuple[str, ...]:
    keys = entry.keys or (entry.name,)
    if folder == "." or entry.ecosystem != "npm":
        return keys
    # Below npm's lock file a bare name may be another project's: only the exact range, or the workspace's own.
    return (*keys[:-1], f"{folder}#{keys[-1]}")


def _governs(folder: str, other: str, ecosystem: str, locks: Mapping[tuple[str, str], list[str]]) -> bool:
    """Whether the lock file's folder is the nearest one with a lock file, from the manifest's folder upwards."""
    if ecosystem not in _WORKSPACES:
        return folder == other
    while other != folder:
        if not other or (ecosystem, other) in locks:
            return False
        other = posixpath.dirname(other)
    return True


def link_lock(locked: list[Entry], manifests: list[Asked]) -> None:
    """Resolve manifest entries by the lock file's keys, and tell the lock file's entries who needs them."""
    by_key: dict[str, Entry] = {}
    for entry in locked:
        for key in entry.keys:
            by_key.setdefault(key, entry)
    roots: dict[Scope | None, list[Entry]] = defaultdict(list)
    for asked in manifests:
        found = next((by_key[key] for key in asked.keys if key in by_key), None)
        if found is not None and not found.is_local:
            _resolve(asked.entry, found)
            roots[asked.entry.scope].append(found)
    spread(roots, by_key)
    is_known = bool(manifests) or _tell_direct(locked, by_key)
    for entry in locked:
        if entry.is_direct is None and is_known:
            entry.is_direct = False


def _tell_direct(locked: list[Entry], by_key: Mapping[str, Entry]) -> bool:
    """Without manifests: what the repository's own packages ask for in the lock file is direct."""
    own = [entry for entry in locked if entry.is_local]
    for key in {key for entry in own for key in entry.requires}:
        if key in by_key:
            by_key[key].is_direct = True
    return bool(own)


def _resolve(manifest: Entry, found: Entry) -> None:
    if manifest.version is None or not manifest.is_pinned:
        manifest.name, manifest.version, manifest.qualifiers = found.name, found.version, found.qualifiers
        manifest.is_pinned = found.is_pinned
    manifest.has_integrity = manifest.has_integrity or found.has_integrity
    found.is_direct = True
    found.declared_range = found.declared_range or manifest.declared_range


def spread(roots: Mapping[Scope | None, list[Entry]], by_key: Mapping[str, Entry]) -> None:
    """Hand each scope on along what is required; the first of runtime, build, development wins."""
    reached: set[int] = set()
    for scope in _SCOPES:
        waiting = [entry for entry in roots.get(scope, []) if id(entry) not in reached]
        reached.update(map(id, waiting))
        while waiting:
            entry = waiting.pop()
            entry.scope = entry.scope or scope
            for key in entry.requires:
                needed = by_key.get(key)
                if needed is not None and id(needed) not in reached:
                    reached.add(id(needed))
                    waiting.append(needed)
