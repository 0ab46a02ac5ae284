"""pip's requirements and constraints files, and lists of resolved ones such as requirements.lock.

pip-requirements-parser reads from disk only, takes 0.8 s for 3,000 lines and drops the comments in which pip-compile
says who needs a package, so lines are joined here and each requirement is read by `packaging`.
"""

import re
from collections.abc import Iterator

from oshealth.collect.manifests.entry import Entry, File, Scope, Unreadable
from oshealth.collect.manifests.names import which
from oshealth.collect.manifests.purls import url_parts, without_credentials
from oshealth.collect.manifests.pypi import from_requirement, key, scope_of
from oshealth.collect.manifests.syntax import refuse_conflict

_OPTION = re.compile(r"\s--?(hash|global-option|install-option|config-settings?|C)[=\s]")
_INCLUDE = re.compile(r"^(?:-r|--requirement|-c|--constraint)[=\s]*(\S+)$")
_INDEX = re.compile(r"^(?:-i|--index-url|--extra-index-url|-f|--find-links)[=\s]+(\S+)")
_EDITABLE = re.compile(r"^(?:-e|--editable)[=\s]*(.+)$")
_GENERATED = re.compile(r"^#.*(pip-compile|uv pip compile|uv export|pip-tools|poetry export)", re.IGNORECASE)
_VIA = re.compile(r"^\s*#\s*(?:via)?\s+(\S.*)$")


def requirements(file: File) -> Iterator[Entry]:
    """Each requirement; an include is another file of the tree and is read there.

    A constraints file and one that pip-compile wrote resolve what others declare: they are lock files.
    """
    refuse_conflict(file.text)
    is_named_lock = file.path.lower().endswith(".lock")
    is_generated = any(map(_GENERATED.match, file.text.splitlines()[:10]))
    is_lock = is_named_lock or is_generated or "constraint" in file.path.lower()
    scope = None if is_named_lock else scope_of(file.path)
    askers: dict[int, list[str]] = {}
    found: list[Entry] = []
    last: Entry | None = None
    problems: list[str] = []
    is_understood = False
    for line, text, comment in _lines(file.text):
        if not text:
            _note_via(last, comment, askers)
            continue
        try:
            last = _entry(file, text, line)
        except Unreadable as error:
            problems.append(str(error))
            is_understood = is_understood or "missing_include" in problems[-1]
            continue
        is_understood = True
        if last is not None:
            _place(last, scope, is_lock)
            _note_via(last, comment, askers)
            found.append(last)
    _tell_direct(found, askers)
    yield from found
    # A text of which no line is a requirement only has such a name: "requirements-of-the-tender.txt".
    if problems and is_understood:
        raise Unreadable(problems[0])


def _place(entry: Entry, scope: Scope | None, is_lock: bool) -> None:
    if entry.source == "package_source":
        return
    entry.scope = scope
    if is_lock:
        entry.source, entry.is_direct = "lock", None


def _lines(text: str) -> Iterator[tuple[int, str, str]]:
    """Logical lines with the number of their first, comments apart."""
    start = 0
    parts: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not parts:
            start = number
        if line.rstrip().endswith("\\") and not line.lstrip().startswith("#"):
            parts.append(line.rstrip()[:-1])
            continue
        comment = re.search(r"(^|\s)#.*$", line)
        parts.append(line[: comment.start()] if comment else line)
        yield start, "".join(parts).strip(), comment[0] if comment else ""
        parts = []
    if parts:
        yield start, "".join(parts).strip(), ""


def _note_via(entry: Entry | None, comment: str, askers: dict[int, list[str]]) -> None:
    """Keep what a resolver says below a package, or beside it: the packages and files that ask for it."""
    via = _VIA.match(comment)
    if entry is not None and via is not None and entry.source == "lock" and via[1] != "via":
        named = (one.strip() for one in via[1].split(","))
        # A constraint asks for nothing.
        askers.setdefault(id(entry), []).extend(one for one in named if not one.startswith("-c "))


def _tell_direct(entries: list[Entry], askers: dict[int, list[str]]) -> None:
    """Direct is what a file asks for, or a package that is not listed itself: the project's own."""
    names = {key(entry.name) for entry in entries}
    for entry in entries:
        asking = askers.get(id(entry))
        if asking:
            is_listed = (key(re.split(r"[\[:(\s]", one, maxsplit=1)[0]) in names for one in asking)
            entry.is_direct = any(" " in one for one in asking) or not all(is_listed)


def _entry(file: File, text: str, line: int) -> Entry | None:
    if include := _INCLUDE.match(text):
        check_include(file, include[1], line)
        return None
    if index := _INDEX.match(text):
        return package_source(index[1], line)
    if editable := _EDITABLE.match(text):
        text = editable[1].partition(" --")[0]
    elif text.startswith("-"):
        return None
    requirement = _OPTION.split(text, maxsplit=1)[0]
    entry = from_requirement(requirement, line)
    if entry is not None and "--hash" in text:
        entry.has_integrity = True
    return entry


def check_include(file: File, target: str, line: int) -> None:
    """Make sure that a list which is named here is read there.

    Raises:
        Unreadable: it is not.
    """
    path = file.beside(target) if "://" not in target else None
    if path is None:
        raise Unreadable(f"missing_include: line {line}: outside the repository")
    if path not in file.others and which(path) is None:
        raise Unreadable(f"missing_include: line {line}: not a name that requirements have")
    if path not in file.others:
        raise Unreadable(f"missing_include: line {line}: no such file")


def package_source(address: str, line: int | None) -> Entry | None:
    """Where packages are fetched from instead of the ecosystem's own index."""
    url = without_credentials(address)
    host = url_parts(url).netloc
    # The ecosystem's own index, named though it need not be, is no other source.
    if not host or "$" in host or host.startswith(("pypi.", "rubygems.")):
        return None
    entry = Entry("generic", host, None, None, line, "build", source="package_source", url=url, is_pinned=False)
    entry.qualifiers = {"download_url": url}
    return entry
