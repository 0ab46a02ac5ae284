"""`go.mod` and `go.sum`."""

import re
from collections.abc import Iterator

from oshealth.collect.manifests.entry import Entry, File
from oshealth.collect.manifests.syntax import refuse_conflict

_REQUIRE = re.compile(r'^"?([^\s"]+)"?\s+(v\S+)$')
_REPLACE = re.compile(r'^"?([^\s"]+)"?(?:\s+(v\S+))?\s*=>\s*"?([^\s"]+)"?(?:\s+(v\S+))?$')
_GO = re.compile(r"^go\s+1\.(\d+)", re.MULTILINE)
FULL_GRAPH = 17
"""Since Go 1.17 `go.mod` names every module that is built; before, only `go.sum` gives a hint."""


def go_mod(file: File) -> Iterator[Entry]:
    refuse_conflict(file.text)
    directives = list(_directives(file.text))
    replaced = {}
    for directive, text, _, _ in directives:
        if directive == "replace" and (match := _REPLACE.match(text)):
            replaced[match[1], match[2]] = (match[3], match[4])
    summed = set(_sums(file.text_of("go.sum") or ""))
    for directive, text, comment, line in directives:
        required = _REQUIRE.match(text) if directive == "require" else None
        if required is None:
            continue
        name, version = required[1], required[2]
        target = replaced.get((name, version)) or replaced.get((name, None)) or (name, version)
        if target[0].startswith((".", "/")):
            continue
        entry = Entry("golang", target[0], version, target[1] or version, line, is_pinned=True)
        entry.is_direct = "indirect" not in comment
        entry.has_integrity = (entry.name, entry.version or "") in summed
        yield entry


def _directives(text: str) -> Iterator[tuple[str, str, str, int]]:
    """Directive, its text, its comment and its line; blocks are taken apart."""
    block = ""
    for number, line in enumerate(text.splitlines(), start=1):
        content, _, comment = line.partition("//")
        content = content.strip()
        if content == ")":
            block = ""
        elif opening := re.match(r"^(\w+)\s*\($", content):
            block = opening[1]
        elif content and block:
            yield block, content, comment, number
        elif content:
            directive, _, rest = content.partition(" ")
            yield directive, rest.strip(), comment, number


def _sums(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        parts = line.split()
        if len(parts) == 3 and not parts[1].endswith("/go.mod"):
            yield parts[0], parts[1]


def go_sum(file: File) -> Iterator[Entry]:
    """What `go.mod` does not name, where it is older than Go 1.17 or missing."""
    refuse_conflict(file.text)
    manifest = file.text_of("go.mod") or ""
    since = _GO.search(manifest)
    if since and int(since[1]) >= FULL_GRAPH:
        return
    named = {entry.name for entry in go_mod(File("go.mod", manifest))}
    newest: dict[str, tuple[str, int]] = {}
    for number, line in enumerate(file.text.splitlines(), start=1):
        for name, version in _sums(line):
            if name not in newest or _order(version) > _order(newest[name][0]):
                newest[name] = version, number
    for name, (version, number) in newest.items():
        if name not in named:
            yield Entry(
                "golang",
                name,
                None,
                version,
                number,
                is_direct=False,
                source="lock",
                is_pinned=True,
                has_integrity=True,
            )


def _order(version: str) -> tuple[tuple[int, ...], bool, str]:
    """Newer versions are greater; a pre-release is less than its release."""
    number, _, rest = version.removeprefix("v").removesuffix("+incompatible").partition("-")
    return tuple(int(part) for part in number.split(".") if part.isdigit() and len(part) < 10), not rest, rest
