"""Domains and the organisations behind them: the public suffix list, and the longest rule that fits."""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import TypeVar

from publicsuffixlist import PublicSuffixList

Rule = TypeVar("Rule")


@lru_cache(maxsize=2**17)
def registrable(domain: str) -> str | None:
    """The part that somebody registered: "mail.firm.co.uk" gives "firm.co.uk"; None for a bare public suffix."""
    found = _suffixes().privatesuffix(domain)
    return str(found) if found else None


def stem(domain: str) -> str | None:
    """The registered label alone, without its public suffix: "firm"."""
    whole = registrable(domain)
    return whole.partition(".")[0] if whole else None


def longest(domain: str, rules: Mapping[str, Sequence[Rule]]) -> Sequence[Rule]:
    """What the longest rule says that is the domain or a parent of it; a public suffix is never a rule."""
    labels = domain.split(".")
    floor = registrable(domain)
    if floor is None:
        return ()
    for start in range(len(labels) - floor.count(".")):
        if found := rules.get(".".join(labels[start:])):
            return found
    return ()


@cache
def _suffixes() -> PublicSuffixList:
    # Encoding each name of the list for the wire takes longer than all the rest; addresses in commits are not encoded.
    return PublicSuffixList(accept_encoded_idn=False)
