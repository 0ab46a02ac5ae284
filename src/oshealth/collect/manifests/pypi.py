"""Requirements of Python packages: PEP 508, addresses, and what a name becomes as a key."""

import re

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet

from oshealth.collect.manifests.entry import Entry, Scope, Source, Unreadable
from oshealth.collect.manifests.purls import from_git, without_credentials

_SIMPLE = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[\w\s,.-]*\])?\s*(?:(===?)\s*([\w.!+-]+))?$")
_DEVELOPMENT = re.compile(
    r"(?<![a-z])(dev(elop(ment)?)?s?|tests?|testing|lint(ing|er|ers)?|docs?|documentation|typing|types|mypy|ci|coverage|"
    r"quality|local|format(ting)?|debug|bench(mark)?s?|style|tox|nox)(?![a-z])"
)
_BUILT = re.compile(r"^([A-Za-z0-9._]+?|[A-Za-z0-9._-]+?)-(\d[\w.+!]*?)(?:-.*\.whl|\.tar\.\w+|\.tgz|\.zip|\.whl)$")
_PATH = re.compile(r"^(\.{0,2}/|\.{1,2}(?![\w.])|file:|[\w.-]+/(?!\S*\s*@))")
_VCS = re.compile(r"^(git|hg|svn|bzr)\+")


def key(name: str) -> str:
    """The name by which Python's index compares (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def scope_of(group: str) -> Scope:
    """What a group's or a file's name says: "dev", "test", "docs" are development's."""
    return "development" if _DEVELOPMENT.search(group.lower()) else "runtime"


def entry_of(name: str, declared: str | None, version: str | None = None, source: Source = "manifest") -> Entry:
    return Entry("pypi", name, declared or None, version, source=source, keys=(key(name),))


def from_requirement(text: str, line: int | None = None) -> Entry | None:
    """The entry of one requirement; `None` for a path in the repository itself.

    Raises:
        Unreadable: it is no requirement.
    """
    text = text.strip()
    if simple := _SIMPLE.match(text):
        entry = entry_of(simple[1], f"{simple[2]}{simple[3]}" if simple[2] else None, simple[3])
        entry.line = line
        return entry
    if _PATH.match(text):
        return _from_path(text, line)
    if _VCS.match(text) or re.match(r"^https?://", text):
        return from_address(None, text, line)
    try:
        requirement = Requirement(re.sub(r"\(([^()]*)\)", r"\1", text) if "@" not in text else text)
    except InvalidRequirement:
        raise Unreadable(f"invalid_requirement: line {line}: not understood") from None
    if requirement.url:
        is_path = requirement.url.startswith("file:")
        return _from_path(requirement.url, line) if is_path else from_address(requirement.name, requirement.url, line)
    entry = entry_of(requirement.name, str(requirement.specifier), exact(requirement.specifier))
    entry.line = line
    return entry


def _from_path(path: str, line: int | None) -> Entry | None:
    """An archive that lies in the repository holds a package of its own; a folder is the repository itself."""
    built = _BUILT.match(re.split(r"[#?;\s\[]", path, maxsplit=1)[0].rpartition("/")[2])
    if built is None:
        return None
    entry = entry_of(built[1], None, built[2])
    entry.line = line
    return entry


def exact(specifier: SpecifierSet) -> str | None:
    """The one version that a specifier allows."""
    pins = [one.version for one in specifier if one.operator in {"==", "==="} and not one.version.endswith(".*")]
    return pins[0] if pins else None


def from_address(name: str | None, address: str, line: int | None = None) -> Entry:
    """The entry of a package at a git or download address, named by its fragment where nothing else names it."""
    place, _, fragment = address.partition("#")
    egg = re.search(r"egg=([A-Za-z0-9._-]+)", fragment)
    name = name or (egg[1] if egg else None)
    if _VCS.match(place):
        place, reference = _reference(place)
        git = from_git(place, reference, line=line)
        if name is None:
            return git
        entry = Entry("pypi", name, address, None, line, url=git.url, is_pinned=git.is_pinned, keys=(key(name),))
        entry.qualifiers = {"vcs_url": f"git+{git.url}" + (f"@{reference}" if reference else "")}
        return entry
    url = without_credentials(place)
    filename = url.rpartition("/")[2]
    built = _BUILT.match(filename)
    entry = entry_of(name or (built[1] if built else filename), url, built[2] if built else None)
    entry.line, entry.url, entry.qualifiers = line, url, {"download_url": url}
    entry.has_integrity, entry.is_pinned = "sha256=" in fragment, built is not None
    return entry


def _reference(place: str) -> tuple[str, str | None]:
    head, at, reference = place.rpartition("@")
    return (head, reference) if at and "/" in head.partition("://")[2] else (place, None)
