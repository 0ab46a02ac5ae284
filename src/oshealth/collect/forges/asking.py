"""What the questions to both forges share: their texts, and pages that shrink where a forge gives up on them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypeVar

from oshealth.collect.forges.answers import ForgeError

PAGE = 100
_SMALLEST_PAGE = 10
OVERLOADED = frozenset({"http_500", "http_502", "http_503", "http_504", "too_complex"})
"""Reasons to ask for less at once."""

Found = TypeVar("Found")


@cache
def query_text(name: str) -> str:
    """The text of a query in queries/."""
    return (files("oshealth.collect.forges") / "queries" / f"{name}.graphql").read_text(encoding="utf-8")


@dataclass
class PageSize:
    """How many rows of a listing are asked for at once. What was too much once is not asked for again."""

    count: int = PAGE

    def shrinking(self, ask: Callable[[int], Found]) -> Found:
        """Ask for a page; where that is too much for the forge, for a smaller one.

        Raises:
            ForgeError: it refuses, or gives up on the smallest page, too.
        """
        while True:
            try:
                return ask(self.count)
            except ForgeError as error:
                if error.reason not in OVERLOADED or self.count <= _SMALLEST_PAGE:
                    raise
                self.count = max(_SMALLEST_PAGE, self.count // 3)
