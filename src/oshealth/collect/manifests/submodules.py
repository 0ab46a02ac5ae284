"""`.gitmodules`: repositories within this one. Their commits stand in the tree, and `COMMITS` tells them."""

import posixpath
import re
from collections.abc import Iterator

from oshealth.collect.manifests.entry import Entry, File
from oshealth.collect.manifests.purls import from_git
from oshealth.collect.manifests.syntax import refuse_conflict

_SECTION = re.compile(r'^\s*\[submodule\s+"((?:[^"\\]|\\.)*)"\s*\]')
_FIELD = re.compile(r"^\s*(path|url|branch)\s*=\s*(.*?)\s*$")


COMMITS = "submodule commits"
"""Under this name `File.shared` holds the commits of the tree's submodules by their paths, as far as they are known."""


def gitmodules(file: File) -> Iterator[Entry]:
    refuse_conflict(file.text)
    sections: list[tuple[int, str, dict[str, str]]] = []
    for number, line in enumerate(file.text.splitlines(), start=1):
        if section := _SECTION.match(line):
            sections.append((number, section[1], {}))
        elif sections and (field := _FIELD.match(line)):
            sections[-1][2][field[1]] = field[2].strip('"')
    for number, name, fields in sections:
        if address := fields.get("url"):
            path = posixpath.normpath(posixpath.join(file.folder, fields.get("path", name)))
            commit = file.shared.get(COMMITS, {}).get(path)
            yield _submodule(name, address, fields.get("branch"), commit, number)


def _submodule(name: str, address: str, branch: str | None, commit: str | None, line: int) -> Entry:
    if address.startswith(("./", "../")):
        # Relative to wherever this repository was cloned from.
        target = address.rstrip("/").rpartition("/")[2].removesuffix(".git")
        entry = Entry("generic", target or name, None, commit, line=line, source="submodule")
    else:
        entry = from_git(address, commit, source="submodule", line=line)
    entry.declared_range, entry.is_pinned, entry.has_integrity = branch, True, commit is not None
    return entry
