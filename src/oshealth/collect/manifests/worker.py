"""The child process that parses: files in on standard input, rows out as JSON lines; one that takes long ends it.

Run as `python -m oshealth.collect.manifests.worker`. Input: a JSON line with the commits of submodules by their paths,
then for each file a JSON line `[path, size]` and its bytes.
Output: `{"start": path}` before each file, after all `{"path", "rows", "reason"}` for each.
"""

import importlib
import json
import re
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

from oshealth.collect.file_text import file_text
from oshealth.collect.manifests.entry import Entry, File, Scope, Unreadable
from oshealth.collect.manifests.link import link
from oshealth.collect.manifests.names import is_for_tests, which
from oshealth.collect.manifests.purls import purl_of, without_credentials
from oshealth.collect.manifests.submodules import COMMITS
from oshealth.collect.manifests.syntax import clean

SECONDS_PER_FILE = 8.0
MAX_ENTRIES = 50_000
MAX_NAME = 500
LINKING = "(linking)"
BY_LINE = {"script", "program", "page", "system_packages"}
"""Of these every line stands for itself, whatever surrounds it."""

_CREDENTIALS = re.compile(r"//[^/@\s]*@")
# Modules by parser, imported when first needed: most repositories need few.
PARSERS: dict[str, str] = {
    "npm": "npm:package_json",
    "npm_lock": "npm_lock:package_lock",
    "yarn": "yarn:yarn_lock",
    "pnpm": "pnpm:pnpm_lock",
    "pnpm_workspace": "pnpm:pnpm_workspace",
    "pyproject": "pyproject:pyproject",
    "poetry_lock": "python_locks:poetry_lock",
    "uv_lock": "python_locks:uv_lock",
    "pdm_lock": "python_locks:pdm_lock",
    "pylock": "python_locks:pylock",
    "pipfile": "pipfile:pipfile",
    "pipfile_lock": "pipfile:pipfile_lock",
    "requirements": "requirements:requirements",
    "setup_cfg": "setuptools:setup_cfg",
    "setup_py": "setuptools:setup_py",
    "gemfile": "ruby:gemfile",
    "gemspec": "ruby:gemspec",
    "gemfile_lock": "gemfile_lock:gemfile_lock",
    "composer": "php:composer_json",
    "composer_lock": "php:composer_lock",
    "maven": "maven:pom",
    "gradle": "gradle:build_script",
    "gradle_catalogue": "gradle_catalogue:catalogue",
    "gradle_lock": "gradle_catalogue:lockfile",
    "gradle_properties": "gradle_catalogue:properties",
    "go": "golang:go_mod",
    "go_sum": "golang:go_sum",
    "cargo": "rust:cargo_toml",
    "cargo_lock": "rust:cargo_lock",
    "dotnet": "dotnet:project",
    "packages_config": "dotnet:packages_config",
    "packages_lock": "dotnet:packages_lock",
    "dotnet_global": "dotnet:global_json",
    "dotnet_tools": "dotnet:tools",
    "submodules": "submodules:gitmodules",
    "pre_commit": "pre_commit:pre_commit",
    "gitlab_ci": "gitlab_ci:gitlab_ci",
    "workflow": "workflows:workflow",
    "dockerfile": "dockerfile:dockerfile",
    "compose": "compose:compose",
    "script": "shell:script",
    "program": "shell:program",
    "system_packages": "installers:listed",
    "page": "pages:page",
    "vendored": "vendored:vendored",
}

Parser = Callable[[File], Iterable[Entry]]


def main() -> None:
    shared: dict[str, Any] = {COMMITS: json.loads(sys.stdin.buffer.readline())}
    texts = dict(_frames(sys.stdin.buffer))
    found: dict[str, list[Entry]] = {}
    reasons: dict[str, str] = {}
    for path, text in texts.items():
        _say({"start": path})
        signal.setitimer(signal.ITIMER_PROF, SECONDS_PER_FILE)
        found[path], reason = _parse(File(path, text, texts, shared))
        if reason:
            reasons[path] = reason
        if is_for_tests(path):
            for entry in found[path]:
                entry.scope = entry.scope and "development"
    if "--no-link" not in sys.argv:
        _say({"start": LINKING})
        signal.setitimer(signal.ITIMER_PROF, SECONDS_PER_FILE)
        link(found)
    signal.setitimer(signal.ITIMER_PROF, 0)
    for path, entries in found.items():
        rows, reason = _rows(entries, "development" if is_for_tests(path) else "runtime")
        _say({"path": path, "rows": rows, "reason": reasons.get(path) or reason})


def _frames(stream: BinaryIO) -> Iterator[tuple[str, str]]:
    while header := stream.readline():
        path, size = json.loads(header)
        yield path, file_text(stream.read(size))


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _parse(file: File) -> tuple[list[Entry], str | None]:
    """The file's entries, and why it is unreadable; a parser may find some before it gives up."""
    entries: list[Entry] = []
    reason = None
    try:
        _refuse_binary(file)
        for entry in _parser(file.path)(file):
            _refuse_excess(entry, len(entries))
            entries.append(entry)
    except Unreadable as error:
        reason = clean(str(error)[:300])
    except RecursionError:
        reason = "too_deep: nested too deeply"
    except MemoryError:
        entries, reason = [], "memory_limit: more memory needed than allowed"
    # A hostile file may break a parser, a third party's too, in any way: it is then unreadable, the others are not.
    except Exception as error:  # noqa: BLE001
        reason = f"unexpected_shape: {type(error).__name__}"
    return entries, reason


def _refuse_binary(file: File) -> None:
    if "\0" in file.text and which(file.path) not in BY_LINE:
        raise Unreadable("no_text: it holds NUL, as UTF-16 without its mark does")


def _refuse_excess(entry: Entry, count: int) -> None:
    if count >= MAX_ENTRIES:
        raise Unreadable(f"too_many: more than {MAX_ENTRIES:,} entries")
    if len(entry.name) > MAX_NAME:
        raise Unreadable(f"too_long: a name of {len(entry.name):,} characters")


def _parser(path: str) -> Parser:
    module, _, function = PARSERS[which(path) or ""].partition(":")
    parser: Parser = getattr(importlib.import_module(f"oshealth.collect.manifests.{module}"), function)
    return parser


def _rows(entries: list[Entry], scope: Scope) -> tuple[list[list[Any]], str | None]:
    """The rows of one file's entries, with the scope of those that tell none; and what made one of them none."""
    try:
        return [_row(entry, scope) for entry in entries if not entry.is_local], None
    except Exception as error:  # noqa: BLE001 - as in parsing: what one file holds must not cost the others
        return [], f"unexpected_shape: {type(error).__name__}"


def _row(entry: Entry, scope: Scope) -> list[Any]:
    """The columns from `purl` to `has_integrity`, without `path`, in the order of `batch.COLUMNS`."""
    entry.name = clean(entry.name) or ""
    # Addresses stand among the ranges too, with their passwords.
    entry.declared_range = clean(_CREDENTIALS.sub("//", entry.declared_range or "")) or None
    entry.version = clean(entry.version)
    return [
        purl_of(entry),
        entry.name,
        entry.ecosystem,
        entry.declared_range,
        entry.version,
        entry.is_direct,
        entry.scope or scope,
        entry.is_optional,
        entry.line,
        entry.source,
        clean(entry.licence),
        clean(without_credentials(entry.url)) if entry.url else None,
        bool(entry.version) if entry.is_pinned is None else entry.is_pinned,
        entry.has_integrity,
    ]


if __name__ == "__main__":
    main()
