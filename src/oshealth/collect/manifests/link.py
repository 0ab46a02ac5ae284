"""What only several files together say: which manifest entry a lock file resolves, what is direct, what is for whom."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from oshealth.collect.manifests.entry import Entry, Scope

# Lock files of these govern the manifests of the folders below too: workspaces.
_WORKSPACES = {"npm", "cargo", "pypi", "gem"}
# Below the lock files of these a bare name may be another project's.
_BY_FOLDER = {"npm", "gem"}
ByKey = dict[str, list[Entry]]
_SCOPES: tuple[Scope, ...] = ("runtime", "build", "development")


def link(files: Mapping[str, list[Entry]]) -> None:
    """Complete the entries of all files in place."""
    locks: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path, entries in files.items():
        for ecosystem in {entry.ecosystem for entry in entries if entry.source == "lock" and entry.keys}:
            locks[ecosystem, posixpath.dirname(path)].append(path)
    for (ecosystem, folder), paths in locks.items():
        manifests = [
            _asked(entry, posixpath.relpath(posixpath.dirname(path) or ".", folder or "."))
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
    is_below: bool = False
    """Whether it stands in a folder below the lock file's: a bare name may then be another project's."""

    def is_own(self, key: str) -> bool:
        """Whether what a lock file knows by this key as a part of the repository is surely what was asked for."""
        return not self.is_below or "#" in key or "@" in key[1:]


def _asked(entry: Entry, folder: str) -> Asked:
    keys = entry.keys or (entry.name,)
    if folder != "." and entry.ecosystem in _BY_FOLDER:
        # Only the exact range, or the part of the repository that the lock file knows by its folder.
        keys = (*keys[:-1], f"{folder}#{keys[-1]}")
    return Asked(entry, keys, folder != ".")


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
    by_key: ByKey = defaultdict(list)
    for entry in locked:
        for key in entry.keys:
            by_key[key].append(entry)
    roots: dict[Scope | None, list[Entry]] = defaultdict(list)
    for asked in manifests:
        key = next((key for key in asked.keys if key in by_key), "")
        # What the lock file knows as a part of the repository itself is no dependency of it.
        if key and asked.is_own(key) and all(entry.is_local for entry in by_key[key]):
            asked.entry.is_local = True
        found = [entry for entry in by_key.get(key, []) if not entry.is_local]
        if found:
            _resolve(asked.entry, found)
            roots[asked.entry.scope] += found
    spread(roots, by_key)
    _match_twins(locked)
    is_known = bool(manifests) or _tell_direct(locked, by_key)
    for entry in locked:
        if entry.is_direct is None and is_known:
            entry.is_direct = False


def _match_twins(locked: list[Entry]) -> None:
    """What nothing asks for may be the original of a patched package: it serves as that one does."""
    scopes = {(entry.name, entry.version): entry.scope for entry in locked if entry.scope}
    for entry in locked:
        entry.scope = entry.scope or scopes.get((entry.name, entry.version))


def _tell_direct(locked: list[Entry], by_key: ByKey) -> bool:
    """Without manifests: what the repository's own packages ask for in the lock file is direct."""
    own = [entry for entry in locked if entry.is_local]
    for key in {key for entry in own for key in entry.requires}:
        for entry in by_key.get(key, []):
            entry.is_direct = True
    return bool(own)


def _resolve(manifest: Entry, found: list[Entry]) -> None:
    """What was asked for is what was found; of several versions, for several platforms, none is the manifest's own."""
    found = _fitting(manifest.declared_range, found)
    first = found[0]
    if manifest.version is None or not manifest.is_pinned:
        manifest.is_pinned = all(one.version is not None if one.is_pinned is None else one.is_pinned for one in found)
        if len({entry.version for entry in found}) == 1:
            manifest.name, manifest.version = first.name, first.version
            manifest.qualifiers = {k: v for k, v in first.qualifiers.items() if k != "platform"}
    manifest.has_integrity = manifest.has_integrity or all(entry.has_integrity for entry in found)
    for entry in found:
        entry.is_direct = True
        entry.declared_range = entry.declared_range or (manifest.declared_range if len(found) == 1 else None)


def _fitting(wanted: str | None, found: list[Entry]) -> list[Entry]:
    """Those whose version begins as the range does, where some do: "0.8" is 0.8.5 and not 0.7.3."""
    prefix = re.match(r"^[\^~=v\s]*(\d[\d.]*)$", wanted or "")
    fitting = [one for one in found if prefix and f"{one.version}.".startswith(f"{prefix[1]}.")]
    return fitting or found


def spread(roots: Mapping[Scope | None, list[Entry]], by_key: ByKey) -> None:
    """Hand each scope on along what is required; the first of runtime, build, development wins."""
    reached: set[int] = set()
    for scope in _SCOPES:
        waiting = [entry for entry in roots.get(scope, []) if id(entry) not in reached]
        reached.update(map(id, waiting))
        while waiting:
            entry = waiting.pop()
            entry.scope = entry.scope or scope
            needed = [one for key in entry.requires for one in by_key.get(key, []) if id(one) not in reached]
            reached.update(map(id, needed))
            waiting += needed
