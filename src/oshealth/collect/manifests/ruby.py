"""`Gemfile` and `*.gemspec`: Ruby programs, read line by line as syntax and never run."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from oshealth.collect.manifests.entry import Entry, File, Scope, Unreadable
from oshealth.collect.manifests.purls import from_git
from oshealth.collect.manifests.requirements import package_source
from oshealth.collect.manifests.ruby_lines import BLOCK, OPENS, statements
from oshealth.collect.manifests.syntax import refuse_conflict

_STRING = r"""(?:"([^"#]*)"|'([^']*)'|%q<([^>]*)>)"""
_GEM = re.compile(rf"^\s*gem[\s(]+{_STRING}(.*)$")
# A call whose gem is named by a variable, or in part.
_VARIABLE = r"""(?:[A-Za-z_@*]|["'][^"']*#\{)"""
_COMPUTED = re.compile(rf"^\s*gem[\s(]+{_VARIABLE}|\.\s*add_(?:\w+_)?dependency[\s(]+{_VARIABLE}")
_ARGUMENT = re.compile(rf"^\s*,\s*(?:\[\s*)?{_STRING}(?:\.freeze)?\s*\]?")
_OPTION = re.compile(rf"(?::(\w+)\s*=>|\b(\w+):)\s*(?:{_STRING}|:(\w+)|\[([^\]]*)\])")
_WORD = re.compile(r""":(\w+)|["'](\w+)["']""")
_SPEC = re.compile(
    rf"\.\s*add_(?:(development|runtime)_)?dependency[\s(]+{_STRING}(?:\.freeze)?((?:\s*,\s*\[?\s*{_STRING}(?:\.freeze)?)*)"
)
_NAMED = re.compile(rf"^[ \t]*\w+\.name[ \t]*=[ \t]*{_STRING}", re.MULTILINE)
_EACH = re.compile(_STRING)
_DEVELOPMENT = {
    "development",
    "test",
    "lint",
    "linting",
    "docs",
    "doc",
    "ci",
    "profiling",
    "benchmark",
    "debug",
    "tools",
}


@dataclass(frozen=True, slots=True)
class _Block:
    """What an enclosing `group`, `git`, `path` … says of the gems within."""

    groups: tuple[str, ...] = ()
    options: dict[str, str] = field(default_factory=dict)


def gemfile(file: File) -> Iterator[Entry]:
    refuse_conflict(file.text)
    blocks: list[_Block] = []
    computed: list[int] = []
    for line, text in statements(file.text):
        if match := re.match(rf"^\s*source[\s(]+{_STRING}", text):
            entry = package_source(_first(match.groups()), line)
            if entry is not None:
                yield entry
        if gem := _GEM.match(text):
            found = _gem(_first(gem.groups()[:3]), gem[4], blocks)
            if found is not None:
                found.line = line
                yield found
        elif _COMPUTED.match(text):
            computed.append(line)
        if BLOCK.search(text):
            blocks.append(_block(text))
        elif OPENS.match(text) and not re.search(r"\bend\s*$", text):
            blocks.append(_Block())
        elif re.match(r"^\s*end\b", text) and blocks:
            blocks.pop()
    _refuse(file, computed)


def _refuse(file: File, computed: list[int]) -> None:
    """Say that gems are named when the program runs, unless a lock file tells which they are."""
    if computed and not any(file.beside(name) in file.others for name in _LOCKS):
        raise Unreadable(f"computed: line {computed[0]}: a gem is named when it runs")


_LOCKS = ("Gemfile.lock", "gems.locked")


def _first(groups: tuple[str | None, ...]) -> str:
    return next((group for group in groups if group), "")


def _block(text: str) -> _Block:
    kind = (re.match(r"^\s*(\w+)", text) or ["", ""])[1]
    if kind == "group":
        return _Block(tuple(_first(word) for word in _WORD.findall(text)))
    if kind in {"git", "path", "github"} and (address := _EACH.search(text)):
        return _Block(options={**_options(text), kind: _first(address.groups())})
    return _Block()


def _options(text: str) -> dict[str, str]:
    return {_first(match.groups()[:2]): _first(match.groups()[2:]) for match in _OPTION.finditer(text)}


def _gem(name: str, rest: str, blocks: list[_Block]) -> Entry | None:
    ranges = []
    while argument := _ARGUMENT.match(rest):
        ranges.append(_first(argument.groups()))
        rest = rest[argument.end() :]
    options = _options(rest)
    for block in reversed(blocks):
        options = {**block.options, **options}
    groups = {group for block in blocks for group in block.groups}
    groups |= set(re.findall(r"\w+", f"{options.get('group', '')} {options.get('groups', '')}"))
    if "path" in options:
        return None
    entry = _from_options(name, options)
    entry.declared_range = ", ".join(ranges) or entry.declared_range
    exact = re.match(r"^=?\s*(\d[\w.]*)$", ranges[0]) if len(ranges) == 1 else None
    if exact:
        entry.version, entry.is_pinned = exact[1], True
    entry.scope = "development" if groups and groups <= _DEVELOPMENT else "runtime"
    return entry


def _from_options(name: str, options: dict[str, str]) -> Entry:
    entry = Entry("gem", name, keys=(name,))
    address = options.get("git") or (f"github:{options['github']}" if options.get("github") else None)
    if address:
        reference = options.get("ref") or options.get("tag") or options.get("branch")
        git = from_git(address, reference)
        entry.url, entry.is_pinned, entry.declared_range = git.url, git.is_pinned, reference
        entry.qualifiers = {"vcs_url": f"git+{git.url}" + (f"@{reference}" if reference else "")}
    return entry


def gemspec(file: File) -> Iterator[Entry]:
    refuse_conflict(file.text)
    named = _NAMED.search(file.text)
    own = _first(named.groups()) if named else posixpath.basename(file.path).removesuffix(".gemspec")
    computed: list[int] = []
    for line, text in statements(file.text):
        if _COMPUTED.search(text):
            computed.append(line)
        elif spec := _SPEC.search(text):
            entry = Entry("gem", _first(spec.groups()[1:4]), line=line)
            entry.keys = (f"{own}#{entry.name}", f"local#{entry.name}", entry.name)
            entry.declared_range = ", ".join(_first(one) for one in _EACH.findall(spec[5] or "")) or None
            scope: Scope = "development" if spec[1] == "development" else "runtime"
            entry.scope = scope
            yield entry
    _refuse(file, computed)
