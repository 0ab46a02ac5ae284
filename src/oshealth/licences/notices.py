"""The notices by which licences ask to be applied: many a licence file holds one in place of the text, or before it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from oshealth.licences.additions import takes_back
from oshealth.licences.expressions import spdx_id

_MOST_AHEAD = 600
"""Characters of titles and copyright lines before a notice; further down it is an example, or another work's."""
_MOST_BEHIND = 2_000
_GNU = re.compile(
    r"free software[;:,]? (?:and )?you (?:can|may) redistribute (?:it|them) and/or modify (?:it|them) "
    r"under the terms of (?:the )?(?P<ahead>version \d(?:\.\d)? of the )?"
    r"GNU (?P<kind>Affero |Lesser |Library )?General Public Licen[cs]e(?P<behind>.{0,150})",
    re.IGNORECASE,
)
_VERSION = re.compile(r"version (\d(?:\.\d)?)", re.IGNORECASE)
_LATER = re.compile(r"\bor\b[^.]{0,40}\blater\b", re.IGNORECASE)
_FAMILIES = {"": "GPL", "affero": "AGPL", "lesser": "LGPL", "library": "LGPL"}
_OTHERS = {
    "Apache-2.0": r"licensed under the apache licen[cs]e, version 2\.0 \(the .licen[cs]e.\)",
    "MPL-2.0": r"this source code form is subject to the terms of the mozilla public licen[cs]e, v\. 2\.0",
    "EUPL-1.1": r"licen[cs]ed under the eupl, version 1\.1\b",
    "EUPL-1.2": r"licen[cs]ed under the eupl, version 1\.2\b",
    "EPL-2.0": r"made available under the terms of the eclipse public licen[cs]e (?:v(?:ersion)? ?)?2\.0",
    "CC0-1.0": r"we waive copyright and related rights in the work worldwide through the cc0 1\.0 universal"
    r" public domain dedication",
}
_NOTICES = [("", _GNU), *((licence, re.compile(pattern, re.IGNORECASE)) for licence, pattern in _OTHERS.items())]
_GRANT = re.compile(r"permission is hereby granted|redistribution and use|permission to use", re.IGNORECASE)


@dataclass(frozen=True)
class Notice:
    """The licence that a notice applies, and how many characters say so."""

    expression: str
    length: int


def notice_of(text: str) -> Notice | None:
    """The one licence that the head of a file applies; nothing where it names several, or takes something back."""
    head = " ".join(text[: 4 * (_MOST_AHEAD + _MOST_BEHIND)].split())
    found = sorted(_found(head), key=lambda pair: pair[0])
    if len({notice.expression for _, notice in found}) != 1:
        return None
    start, notice = found[0]
    around = head[: start + notice.length + _MOST_BEHIND]
    return None if _GRANT.search(head, 0, start) or takes_back(around) else notice


def _found(head: str) -> Iterator[tuple[int, Notice]]:
    for licence, pattern in _NOTICES:
        for match in pattern.finditer(head, 0, _MOST_AHEAD + _MOST_BEHIND):
            named = licence or _gnu(match)
            if named and match.start() <= _MOST_AHEAD:
                yield match.start(), Notice(named, len(match[0]))


def _gnu(match: re.Match[str]) -> str | None:
    version = _VERSION.search(match["ahead"] or match["behind"])
    if version is None:
        return None
    number = version[1] if "." in version[1] else f"{version[1]}.0"
    later = "or-later" if _LATER.search(match["behind"]) else "only"
    return spdx_id(f"{_FAMILIES[(match['kind'] or '').strip().lower()]}-{number}-{later}")
