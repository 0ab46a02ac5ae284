"""For whom contributions were made, counted once for all measures of contributor spread."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

NO_CONTRIBUTION = "nobody contributed in the last year"
HALF_UNKNOWN = "on whose behalf people worked is known for no more than half of the last year's contributions"
UNKNOWN = (None, "unknown")
"""Of these types an organisation may be anything: work for it is work of which we do not know on whose behalf."""
OWN_ACCOUNT = "volunteer"
"""Volunteers act on their own account: each is counted alone."""


@dataclass(frozen=True)
class Part:
    """What one organisation, or one volunteer, contributed."""

    organisation: str
    name: str
    type: str
    country: str | None
    count: int


@dataclass(frozen=True)
class Spread:
    """Contributions by organisation, the largest first; `total` includes those whose organisation is unknown."""

    total: int
    parts: tuple[Part, ...]

    @cached_property
    def known(self) -> int:
        return sum(part.count for part in self.parts)

    @property
    def coverage(self) -> float | None:
        """Share of the contributions whose organisation is known."""
        return self.known / self.total if self.total else None

    @property
    def why_unknown(self) -> str | None:
        """Why nothing can be said of the organisations, if so."""
        if not self.total:
            return NO_CONTRIBUTION
        return HALF_UNKNOWN if 2 * self.known <= self.total else None

    def of_types(self, types: Iterable[str]) -> tuple[Part, ...]:
        wanted = set(types)
        return tuple(part for part in self.parts if part.type in wanted)

    def percent(self, count: int) -> float:
        """A count as a share of all contributions, the unknown among them."""
        return 100 * count / self.total

    @property
    def named(self) -> tuple[Part, ...]:
        """The organisations proper: volunteers left out."""
        return tuple(part for part in self.parts if part.type != OWN_ACCOUNT)

    @property
    def known_so_far(self) -> dict[str, object]:
        """Evidence that every measure shows: who contributed how much, and how much is unknown."""
        rows = [{"organisation": p.organisation, "name": p.name, "type": p.type, "count": p.count} for p in self.named]
        return {"organisations": rows[:20], "unknown": self.total - self.known, "total": self.total}

    @property
    def known_facts(self) -> dict[str, Any]:
        """Sample size, coverage and evidence of a measurement, as keyword arguments."""
        return {"sample_size": self.total, "coverage": self.coverage, "evidence": self.known_so_far}


def spread_of(contributions: pl.DataFrame, names: Mapping[str, str] | None = None) -> Spread:
    """The spread of rows of `Snapshot.contributions`. `names` are those of organisations, by id."""
    spreads = _spreads(contributions.with_columns(pl.lit(0).alias("_key")), names or {})
    return spreads.get(0, Spread(0, ()))


def yearly_spreads(contributions: pl.DataFrame, names: Mapping[str, str] | None = None) -> dict[int, Spread]:
    """The spread of each calendar year by the author's date, oldest first."""
    dated = contributions.filter(pl.col("authored_at").is_not_null())
    return _spreads(dated.with_columns(pl.col("authored_at").dt.year().alias("_key")), names or {})


def _spreads(keyed: pl.DataFrame, names: Mapping[str, str]) -> dict[int, Spread]:
    is_own_account = pl.col("organisation_type") == OWN_ACCOUNT
    unit = pl.when(is_own_account).then(pl.col("person")).otherwise(pl.col("organisation")).alias("_unit")
    counts = (
        keyed.group_by("_key", unit, "organisation_type", "country")
        .len()
        .sort(["_key", "len", "_unit"], descending=[False, True, False])
    )
    totals: dict[int, int] = {}
    parts: dict[int, list[Part]] = {}
    for key, organisation, kind, country, count in counts.iter_rows():
        totals[key] = totals.get(key, 0) + count
        of_key = parts.setdefault(key, [])
        if organisation is not None and kind not in UNKNOWN:
            name = names.get(organisation, organisation) if kind != OWN_ACCOUNT else OWN_ACCOUNT
            of_key.append(Part(organisation, name, kind, country, count))
    return {key: Spread(total, tuple(parts[key])) for key, total in totals.items()}
