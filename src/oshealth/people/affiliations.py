"""Persons to organisations, over time: from dated evidence to stretches that do not overlap.

Strongest first: what people.toml declares, an organisation's own address, a profile on a forge, and other
contributions of the same person close in time to any of these. Consumer mail says nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import polars as pl

from oshealth.facts import AFFILIATION, MOMENT
from oshealth.people.addresses import parse, says_no_employer
from oshealth.people.registry import Registry

NEARBY = timedelta(days=183)
"""How long before and after a stretch of evidence the same person's other contributions are counted with it."""
LONGEST_GAP = timedelta(days=730)
"""Evidence of one organisation further apart than this leaves the time between unknown (but for `NEARBY`)."""
INSTANT = timedelta(microseconds=1)
CONFIDENCE = {"declared": 1.0, "address": 0.95, "profile": 0.7, "nearby": 0.5}

EVIDENCE = pl.Schema([("person", pl.String), ("at", MOMENT), ("organisation", pl.String)])
"""One row per moment at which something said that a person was an organisation's."""

Stretch = tuple[datetime | None, datetime | None]
"""From a moment until another (exclusive); None: no bound."""

_EVER, _NEVER = datetime.min, datetime.max  # noqa: DTZ901 (moments are UTC without a zone)


def affiliate(addresses: pl.DataFrame, profiles: pl.DataFrame, declared: pl.DataFrame) -> pl.DataFrame:
    """AFFILIATION of frames EVIDENCE (of addresses, of profiles) and of declared AFFILIATION rows.

    A run of one organisation reaches from its first to its last evidence, or to the next organisation's first; beyond
    it, `NEARBY` at either side. Where stretches overlap, the stronger evidence stands.
    """
    runs, profiled = _runs(addresses), _runs(profiles)
    own = _over(_rows(runs, "address"), _rows(profiled, "profile"))
    known = pl.concat([_nearby(runs), _nearby(profiled)])
    found = _over(own, _disjoint(_rows(known, "nearby")))
    return _over(_rows(declared, "declared"), found).sort("person", "from_at", nulls_last=False)


def address_evidence(aliases: pl.DataFrame, appearances: pl.DataFrame, registry: Registry) -> pl.DataFrame:
    """Frame (alias, at, organisation): the organisation whose domain each appearance was written from."""
    rules = [
        (alias, rule.organisation, rule.from_on, rule.until_on)
        for alias, address in aliases.select("alias", pl.col("address").fill_null("")).iter_rows()
        if (parsed := parse(address))
        and parsed.kind in {"personal", "role", "bot"}
        and not says_no_employer(parsed.domain)
        for rule in registry.at(parsed.domain)
    ]
    schema = {"alias": pl.String, "organisation": pl.String, "from_on": pl.Date, "until_on": pl.Date}
    return (
        appearances.select("alias", pl.col("at").cast(MOMENT))
        .drop_nulls()
        .join(pl.DataFrame(rules, schema=schema, orient="row"), on="alias")
        .filter(pl.col("from_on").is_null() | (pl.col("at").dt.date() >= pl.col("from_on")))
        .filter(pl.col("until_on").is_null() | (pl.col("at").dt.date() < pl.col("until_on")))
        .select("alias", "at", "organisation")
    )


def _runs(evidence: pl.DataFrame) -> pl.DataFrame:
    """Stretches (person, organisation, from_at, until_at) of evidence of one organisation after another."""
    ordered = evidence.sort("person", "at", "organisation").unique(["person", "at"], keep="first", maintain_order=True)
    gap = (pl.col("at").diff().over("person") > LONGEST_GAP).fill_null(value=False)
    runs = (
        ordered.with_columns(run=pl.struct("person", "organisation").rle_id() + gap.cum_sum())
        .group_by("person", "run", maintain_order=True)
        .agg(pl.col("organisation").first(), from_at=pl.col("at").first(), last_at=pl.col("at").last())
    )
    next_at = pl.col("from_at").shift(-1).over("person")
    moves_soon = (pl.col("organisation").shift(-1).over("person") != pl.col("organisation")) & (
        next_at - pl.col("last_at") <= NEARBY
    )
    until_at = pl.when(moves_soon).then(next_at).otherwise(pl.col("last_at") + INSTANT)
    return runs.select("person", "organisation", "from_at", until_at=until_at)


def _nearby(runs: pl.DataFrame) -> pl.DataFrame:
    """The time around each run, as far as the run before and the one after; it may overlap with another's."""
    before, after = pl.col("until_at").shift(1).over("person"), pl.col("from_at").shift(-1).over("person")
    late = runs.with_columns(from_at="until_at", until_at=pl.min_horizontal(pl.col("until_at") + NEARBY, after))
    early = runs.with_columns(from_at=pl.max_horizontal(pl.col("from_at") - NEARBY, before), until_at="from_at")
    # The later organisation's margin stands behind the earlier one's: nobody leaves before the last day.
    return pl.concat([late, early]).filter(pl.col("from_at") < pl.col("until_at"))


def _rows(stretches: pl.DataFrame, evidence: str) -> pl.DataFrame:
    told = stretches.with_columns(evidence=pl.lit(evidence), confidence=pl.lit(CONFIDENCE[evidence]))
    return told.select(AFFILIATION.names()).cast(AFFILIATION)


def _over(strong: pl.DataFrame, weak: pl.DataFrame) -> pl.DataFrame:
    """The strong rows, and of the weak ones what the strong leave free."""
    taken: dict[str, list[Stretch]] = defaultdict(list)
    for person, start, end in strong.select("person", "from_at", "until_at").iter_rows():
        taken[person].append((start, end))
    touched = pl.col("person").is_in(list(taken))
    cut = [
        {**row, "from_at": start, "until_at": end}
        for row in weak.filter(touched).iter_rows(named=True)
        for start, end in _free((row["from_at"], row["until_at"]), taken[row["person"]])
    ]
    return pl.concat([strong, weak.filter(~touched), pl.DataFrame(cut, schema=AFFILIATION)])


def _disjoint(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of one strength, in their order: each keeps what those above it leave free."""
    taken: dict[str, list[Stretch]] = defaultdict(list)
    kept = []
    for row in rows.iter_rows(named=True):
        for stretch in _free((row["from_at"], row["until_at"]), taken[row["person"]]):
            kept.append({**row, "from_at": stretch[0], "until_at": stretch[1]})
            taken[row["person"]].append(stretch)
    return pl.DataFrame(kept, schema=AFFILIATION)


def _free(stretch: Stretch, taken: Iterable[Stretch]) -> Iterator[Stretch]:
    """What is left of a stretch outside those taken."""
    start, end = _closed(stretch)
    for low, high in sorted(map(_closed, taken)):
        if high <= start:
            continue
        if low >= end:
            break
        if low > start:
            yield _opened(start, low)
        start = max(start, high)
    if start < end:
        yield _opened(start, end)


def _closed(stretch: Stretch) -> tuple[datetime, datetime]:
    return stretch[0] or _EVER, stretch[1] or _NEVER


def _opened(start: datetime, end: datetime) -> Stretch:
    return None if start == _EVER else start, None if end == _NEVER else end
