"""`poetry.lock`, `uv.lock`, `pdm.lock` and `pylock.toml`."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from oshealth.collect.manifests.entry import Entry, File, Scope
from oshealth.collect.manifests.link import ByKey, spread
from oshealth.collect.manifests.purls import from_git, without_credentials
from oshealth.collect.manifests.pypi import key, scope_of
from oshealth.collect.manifests.syntax import Lines, array, read_toml, string, table

_FILES = re.compile(r"^((?:wheels|files) = \[\n[ \t]+\{[^\n]*\n)((?:[ \t]+\{[^\n]*\n)+)(?=\])", re.MULTILINE)
_HEADER = re.compile(r"^\[\[packages?\]\]", re.MULTILINE)
_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")


def poetry_lock(file: File) -> Iterator[Entry]:
    for package, line in _packages(file, "package"):
        source = table(package, "source")
        if string(source, "type") in {"directory", "file"}:
            continue
        entry = _entry(package, line)
        entry.scope = _poetry_scope(package)
        entry.requires = tuple(map(key, table(package, "dependencies")))
        entry.is_optional = package.get("optional") is True
        if string(source, "type") == "git":
            _from_git(entry, string(source, "url"), string(source, "resolved_reference"))
        elif string(source, "type") == "url":
            _from_url(entry, string(source, "url"))
        yield entry


def _poetry_scope(package: dict[str, Any]) -> Scope | None:
    """Up to 1.4 a category, from 2.0 groups; between them the file does not tell."""
    if category := string(package, "category"):
        return "runtime" if category == "main" else "development"
    groups = array(package, "groups")
    return ("runtime" if "main" in groups else "development") if groups else None


def uv_lock(file: File) -> Iterator[Entry]:
    entries: list[Entry] = []
    by_key: ByKey = defaultdict(list)
    roots: dict[Scope | None, list[str]] = defaultdict(list)
    for package, line in _packages(file, "package"):
        source = table(package, "source")
        entry = _entry(package, line)
        entry.keys = (f"{key(entry.name)}=={entry.version}", key(entry.name))
        extras = table(package, "optional-dependencies")
        entry.requires = tuple(map(_uv_key, [*array(package, "dependencies"), *_flat(extras)]))
        entry.is_local = bool(source.keys() & {"editable", "virtual", "directory"})
        if entry.is_local:
            roots["runtime"] += map(_uv_key, array(package, "dependencies"))
            for extra, needed in extras.items():
                roots[scope_of(extra)] += map(_uv_key, needed if isinstance(needed, list) else [])
            roots["development"] += map(_uv_key, _flat(table(package, "dev-dependencies")))
        elif git := string(source, "git"):
            _from_git(entry, git.partition("?")[0].partition("#")[0], git.partition("#")[2])
        elif url := string(source, "url"):
            _from_url(entry, url)
        entries.append(entry)
        for one in entry.keys:
            by_key[one].append(entry)
    direct = {scope: [entry for one in keys for entry in by_key.get(one, [])] for scope, keys in roots.items()}
    for found in direct.values():
        for entry in found:
            entry.is_direct = True
    spread(direct, by_key)
    yield from entries


def _uv_key(dependency: Any) -> str:
    name, version = string(dependency, "name") or "", string(dependency, "version")
    return f"{key(name)}=={version}" if version else key(name)


def _flat(groups: dict[str, Any]) -> list[Any]:
    return [one for group in groups.values() if isinstance(group, list) for one in group]


def pdm_lock(file: File) -> Iterator[Entry]:
    seen: dict[tuple[str, str | None], Entry] = {}
    for package, line in _packages(file, "package"):
        if string(package, "path"):
            continue
        entry = _entry(package, line)
        entry.scope = _pdm_scope(package)
        names = (_NAME.match(text) for text in array(package, "dependencies") if isinstance(text, str))
        entry.requires = tuple(key(name[0]) for name in names if name)
        if git := string(package, "git"):
            _from_git(entry, git, string(package, "revision"))
        elif url := string(package, "url"):
            _from_url(entry, url)
        # A package with extras stands there once more, with what they need.
        first = seen.setdefault((key(entry.name), entry.version), entry)
        if first is not entry:
            first.requires += entry.requires
    yield from seen.values()


def _pdm_scope(package: dict[str, Any]) -> Scope | None:
    """Groups are of development or of extras: only their names tell, or the manifest does."""
    groups = [group for group in array(package, "groups") if isinstance(group, str)]
    is_development = groups and all(scope_of(group) == "development" for group in groups)
    return "runtime" if "default" in groups else "development" if is_development else None


def pylock(file: File) -> Iterator[Entry]:
    for package, line in _packages(file, "packages"):
        if table(package, "directory"):
            continue
        entry = _entry(package, line)
        entry.requires = tuple(key(string(one, "name") or "") for one in array(package, "dependencies"))
        if table(package, "vcs"):
            _from_git(entry, string(package, "vcs", "url"), string(package, "vcs", "commit-id"))
        elif table(package, "archive"):
            _from_url(entry, string(package, "archive", "url"))
        yield entry


def _packages(file: File, name: str) -> Iterator[tuple[dict[str, Any], int]]:
    """The packages with their lines. Of each list of files only the first is read: it says that there are hashes."""
    text = _FILES.sub(lambda match: match[1] + "\n" * match[2].count("\n"), file.text)
    lines = Lines(text)
    headers = [lines.at(match.start()) for match in _HEADER.finditer(text)]
    for number, package in enumerate(array(read_toml(text), name)):
        if isinstance(package, dict) and string(package, "name"):
            yield package, headers[number] if number < len(headers) else 1


def _entry(package: dict[str, Any], line: int) -> Entry:
    name, version = string(package, "name") or "", string(package, "version")
    entry = Entry("pypi", name, None, version, line, None, None, "lock", is_pinned=True, keys=(key(name),))
    files = [*array(package, "files"), *array(package, "wheels"), package.get("sdist"), package.get("archive")]
    entry.has_integrity = any(table(one).keys() & {"hash", "hashes"} for one in files)
    return entry


def _from_git(entry: Entry, address: str | None, commit: str | None) -> None:
    if address:
        git = from_git(address, commit)
        entry.url, entry.qualifiers = git.url, {"vcs_url": f"git+{git.url}" + (f"@{commit}" if commit else "")}
        entry.has_integrity = git.is_pinned is True


def _from_url(entry: Entry, address: str | None) -> None:
    if address:
        entry.url = without_credentials(address)
        entry.qualifiers = {"download_url": entry.url}
