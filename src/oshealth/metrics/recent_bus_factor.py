from collections.abc import Mapping

import polars as pl

from oshealth.derive.leaving import leave_in_order
from oshealth.measure import Measured, at_least, metric, unknown


@metric(
    family="Bus factor",
    title="People without whom nobody knows half of the recent code",
    unit="people",
    source="Jabrayilzade et al.: Bus factor in practice, ICSE-SEIP 2022; bus-factor-explorer",
    bands=at_least(3, 2),
    version=2,
    advice="Spread the current work: let people review and change each other's parts, and take turns in mending them.",
)
def recent_bus_factor(knowledge: pl.DataFrame, reviewing: Mapping[str, object]) -> Measured:
    """How many people must leave until more than half of the recently changed files have nobody who knows them.

    Every commit and every review weighs `exp(−days/90)`, in whole days before the last commit. A person's knowledge
    of a file is `3·O + C + 0.5·R + 2.4·ln((1 + ΣC)/(1 + ΣC − C)) + 1.2·ln((1 + ΣR)/(1 + ΣR − R))`: C is the weight
    of that person's commits, R that of their reviews, ΣC and ΣR those of all, O the weight of the file's newest
    change for its author. Whoever has at least 0.001 and over 0.75 of the file's highest knows it. Files changed in
    the 547 days before the last commit count; a rename takes knowledge along and adds none. People leave in a fixed
    order by files known; of equals, the one who was active last goes first.

    A review counts for the files of the merged change request that it was of, where a noreply address among their
    aliases tells whose account it is; the evidence says how many were left out. Without a forge's answer R = 0.
    """
    file_count = knowledge["file_number"].n_unique()
    if not file_count:
        return unknown("no file was changed in the 547 days before the last commit", sample_size=0)
    knowing = knowledge.select("file_number", "person", "knows", "last_position").filter("knows")
    counts = knowing.group_by("person").agg(pl.len().alias("files"), pl.col("last_position").max())
    order = counts.sort("files", "last_position", "person", descending=[True, True, False])["person"]
    leaving = leave_in_order(knowing, order, file_count)
    factor = leaving.stopping
    if factor is None:
        return unknown("fewer than half of the recently changed files have somebody who knows them")
    evidence = {
        "people": sorted(leaving.persons[:factor]),
        "knowing": len(leaving.persons),
        "files": file_count,
        **reviewing,
        "files_known_left": list(leaving.files_left[: factor + 1]),
    }
    return Measured(value=factor, sample_size=file_count, evidence=evidence)
