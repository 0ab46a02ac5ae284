"""The headings of a changelog that name a version, in Markdown, reStructuredText, AsciiDoc and plain text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from oshealth.collect.versions import Version, parse_version

_MARKED = re.compile(r"^ {0,3}(?P<marks>#{1,4}|={1,4})[ \t]+(?P<title>\S.*)$")
_UNMARKED_AHEAD = re.compile(r"^ {0,3}#{1,4}(?P<title>[v\d\[].*)$")
_UNDERLINE = re.compile(r"^ {0,3}([=\-~^\"'`*+#.:_])\1{2,}[ \t]*$")
_BULLETS = {"- ", "* ", "+ "}
LONGEST_LINE = 400
_TAG = re.compile(r"<[^<>]*>")
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])?")
_FILLING = {"version", "release", "releases", "released", "ver", "ver.", "v", "v.", "changes", "in", "for", "new"}
_NOT_YET = re.compile(
    r"\b(?:un-?released|not (?:yet )?released|upcoming|in development|tbd|tba|to be released)\b", re.I
)
_NOT_YET_BELOW = re.compile(
    r"(?:release(?:d|\s+date)?\s*:?\s*)?(?:un-?released|not (?:yet )?released|in development|tb[da]|to be released)",
    re.I,
)
_DAY = re.compile(
    r"\b(?:19|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2}\b|\b\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)\d\d\b"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\b.*\b(?:19|20)\d\d\b",
    re.IGNORECASE,
)
_CHAPTER = re.compile(r"\d{1,7}|\d{9,}|\d{4}-\d\d")
_AROUND_LINE = " \t.,:;()[]*_-+`"
_AROUND = ".,:;()[]{}*_`~\"'“”‘’–—|/=<>!"


@dataclass(frozen=True)
class Heading:
    """One heading as it stands, and the version that it names."""

    line: str
    version: Version


def headings(text: str) -> Iterator[Heading]:
    """The headings of a changelog's text that name a released version, from top to bottom."""
    lines = [line.rstrip("\r") for line in text.split("\n")]
    for number, line in enumerate(lines):
        below = lines[number + 1 : number + 5]
        version = _version_of_line(line, below[0] if below else "")
        if version and not _is_pending(below):
            yield Heading(line.strip(), version)


def _is_pending(below: list[str]) -> bool:
    """Whether the first words below a heading, past its underline, are that it is not released yet."""
    words = (line.strip(_AROUND_LINE) for line in below if not _UNDERLINE.match(line))
    return bool(_NOT_YET_BELOW.fullmatch(next(filter(None, words), "")))


def added_version(line: str) -> Version | None:
    """The version that an added line names if it is a heading; its underline need not have been added with it."""
    return _version_of_line(line.rstrip("\r"), "---")


def _version_of_line(line: str, following: str) -> Version | None:
    if len(line) > LONGEST_LINE or not any(character.isdigit() for character in line):
        return None
    marked = _MARKED.match(line) or _UNMARKED_AHEAD.match(line)
    if marked:
        return version_of_title(marked["title"].rstrip(" \t").rstrip("#=").rstrip(" \t"))
    if line[:1].isspace() or line[:2] in _BULLETS or not _UNDERLINE.match(following):
        return None
    return version_of_title(line)


def version_of_title(title: str) -> Version | None:
    """The version in "[1.2.3](link) (2024-05-01)", "Version 1.2.3, May 1, 2024", "v1.2.3 - 2024-05-01" and the like."""
    plain = _LINK.sub(r" \1 ", _TAG.sub(" ", title))
    if _NOT_YET.search(plain):
        return None
    words = [word.strip(_AROUND) for word in plain.split()]
    words = [word for word in words if any(map(str.isalnum, word))]
    while words and words[0].lower() in _FILLING:
        words.pop(0)
    if not words:
        return None
    version = _of_word(words[0])
    is_name = len(words) > 1 and words[0].replace("-", "").replace("_", "").isalnum() and not words[0][0].isdigit()
    if version is None and is_name and _DAY.search(plain):
        rest = words[2:] if words[1].lower() in _FILLING else words[1:]
        version = _of_word(rest[0]) if rest else None
    return version


def _of_word(word: str) -> Version | None:
    """A lone number is a chapter rather than a version, and a month may hold several of them."""
    return None if _CHAPTER.fullmatch(word) else parse_version(word)
