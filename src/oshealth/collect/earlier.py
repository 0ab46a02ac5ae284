"""What need not be read again: rows of an earlier crawl, and changes that other repositories know."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from oshealth.facts import TABLES
from oshealth.store import FactsFolder


@dataclass(frozen=True)
class Earlier:
    """What is known from before: the rows of an earlier crawl, and changes that other repositories lend."""

    head: str | None = None
    rows: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    lent: Sequence[pl.DataFrame] = ()
    """Rows of `facts.CHANGE` of other repositories whose history was read whole."""
    lent_shas: frozenset[str] = frozenset()
    """The commits whose changes these rows tell; some have none."""


def earlier_facts(store: FactsFolder, repository: str, options: str, lenders: Collection[str] = ()) -> Earlier:
    """What of the store can be used again: facts read whole, with the same options.

    Args:
        store: the facts.
        repository: whose crawl it is.
        options: a digest of what it was asked for; it stands last in a ledger's fingerprint.
        lenders: repositories that share commits with this one; lines counted there are not taken over.
    """
    lent, shas = _lent(store, {*lenders} - {repository})
    previous = store.ledger(repository)
    if previous is None or not previous.is_whole or not previous.fingerprint.endswith(options):
        return Earlier(lent=lent, lent_shas=shas)
    rows = {table: store.read(repository, table) for table in ("commit", "change", "file", "text", "gap")}
    return Earlier(previous.head, rows, lent, shas)


def borrow(lent: Sequence[pl.DataFrame], shas: Sequence[str], repository: str) -> pl.DataFrame:
    """Rows of `facts.CHANGE` of these commits, as this repository's own."""
    schema = TABLES["change"]
    if not shas:
        return schema.to_frame()
    wanted = pl.DataFrame({"sha": shas}, schema={"sha": pl.String})
    found = [frame.join(wanted, on="sha", how="semi") for frame in lent]
    return pl.concat([schema.to_frame(), *found]).with_columns(pl.lit(repository).alias("repository"))


def _lent(store: FactsFolder, lenders: Collection[str]) -> tuple[list[pl.DataFrame], frozenset[str]]:
    """The changes that other repositories know, each commit's once."""
    lent: list[pl.DataFrame] = []
    shas: frozenset[str] = frozenset()
    uncounted = [pl.lit(None, dtype=pl.Int32).alias(name) for name in ("added_lines", "deleted_lines")]
    for lender in sorted(lenders):
        ledger = store.ledger(lender)
        if ledger and ledger.is_whole:
            rows = store.read(lender, "change").with_columns(uncounted)
            lent.append(rows.filter(~pl.col("sha").is_in(list(shas))) if shas else rows)
            shas |= set(store.read(lender, "commit").filter(pl.col("parents").list.len() < 2)["sha"])
    return lent, shas
