"""`.pre-commit-config.yaml`: the repositories of its hooks, and what they need besides."""

import re
from collections.abc import Iterator
from typing import Any

from oshealth.collect.manifests.entry import Entry, File, Unreadable
from oshealth.collect.manifests.npm import from_specifier
from oshealth.collect.manifests.purls import from_git
from oshealth.collect.manifests.pypi import from_requirement
from oshealth.collect.manifests.syntax import array, string, table
from oshealth.collect.manifests.yaml_events import line_of, read_yaml


def pre_commit(file: File) -> Iterator[Entry]:
    for repository in array(read_yaml(file.text), "repos"):
        address = string(repository, "repo") or ""
        if address not in {"", "local", "meta", "builtin"}:
            entry = from_git(address, string(repository, "rev"), line=line_of(repository, "repo"))
            entry.scope = "development"
            yield entry
        for hook in array(repository, "hooks"):
            line = line_of(hook, "additional_dependencies")
            for text in array(hook, "additional_dependencies"):
                if isinstance(text, str) and (found := _additional(hook, text)):
                    found.line, found.scope = line, "development"
                    yield found


def _additional(hook: Any, text: str) -> Entry | None:
    """What a hook needs besides: of the hook's language, else of the one that only its form can have."""
    language = string(table(hook), "language")
    if language == "python" or (language is None and re.search(r"[=<>~!]=|^types-", text)):
        try:
            return from_requirement(text)
        except Unreadable:
            return None
    if language == "node" or (language is None and re.match(r"^@?[\w./-]+@[\^~\d]", text)):
        at = text.find("@", 1)
        return from_specifier(text[:at] if at > 0 else text, text[at + 1 :] if at > 0 else "", "development")
    return None
