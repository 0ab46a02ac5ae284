"""`pyproject.toml`: PEP 621, PEP 735, PEP 518, Poetry, PDM, uv, Hatch and Flit."""

import re
from collections.abc import Iterator
from typing import Any

from oshealth.collect.manifests.entry import Entry, File, Scope, Unreadable
from oshealth.collect.manifests.pypi import entry_of, from_address, from_requirement, key, scope_of
from oshealth.collect.manifests.requirements import check_include
from oshealth.collect.manifests.syntax import array, read_toml, string, table
from oshealth.toml_lines import TomlLines

Where = tuple[str, ...]


def pyproject(file: File) -> Iterator[Entry]:
    data = read_toml(file.text)
    place = _Places(file.text)
    sources = table(data, "tool", "uv", "sources")
    own = key(string(data, "project", "name") or "")
    problems: list[str] = []
    for where, texts, scope, is_optional in _lists(data):
        for text in texts:
            if not isinstance(text, str):
                continue
            try:
                entry = from_requirement(text, place.of(where, text))
            except Unreadable as error:
                problems.append(str(error))
                continue
            # "desk[maps]" among the extras of desk names its own.
            if entry is not None and key(entry.name) != own and (entry := _redirected(entry, sources)):
                entry.scope, entry.is_optional = scope, is_optional
                yield entry
    yield from _poetry(table(data, "tool", "poetry"), place)
    problems += _unread_lists(file, table(data, "tool", "setuptools", "dynamic"), place)
    if problems:
        raise Unreadable(problems[0])


class _Places:
    """Lines of requirements in arrays: at the array's key or after it."""

    def __init__(self, text: str) -> None:
        self._keys = TomlLines(text)
        self._lines = text.splitlines()

    def of(self, where: Where, text: str) -> int:
        first = self._keys.of(where)
        found = (number for number in range(first, len(self._lines) + 1) if text in self._lines[number - 1])
        return next(found, first)


def _lists(data: dict[str, Any]) -> Iterator[tuple[Where, list[Any], Scope, bool]]:
    """Every array of PEP 508 requirements: where it stands, the requirements, for what, and whether optional."""
    yield ("build-system", "requires"), array(data, "build-system", "requires"), "build", False
    yield ("project", "dependencies"), array(data, "project", "dependencies"), "runtime", False
    for extra, texts in table(data, "project", "optional-dependencies").items():
        yield ("project", "optional-dependencies", extra), _list(texts), scope_of(extra), True
    for group, texts in table(data, "dependency-groups").items():
        yield ("dependency-groups", group), _list(texts), "development", False
    uv = ("tool", "uv", "dev-dependencies")
    yield uv, array(data, *uv), "development", False
    for group, texts in table(data, "tool", "pdm", "dev-dependencies").items():
        yield ("tool", "pdm", "dev-dependencies", group), _list(texts), "development", False
    for name, environment in table(data, "tool", "hatch", "envs").items():
        for field in ("dependencies", "extra-dependencies"):
            yield ("tool", "hatch", "envs", name, field), array(environment, field), "development", False
    flit = ("tool", "flit", "metadata", "requires")
    yield flit, array(data, *flit), "runtime", False


def _unread_lists(file: File, dynamic: dict[str, Any], place: _Places) -> Iterator[str]:
    """The lists in other files that setuptools is told to take, so far as they are not read there."""
    where: Where = ("tool", "setuptools", "dynamic")
    extras = table(dynamic, "optional-dependencies")
    for one in (dynamic.get("dependencies"), *extras.values()):
        named = table(one).get("file")
        for path in [named] if isinstance(named, str) else _list(named):
            try:
                check_include(file, str(path), place.of(where, str(path)))
            except Unreadable as error:
                yield str(error)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _redirected(entry: Entry, sources: dict[str, Any]) -> Entry | None:
    """What `tool.uv.sources` says of a requirement: another place, or the workspace itself (`None`)."""
    source = table(sources, entry.name)
    if "path" in source or source.get("workspace") is True:
        return None
    if git := string(source, "git"):
        reference = string(source, "rev") or string(source, "tag") or string(source, "branch")
        moved = from_address(entry.name, f"git+{git}" + (f"@{reference}" if reference else ""), entry.line)
        moved.declared_range = entry.declared_range
        return moved
    return entry


def _poetry(poetry: dict[str, Any], place: _Places) -> Iterator[Entry]:
    root: Where = ("tool", "poetry")
    yield from _poetry_table(table(poetry, "dependencies"), (*root, "dependencies"), "runtime", place)
    yield from _poetry_table(table(poetry, "dev-dependencies"), (*root, "dev-dependencies"), "development", place)
    for group in table(poetry, "group"):
        where = (*root, "group", group, "dependencies")
        scope: Scope = "runtime" if group == "main" else "development"
        yield from _poetry_table(table(poetry, "group", group, "dependencies"), where, scope, place)


def _poetry_table(wanted: dict[str, Any], where: Where, scope: Scope, place: _Places) -> Iterator[Entry]:
    for name, value in wanted.items():
        if name.lower() == "python":
            continue
        # One package may have several constraints, one for each marker.
        for one in value if isinstance(value, list) else [value]:
            if entry := from_table(name, one):
                entry.line, entry.scope = place.of((*where, name), name), scope
                entry.is_optional = table(one).get("optional") is True
                yield entry


def from_table(name: str, value: Any) -> Entry | None:
    """A dependency as Poetry and Pipenv write it: a range, or a table; `None` for a path of the repository."""
    if isinstance(value, str):
        return _ranged(name, value)
    if string(value, "path"):
        return None
    if git := string(value, "git"):
        reference = next(filter(None, (string(value, field) for field in ("rev", "ref", "tag", "branch"))), None)
        entry = from_address(name, f"git+{git.removeprefix('git+')}" + (f"@{reference}" if reference else ""))
    elif url := string(value, "url") or string(value, "file"):
        entry = from_address(name, url)
    else:
        entry = _ranged(name, string(value, "version") or "*")
    return entry


def _ranged(name: str, wanted: str) -> Entry:
    exact = re.match(r"^(?:===?)?\s*v?(\d+(?:\.\d+)*(?:[\w.+-]*))$", wanted.strip())
    return entry_of(name, None if wanted in {"", "*"} else wanted, exact[1] if exact else None)
