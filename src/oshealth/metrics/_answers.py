"""What the measures of answers share."""

import polars as pl

from oshealth.derive.questions import Questions
from oshealth.derive.window import Window
from oshealth.measure import Measured, unknown

KINDS = ("issue", "change_request")
NOTHING_OPENED = "nobody opened an issue or change request in the last year"


def first_answers(asked: pl.DataFrame, questions: Questions, nothing: str) -> Measured:
    """The median of the hours to the first answer, of those of `asked` that were answered."""
    told = asked.filter(pl.col("is_answer_told"))
    if told.is_empty():
        why = questions.why_untold(asked) or questions.why_none(nothing, *KINDS)
        return unknown(why, sample_size=0, coverage=answer_coverage(asked, questions))
    hours = (pl.col("responded_at") - pl.col("opened_at")).dt.total_seconds() / 3600
    answered = told.filter(pl.col("responded_at").is_not_null()).select("kind", hours.alias("hours"))
    evidence = {
        "answered": answered.height,
        "not_answered": told.height - answered.height,
        "not_told": asked.height - told.height,
        "by_kind": _by_kind(answered),
    }
    if answered.is_empty():
        return unknown("nothing that was opened in the last year was answered", sample_size=0, evidence=evidence)
    value = float(answered["hours"].median())  # type: ignore[arg-type]
    coverage = answer_coverage(asked, questions)
    return Measured(value=value, sample_size=answered.height, coverage=coverage, evidence=evidence)


def opened(questions: Questions, window: Window) -> pl.DataFrame:
    """What was opened in the last year, without requests that their author merged: those asked nobody.

    Where nobody tells who merged, nobody tells who answered either: `is_answer_told` leaves those out.
    """
    asked_nobody = pl.col("is_merged_by_author").fill_null(value=False) & pl.col("responded_at").is_null()
    return questions.opened_in(window).filter(~asked_nobody)


def answer_coverage(asked: pl.DataFrame, questions: Questions) -> float | None:
    """The share of repositories read, and of rows whose answers the forge tells."""
    share = asked["is_answer_told"].mean()
    told = (questions.coverage or 1.0) * (share if isinstance(share, float) else 1.0)
    return told if told < 1 else None


def _by_kind(answered: pl.DataFrame) -> dict[str, float]:
    medians = answered.group_by("kind").agg(pl.col("hours").median()).sort("kind")
    return dict(medians.iter_rows())
