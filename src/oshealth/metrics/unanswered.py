import polars as pl

from oshealth.derive.questions import Questions
from oshealth.derive.window import Window
from oshealth.measure import Measured, at_most, metric, unknown
from oshealth.metrics._answers import KINDS, NOTHING_OPENED, answer_coverage, opened


@metric(
    family="Responsiveness",
    title="Never answered",
    unit="%",
    source="this project",
    bands=at_most(10, 30),
    has_history=False,
    advice="Go through the issues and requests without an answer once a month, and close with a reason what will "
    "not be done.",
)
def unanswered(questions: Questions, window: Window) -> Measured:
    """Share of the issues and change requests opened in the last year that no other human had answered by its end.

    Requests that their author merged are left out: nobody was asked.
    """
    if questions.reason:
        return unknown(questions.reason)
    every = opened(questions, window)
    asked, coverage = every.filter(pl.col("is_answer_told")), answer_coverage(every, questions)
    if asked.is_empty():
        return unknown(
            questions.why_untold(every) or questions.why_none(NOTHING_OPENED, *KINDS), sample_size=0, coverage=coverage
        )
    silent = asked.filter(pl.col("responded_at").is_null())
    evidence = {
        "unanswered": silent.height,
        "not_told": every.height - asked.height,
        "oldest": silent.sort("opened_at").head(10).select("repository", "kind", "number").to_dicts(),
    }
    value = 100 * silent.height / asked.height
    return Measured(value=value, sample_size=asked.height, coverage=coverage, evidence=evidence)
