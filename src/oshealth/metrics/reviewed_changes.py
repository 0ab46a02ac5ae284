import polars as pl

from oshealth.derive.questions import Questions
from oshealth.derive.window import Window
from oshealth.measure import Measured, at_least, metric, unknown


@metric(
    family="Responsiveness",
    title="Changes approved by somebody else",
    unit="%",
    source="openCode security level 2",
    bands=at_least(75, 50),
    has_history=False,
    advice="Protect the default branch so that a change request needs the approval of a second person.",
)
def reviewed_changes(questions: Questions, window: Window) -> Measured:
    """Share of the change requests merged in the last year that another person had approved before.

    Those of bots are left out. Changes pushed without a request are not seen.
    """
    if questions.reason:
        return unknown(questions.reason)
    merged = questions.rows.filter(
        pl.col("kind") == "change_request", pl.col("merged_at").is_between(window.start, window.end, closed="left")
    )
    told = merged.filter(~pl.col("repository").is_in(list(questions.untold_reviews)))
    if told.is_empty():
        reason = next(iter(questions.untold_reviews.values()), None) if merged.height else None
        none = "no change request was merged in the last year"
        return unknown(reason or questions.why_none(none, "change_request"), sample_size=0)
    approvals = questions.reviews.filter(pl.col("state") == "approved", pl.col("reviewer_kind") != "bot")
    approved = (
        told.join(approvals, on=["repository", "number"])
        .filter(pl.col("reviewer_account").ne_missing(pl.col("author_account")))
        .filter(pl.col("submitted_at") <= pl.col("merged_at"))
        .select("repository", "number")
        .unique()
    )
    coverage = told.height / merged.height * (questions.coverage or 1.0)
    return Measured(
        value=100 * approved.height / told.height,
        sample_size=told.height,
        coverage=coverage if coverage < 1 else None,
        evidence={"merged": told.height, "approved": approved.height},
    )
