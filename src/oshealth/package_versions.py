"""Which of two versions of a package is newer, and which are stable: each ecosystem has a rule of its own.

A version that its ecosystem's rule cannot read is older than all others and not stable.
"""

import re
from collections.abc import Callable

from packaging.version import InvalidVersion, Version

Order = tuple[tuple[int, int, str], ...]
"""Compares as the versions do; its parts are not for reading."""

_LONGEST = 200
"""Longer texts are no versions: a number of thousands of digits costs seconds."""
_END = (0, 0, "")
_ZEROS = ((0, 0, ""), (3, 0, ""))


def order_of(ecosystem: str, version: str) -> Order | Version | None:
    """What a version is compared by with others of its ecosystem; nothing where it cannot be read."""
    if len(version) > _LONGEST:
        return None
    return _ORDERS.get(ecosystem, _semantic)(version)


def is_stable(ecosystem: str, version: str) -> bool:
    """Whether it was released for everybody's use: no alpha, beta, release candidate or the like."""
    order = order_of(ecosystem, version)
    if order is None:
        return False
    if isinstance(order, Version):
        return not order.is_prerelease
    if ecosystem == "maven":
        return all(kind >= 0 for kind, _, _ in order)
    if ecosystem == "gem":
        return not re.search("[A-Za-z]", version)
    return "-" not in version.partition("+")[0]


def _python(version: str) -> Version | None:
    try:
        return Version(version)
    except InvalidVersion:
        return None


_SEMANTIC = re.compile(r"v?(\d+(?:\.\d+)*)(?:-([0-9A-Za-z.-]+))?(?:\+.*)?", re.DOTALL)


def _semantic(version: str) -> Order | None:
    """Semantic Versioning 2.0.0, clause 11, with any count of numbers (NuGet has four) and Go's leading "v"."""
    match = _SEMANTIC.fullmatch(version)
    if match is None:
        return None
    numbers = _without_zeros([(3, int(part), "") for part in match[1].split(".")])
    if match[2] is None:
        return (*numbers, (2, 0, ""))
    # Numbers (-2) come before words (-1), and the end (-3) before both: 1.0.0-rc < 1.0.0-rc.1 < 1.0.0-rc.x < 1.0.0.
    words = [(-2, int(part), "") if part.isdecimal() else (-1, 0, part) for part in match[2].split(".")]
    return (*numbers, (1, 0, ""), *words, (-3, 0, ""))


_TOKENS = re.compile(r"\d+|[a-z]+")


def _gem(version: str) -> Order | None:
    """As `Gem::Version`: words come before numbers, so that 1.0.rc1 is older than 1.0."""
    if not re.fullmatch(r"[0-9A-Za-z.-]+", version) or not version[0].isdecimal():
        return None
    tokens = re.findall(r"\d+|[A-Za-z]+", version.replace("-", ".pre."))
    parts = [(0, int(token), "") if token.isdecimal() else (-1, 0, token) for token in tokens]
    return (*_without_zeros(parts), _END)


_UNFINISHED = {"alpha": -6, "a": -6, "dev": -6, "experimental": -6, "nightly": -6, "canary": -6}
_UNFINISHED |= {"beta": -5, "b": -5, "milestone": -4, "m": -4, "ea": -4, "eap": -4, "pre": -4, "preview": -4}
_UNFINISHED |= {"rc": -3, "cr": -3, "snapshot": -2}
_FINISHED = ("ga", "final", "release")
_SHORT = ("a", "b", "m")
_SERVICE_PACK = ("sp",)
_EIGHT_DIGITS = 8


def _maven(version: str) -> Order | None:
    """As Maven's ComparableVersion: alpha, beta, milestone, rc, snapshot, the release, sp, other words, numbers.

    A version that is a day (20040616) is older than all others: with those, libraries began that count today.
    """
    tokens = _TOKENS.findall(version.lower())
    if not tokens:
        return None
    found = [_maven_part(token, following) for token, following in zip(tokens, [*tokens[1:], ""], strict=True)]
    parts = [part for part in found if part is not None]
    is_day = tokens[0].isdecimal() and len(tokens[0]) == _EIGHT_DIGITS
    return ((0 if is_day else 1, 0, ""), *_without_zeros(parts), _END)


def _maven_part(token: str, following: str) -> tuple[int, int, str] | None:
    """Nothing for what only says that it is a release."""
    if token.isdecimal():
        return 3, int(token), ""
    if token in _FINISHED:
        return None
    if token in _UNFINISHED and (token not in _SHORT or following.isdecimal()):
        return _UNFINISHED[token], 0, ""
    return (1, 0, "") if token in _SERVICE_PACK else (2, 0, token)


def _without_zeros(parts: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """1.0 and 1 are the same, and 1.0-rc and 1-rc: a zero counts only before another number."""
    kept: list[tuple[int, int, str]] = []
    for part in reversed(parts):
        if part not in _ZEROS or (kept and kept[-1][0] == part[0]):
            kept.append(part)
    return kept[::-1]


_ORDERS: dict[str, Callable[[str], Order | Version | None]] = {
    "pypi": _python,
    "gem": _gem,
    "maven": _maven,
    "nuget": lambda version: _semantic(version.lower()),
}
