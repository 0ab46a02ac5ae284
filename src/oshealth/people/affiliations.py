"""Persons to organisations, over time: from the addresses they wrote from, to stretches that do not overlap."""

from datetime import timedelta

import polars as pl

from oshealth.facts import AFFILIATION, MOMENT
from oshealth.people.addresses import parse, says_no_employer
from oshealth.people.registry import Registry

NEARBY = timedelta(days=183)
"""How long before and after a stretch of evidence the same person's other commits are counted with it."""
LONGEST_GAP = timedelta(days=730)
"""Evidence further apart than this leaves the time between unknown (but for `NEARBY` at either side)."""
INSTANT = timedelta(seconds=1)
CONFIDENCE = {"declared": 1.0, "address": 0.95, "profile": 0.7, "nearby": 0.5}


def affiliate(evidence: pl.DataFrame) -> pl.DataFrame:
    """AFFILIATION of dated evidence, a frame (person, at, organisation).

    A run of one organisation reaches from its first to its last evidence, or to the next organisation's first; beyond
    it, `NEARBY` at either side at lower confidence.
    """
    runs = _runs(evidence)
    before, after = pl.col("until_at").shift(1).over("person"), pl.col("from_at").shift(-1).over("person")
    margins = runs.with_columns(
        pl.max_horizontal(pl.col("from_at") - NEARBY, before).alias("early"),
        pl.min_horizontal(pl.col("until_at") + NEARBY, after).alias("late"),
    )
    # Where two margins meet, the earlier organisation keeps what lies between: nobody leaves before the last day.
    late = margins.select("person", "organisation", from_at="until_at", until_at="late")
    early = margins.with_columns(pl.max_horizontal("early", pl.col("late").shift(1).over("person")).alias("early"))
    early = early.select("person", "organisation", from_at="early", until_at="from_at")
    nearby = pl.concat([early, late]).filter(pl.col("from_at") < pl.col("until_at"))
    return _rows([(runs, "address"), (nearby, "nearby")])


def _runs(evidence: pl.DataFrame) -> pl.DataFrame:
    ordered = evidence.sort("person", "at", "organisation").unique(["person", "at"], keep="first", maintain_order=True)
    gap = pl.col("at").diff().over("person") > LONGEST_GAP
    marked = ordered.with_columns(
        (pl.struct("person", "organisation").rle_id() + gap.fill_null(value=False).cum_sum()).alias("run")
    )
    runs = marked.group_by("person", "run", maintain_order=True).agg(
        pl.col("organisation").first(), from_at=pl.col("at").first(), last_at=pl.col("at").last()
    )
    following = pl.struct("organisation", "from_at").shift(-1).over("person")
    changed = following.struct.field("organisation") != pl.col("organisation")
    near = following.struct.field("from_at") - pl.col("last_at") <= NEARBY
    return runs.with_columns(
        pl.when(changed & near)
        .then(following.struct.field("from_at"))
        .otherwise(pl.col("last_at") + INSTANT)
        .alias("until_at")
    ).select("person", "organisation", "from_at", "until_at")


def _rows(parts: list[tuple[pl.DataFrame, str]]) -> pl.DataFrame:
    frames = [
        frame.with_columns(pl.lit(evidence).alias("evidence"), pl.lit(CONFIDENCE[evidence]).alias("confidence"))
        for frame, evidence in parts
    ]
    return pl.concat(frames).sort("person", "from_at").select(AFFILIATION.names()).cast(AFFILIATION)


def address_evidence(aliases: pl.DataFrame, appearances: pl.DataFrame, registry: Registry) -> pl.DataFrame:
    """Frame (alias, at, organisation): the organisation whose domain each appearance was written from."""
    spelled = pl.DataFrame(
        [
            (alias, rule.organisation, rule.from_on, rule.until_on)
            for alias, address in aliases.select("alias", pl.col("address").fill_null("")).iter_rows()
            if (parsed := parse(address))
            and parsed.kind in {"personal", "role", "bot", "placeholder"}
            and not says_no_employer(parsed.domain)
            for rule in registry.at(parsed.domain)
        ],
        schema={"alias": pl.String, "organisation": pl.String, "from_on": pl.Date, "until_on": pl.Date},
        orient="row",
    )
    return (
        appearances.select("alias", pl.col("at").cast(MOMENT))
        .drop_nulls()
        .join(spelled, on="alias")
        .filter(pl.col("from_on").is_null() | (pl.col("at").dt.date() >= pl.col("from_on")))
        .filter(pl.col("until_on").is_null() | (pl.col("at").dt.date() < pl.col("until_on")))
        .select("alias", "at", "organisation")
    )
