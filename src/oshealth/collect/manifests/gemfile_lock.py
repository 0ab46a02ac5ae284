"""`Gemfile.lock` and `gems.locked`."""

import re
from collections.abc import Iterator

from oshealth.collect.manifests.entry import Entry, File
from oshealth.collect.manifests.purls import from_git
from oshealth.collect.manifests.syntax import refuse_conflict

_LINE = re.compile(r"^( *)([^\s(:!]+)(?: \(([^)]*)\))?(!)?(?: (\S.*))?$")
_FIELD = re.compile(r"^  (remote|revision|branch|tag|ref): (.*)$")


def gemfile_lock(file: File) -> Iterator[Entry]:
    refuse_conflict(file.text)
    gems: list[Entry] = []
    direct: dict[str, str | None] = {}
    summed: set[str] = set()
    section = ""
    fields: dict[str, str] = {}
    for number, line in enumerate(file.text.splitlines(), start=1):
        if line and not line.startswith(" "):
            section, fields = line.strip(), {}
        elif field := _FIELD.match(line):
            fields[field[1]] = field[2]
        elif (gem := _LINE.match(line)) and section in {"GEM", "GIT", "PATH", "PLUGIN SOURCE"}:
            if len(gem[1]) == 4 and gem[3]:
                gems.append(_gem(gem[2], gem[3], section, fields, number))
            elif len(gem[1]) == 6 and gems:
                gems[-1].requires += (gem[2],)
        elif gem and section == "DEPENDENCIES":
            direct[gem[2]] = gem[3]
        elif gem and section == "CHECKSUMS" and gem[5]:
            summed.add(f"{gem[2]} {gem[3]}")
    _ask_for_parts(gems)
    for entry in gems:
        entry.is_direct = entry.name in direct or any("#" in key for key in entry.keys)
        entry.declared_range = direct.get(entry.name)
        entry.has_integrity = entry.has_integrity or entry.subpath in summed
        entry.subpath = None
        yield entry


def _ask_for_parts(gems: list[Entry]) -> None:
    """What a gem of the repository itself asks for is known by that gem's name."""
    by_name = {entry.name: entry for entry in gems}
    for gem in gems:
        for name in gem.requires if gem.is_local else ():
            if name in by_name:
                by_name[name].keys += (f"{gem.name}#{name}",)


def _gem(name: str, version: str, section: str, fields: dict[str, str], line: int) -> Entry:
    """A locked gem; its whole version stands in `subpath` until the checksums are known."""
    number, _, platform = version.partition("-")
    entry = Entry("gem", name, None, number, line, None, source="lock", is_pinned=True, keys=(name,))
    entry.subpath = f"{name} {version}"
    if platform:
        entry.qualifiers = {"platform": platform}
    if section == "PATH":
        entry.is_local = True
        entry.keys += (f"local#{name}",)
    elif section == "GIT" and "remote" in fields:
        git = from_git(fields["remote"], fields.get("revision"))
        entry.url, entry.has_integrity = git.url, True
        entry.qualifiers = {"vcs_url": f"git+{git.url}@{fields.get('revision', 'HEAD')}"}
    return entry
