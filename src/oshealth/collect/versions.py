"""Versions as people write them in tags and headings, brought to one form by which mentions are matched."""

import re
from dataclasses import dataclass, field, replace

_LONGEST = 120
_PREFIX = re.compile(
    r"(?:version|ver|v|releases?|rel|r)[-_./ ]?(?=\d)|(?:version|releases?)[-_./ ]v(?=\d)", re.IGNORECASE
)
# The name of a package before its version: "name-1.2.3", "name/v1.2.3", "@scope/name@1.2.3".
_PACKAGE = re.compile(
    r"(?:@?[A-Za-z][\w.-]*/)*[A-Za-z][\w.-]*?(?:[-_/@]+)(?=(?:v|release-|version-)?\d)", re.IGNORECASE
)
_DATE = re.compile(
    r"(?P<date>(?:19|2\d)\d{6}|(?:19|2\d)\d\d([-._/])\d{1,2}\2\d{1,2}|\d{1,2}([-._/])\d{1,2}\3(?:19|20)\d\d)"
    r"(?P<rest>(?:[-_.]?[A-Za-z0-9]+){0,4})"
)
_MONTH = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?P<rest>(?:[-_.]?[A-Za-z][A-Za-z0-9]*){0,2})")
# After a word for release dashes may stand for dots: "rel-8-6-5", "release-3-0-0-rc1".
_DASHED = re.compile(r"(?P<numbers>\d{1,3}(?:-\d{1,3}){1,3})(?P<rest>(?:[-_.]?[A-Za-z]+[-_.]?\d*)?)")
_NUMBERS = re.compile(r"(?P<numbers>\d{1,9}(?:[._]\d{1,9}){0,5})(?P<rest>.*)", re.DOTALL)
_REST = re.compile(r"(?:[-_.~ ]?[A-Za-z0-9]+)(?:[-_.~][A-Za-z0-9]+){0,5}")
_UNFINISHED = (
    r"rc|alpha|beta|dev|pre|preview|snapshot|nightly|canary|milestone|cr|ea|eap|experimental|insiders?|next|unstable"
)
_PRERELEASE = re.compile(rf"(?:^|[-_.~\d])(?:{_UNFINISHED})(?![a-z])|^[-_.]?(?:a|b|c|m)\d+$")
# Before a version: "nightly-2024-01-01" is no stable release; "before-merge-1.0" and "backup/2024-01-01" are none.
_UNFINISHED_NAME = re.compile(
    rf"(?:^|[-_./@])(?:{_UNFINISHED}|candidate|daily|draft|edge|proposals?|testing|weekly)(?=[-_./@])", re.IGNORECASE
)
_NO_RELEASE = re.compile(
    r"(?:after|archived?|backup|before)[-_./]"
    r"|(?:broken|end|eol|import|last|merged?|old|post|pre|prior|start|te?mp|test|wip)[-_./]+$",
    re.IGNORECASE,
)
_PLAIN_END = re.compile(r"[-_.~ ]?(?:final|ga|release|stable)")
_LATER = re.compile(r"^[-_.~ ]?(?:post|final|ga|hotfix|lts|sp|release|patch|p|rev|r)\d*(?![a-z])")
_SHORT = {"a": "alpha", "b": "beta", "c": "rc", "pre": "rc", "preview": "rc", "cr": "rc"}


@dataclass(frozen=True)
class Version:
    """A version in its normal form, such as "1.2.3", "2.0.0-rc1" or "20230110v3b"."""

    text: str
    is_prerelease: bool
    part: str = field(default="", compare=False)
    """The name before it, "module" of "module/v1.2.3": several packages of a repository may have a version 1.2.3."""


def parse_version(name: str, pattern: str | None = None) -> Version | None:
    """The version that a tag's name says; none where it says none.

    Args:
        name: as it stands, such as "v1.2.3", "release-1.2", "28-02-2018" or "@scope/name@1.2.3".
        pattern: a regular expression for names in another form; its group "version", or its first, is the version.
    """
    if len(name) > _LONGEST:
        return None
    if pattern and (match := re.fullmatch(pattern, name)):
        found = match.groupdict().get("version") or (match[1] if match.re.groups else None) or name
        return _plain(found) or Version(found.lower(), bool(_PRERELEASE.search(found.lower())))
    return _plain(name) or _prefixed(name)


def _plain(name: str) -> Version | None:
    return _date(name) or _numbers(name, least=1)


def _prefixed(name: str) -> Version | None:
    if match := _PREFIX.match(name):
        return _announced(name[match.end() :], least=1)
    if match := _PACKAGE.match(name):
        rest = name[match.end() :]
        prefix = _PREFIX.match(rest)
        found = _announced(rest[prefix.end() :], least=2) if prefix else _date(rest) or _numbers(rest, least=2)
        return _of_part(found, match[0]) if found and not _NO_RELEASE.match(match[0]) else None
    return None


def _announced(rest: str, least: int) -> Version | None:
    """The version after a word for release."""
    return _date(rest) or _dashed(rest) or _numbers(rest, least)


def _dashed(rest: str) -> Version | None:
    match = _DASHED.fullmatch(rest)
    if match is None:
        return None
    version = _numbers(match["numbers"].replace("-", ".") + match["rest"], least=2)
    # "3-5-old" is no version of its own: after dashes alone any word would pass for an unfinished one.
    is_known = not match["rest"] or _PRERELEASE.search(match["rest"].lower()) or _LATER.match(match["rest"].lower())
    return version if is_known else None


def _of_part(version: Version, before: str) -> Version:
    # What stands before an @ is a package's whole name: "@scope/next@1.2.3" is no less finished than others.
    is_channel = not before.endswith("@") and _UNFINISHED_NAME.search(before) is not None
    return replace(version, is_prerelease=version.is_prerelease or is_channel, part=before.rstrip("-_/@").lower())


def _date(name: str) -> Version | None:
    """A day is a version too, or a month; what follows it counts the releases of that day."""
    match = _DATE.fullmatch(name)
    match = match if match and _is_day(match["date"]) else _MONTH.fullmatch(name)
    if match is None:
        return None
    return Version(name.lower(), bool(re.search(r"(?:rc|alpha|beta)(?![a-z])", match["rest"].lower())))


def _is_day(text: str) -> bool:
    """Whether day and month may be; eight digits always are, for people write 20182802 as well."""
    parts = [int(part) for part in re.split(r"[-._/]", text)]
    if len(parts) == 1:
        return True
    day, month = (parts[2], parts[1]) if parts[0] > 31 else (parts[0], parts[1])
    return 1 <= day <= 31 and 1 <= month <= 12


def _numbers(name: str, least: int) -> Version | None:
    match = _NUMBERS.fullmatch(name.partition("+")[0])
    if match is None:
        return None
    numbers, rest = match["numbers"].replace("_", "."), match["rest"].lower()
    rest = "" if _PLAIN_END.fullmatch(rest) else rest
    count = numbers.count(".") + 1
    if count < least or (rest and not _REST.fullmatch(rest)):
        return None
    is_prerelease = bool(_PRERELEASE.search(rest))
    if count == 1 and rest and not is_prerelease:
        return None
    if rest.lstrip(".-_") == "x":
        return None
    is_semantic = count >= 3 and rest.startswith("-") and not _LATER.match(rest)
    return Version(f"{numbers}{_normal(rest)}", is_prerelease or is_semantic)


def _normal(rest: str) -> str:
    """What follows the numbers: "rc1", ".rc.1", "-RC1" and "_rc-1" are the same."""
    if not rest:
        return ""
    words = re.split(r"[-_.~ ]", rest.lstrip("-_.~ "))
    joined = words[0]
    for word in words[1:]:
        joined += word if word.isdigit() and joined[-1:].isalpha() else f"-{word}"
    letters = re.match(r"[a-z]+(?=\d|$)", joined)
    if letters and letters[0] in _SHORT and (len(letters[0]) > 1 or joined[1:].isdigit()):
        joined = _SHORT[letters[0]] + joined[letters.end() :]
    return f"-{joined}"
