"""From facts to rows of the table `measurement`."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from oshealth.derive import Facts, Snapshot, Subject
from oshealth.facts import MEASUREMENT
from oshealth.measure import Measured, Metric, measure, unknown
from oshealth.metrics._evidence import as_json
from oshealth.metrics._pooling import combined

Row = dict[str, Any]

NO_REPOSITORY = "it has no repository of its own that is known: forks are measured alone, and a group once it is listed"
_DECLARED = ("users",)
"""What sources.toml itself tells of a codebase, whatever its repositories."""


def measure_subject(
    facts: Facts, as_of: date, metrics: Iterable[Metric], run_id: str, tool_version: str
) -> pl.DataFrame:
    """MEASUREMENT rows of one subject at one day, one per metric, in the metrics' order; forks' measures for forks."""
    rows = [_row(facts.subject, as_of, card, found, True) for card, found in _measured(facts, as_of, metrics)]
    return _frame(rows, run_id, tool_version)


def measure_history(
    facts: Facts, months: Iterable[date], metrics: Iterable[Metric], run_id: str, tool_version: str
) -> pl.DataFrame:
    """The same for many days, of those metrics that have a history. Evidence is left out."""
    dated = [card for card in metrics if card.has_history]
    rows = [
        _row(facts.subject, day, card, found, False) for day in months for card, found in _measured(facts, day, dated)
    ]
    return _frame(rows, run_id, tool_version)


def month_ends(facts: Facts, as_of: date) -> list[date]:
    """The last day of each month before `as_of`, from that of the subject's first own commit on."""
    dated = facts.commits.filter(~pl.col("is_inherited") & pl.col("committed_at").is_not_null())
    ends: list[date] = []
    if dated.is_empty():
        return ends
    end = _month_end(dated["known_at"][0].date())
    while end < as_of:
        ends.append(end)
        end = _month_end(end + timedelta(days=1))
    return ends


def of_subject(rows: pl.DataFrame, subject: Subject) -> pl.DataFrame:
    """The same measurements for another subject: those of a codebase's only repository are the codebase's, too."""
    names = pl.lit(subject.kind).alias("subject_kind"), pl.lit(subject.id).alias("subject")
    return rows.with_columns(*names).cast(dict(MEASUREMENT))  # type: ignore[arg-type]


def _measured(facts: Facts, as_of: date, metrics: Iterable[Metric]) -> Iterator[tuple[Metric, Measured]]:
    snapshot = Snapshot(facts, as_of)
    alone: Sequence[Snapshot] = ()
    for card in metrics:
        if card.of_forks_only and snapshot.upstream is None:
            continue
        if not facts.subject.repositories and card.reads != _DECLARED:
            yield card, unknown(NO_REPOSITORY)
        elif card.pooling == "pooled" or facts.subject.kind == "repository":
            yield card, measure(card, snapshot)
        else:
            alone = alone or [Snapshot(part, as_of) for part in facts.parts.values()]
            yield card, combined(card, {part.subject.id: measure(card, part) for part in alone})


def _row(subject: Subject, as_of: date, card: Metric, found: Measured, has_evidence: bool) -> Row:
    return {
        "subject_kind": subject.kind,
        "subject": subject.id,
        "metric": card.id,
        "as_of": as_of,
        "value": None if found.value is None else float(found.value),
        "label": found.label,
        "sample_size": found.sample_size,
        "coverage": found.coverage,
        "grade": card.grade(found),
        "reason": found.reason,
        "evidence": as_json(found.evidence) if has_evidence else "{}",
        "metric_version": card.version,
    }


def _frame(rows: list[Row], run_id: str, tool_version: str) -> pl.DataFrame:
    schema = {name: kind for name, kind in MEASUREMENT.items() if name not in {"run_id", "tool_version"}}
    run = pl.lit(run_id).alias("run_id"), pl.lit(tool_version).alias("tool_version")
    return pl.DataFrame(rows, schema=schema).with_columns(*run).select(MEASUREMENT.names())


def _month_end(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
