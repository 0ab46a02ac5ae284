"""`Pipfile` and `Pipfile.lock`."""

from collections.abc import Iterator

from oshealth.collect.manifests.entry import Entry, File, Scope
from oshealth.collect.manifests.pyproject import from_table
from oshealth.collect.manifests.syntax import Lines, array, read_json, read_toml, table
from oshealth.toml_lines import TomlLines


def pipfile(file: File) -> Iterator[Entry]:
    data = read_toml(file.text)
    lines = TomlLines(file.text)
    for section in data:
        # Any other table is a group of one's own, but for these.
        if section in {"source", "requires", "scripts", "pipenv"}:
            continue
        scope: Scope = "runtime" if section == "packages" else "development"
        for name, value in table(data, section).items():
            if entry := from_table(name, value):
                entry.line, entry.scope = lines.of((section, name)), scope
                yield entry


def pipfile_lock(file: File) -> Iterator[Entry]:
    data = read_json(file.text)
    lines = Lines(file.text).of_objects()
    for section in data:
        if section == "_meta":
            continue
        scope: Scope = "runtime" if section == "default" else "development"
        for name, value in table(data, section).items():
            entry = from_table(name, value)
            if entry is None:
                continue
            entry.source, entry.scope, entry.is_direct, entry.is_pinned = "lock", scope, None, True
            entry.declared_range, entry.has_integrity = None, bool(array(value, "hashes"))
            entry.line = lines[name].pop(0) if lines.get(name) else None
            yield entry
