"""For whom people worked, year by year: what one figure of the last year cannot tell."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from oshealth.reports import words
from oshealth.reports.sparkline import Point

_MOST_NAMED = 4


@dataclass(frozen=True)
class Year:
    """One calendar year; the last one of a page ends with the page's day."""

    year: int
    contributions: int
    known: int
    parts: Sequence[Mapping[str, Any]]
    """Rows of `name`, `type` and `contributions`, the largest first, without what is not known."""
    last_on: date
    half: float | None
    """How many organisations did half of it, in the 365 days up to the year's end; null: not known."""

    @property
    def coverage(self) -> float:
        """Share (0 to 1) of the contributions of which is known on whose behalf they were made."""
        return self.known / self.contributions

    @property
    def said(self) -> str:
        """Who did how much of all work: "Soft Makers 71 % (supplier), North Town 29 % (municipality)"."""
        named = [f"{p['name']} {self._share(p)} ({p['type']})" for p in self.parts[:_MOST_NAMED]]
        others = len(self.parts) - len(named)
        return ", ".join([*named, *([f"and {words.plural(others, 'other')}"] if others else [])]) or "not known"

    def _share(self, part: Mapping[str, Any]) -> str:
        return words.share(part["contributions"] / self.contributions)


def years_of(found: Iterable[Mapping[str, Any]], elephants: Sequence[Point]) -> list[Year]:
    """Rows of the query `organisations_by_year`, the newest year first, as years; `elephants` by day, oldest first."""
    half = {when.year: value for when, value in elephants}
    return [_year(year, list(rows), half.get(year)) for year, rows in groupby(found, key=lambda row: row["year"])]


def _year(year: int, rows: Sequence[Mapping[str, Any]], half: float | None) -> Year:
    parts = [row for row in rows if row["name"] is not None]
    known, total = (sum(row["contributions"] for row in some) for some in (parts, rows))
    return Year(year, total, known, parts, max(row["last_on"] for row in rows), half)
