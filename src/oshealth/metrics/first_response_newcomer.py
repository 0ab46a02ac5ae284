import polars as pl

from oshealth.derive.questions import Questions
from oshealth.derive.window import Window
from oshealth.measure import Measured, at_most, metric, unknown
from oshealth.metrics._answers import first_answers, opened


@metric(
    family="Responsiveness",
    title="Time to the first answer to a newcomer",
    unit="hours",
    source="OSOR case studies (Digitransit); bands as first_response",
    bands=at_most(48, 168),
    has_history=False,
    advice="Greet whoever writes for the first time within two days: those who wait seldom come back.",
)
def first_response_newcomer(questions: Questions, window: Window) -> Measured:
    """Median time to the first answer, of authors' first issue or change request here.

    Counted as `first_response` is; "here" is the repository with its former homes, or all repositories of the codebase.
    """
    if questions.reason:
        return unknown(questions.reason)
    asked = opened(questions, window).filter(pl.col("is_by_newcomer"))
    return first_answers(asked, questions, "nobody opened a first issue or change request in the last year")
