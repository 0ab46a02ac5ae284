"""What a parser yields: one dependency as one file names it, before it becomes a row."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Source = Literal[
    "manifest",
    "lock",
    "dockerfile",
    "compose",
    "workflow",
    "script",
    "page",
    "vendored",
    "submodule",
    "package_source",
]
"""What kind of file says so; `package_source` is a maker's own package repository that a script adds."""

Scope = Literal["runtime", "development", "build"]


class Unreadable(ValueError):  # noqa: N818 - the name says what happened
    """A file cannot be read; the message is the reason: a short key, and after ": " what exactly."""


# Not frozen: linking fills in what only other files know, for thousands of entries.
@dataclass(slots=True)
class Entry:
    """One dependency in one file."""

    ecosystem: str
    name: str
    declared_range: str | None = None
    version: str | None = None
    line: int | None = None
    scope: Scope | None = "runtime"  # None: linking finds out
    is_direct: bool | None = True
    source: Source = "manifest"
    is_pinned: bool | None = None  # None: exactly when the version is known
    has_integrity: bool = False
    is_optional: bool = False
    licence: str | None = None
    url: str | None = None
    qualifiers: dict[str, str] = field(default_factory=dict)
    subpath: str | None = None
    keys: tuple[str, ...] = ()  # by which manifests and other entries of the lock file ask for it
    requires: tuple[str, ...] = ()  # the keys that it asks for
    is_local: bool = False  # a package of this repository itself: it becomes no row


@dataclass(frozen=True, slots=True)
class File:
    """One file to read, among all others of the tree, which includes and parents are looked up in."""

    path: str
    text: str
    others: Mapping[str, str] = field(default_factory=dict)
    shared: dict[str, Any] = field(default_factory=dict)  # what a parser keeps for the other files of its kind

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.path)

    def beside(self, relative: str) -> str | None:
        """The path of a file named relative to this one; `None` where it leaves the repository."""
        path = posixpath.normpath(posixpath.join(self.folder, relative.replace("\\", "/")))
        return None if path.startswith(("../", "/")) or path == ".." else path

    def text_of(self, relative: str) -> str | None:
        path = self.beside(relative)
        return None if path is None else self.others.get(path)
