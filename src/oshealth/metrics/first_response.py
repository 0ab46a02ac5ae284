from oshealth.derive.questions import Questions
from oshealth.derive.window import Window
from oshealth.measure import Measured, at_most, metric, unknown
from oshealth.metrics._answers import NOTHING_OPENED, first_answers, opened


@metric(
    family="Responsiveness",
    title="Time to the first answer",
    unit="hours",
    source="CHAOSS Time to First Response; good: two business days; watch: openCode, 7 days",
    bands=at_most(48, 168),
    has_history=False,
    advice="Agree on who looks at new issues and requests on which day, and answer first, even where the solution "
    "takes longer.",
)
def first_response(questions: Questions, window: Window) -> Measured:
    """Median calendar time from the opening of an issue or change request to the first answer by another human.

    Of those that people opened in the last year and that were answered by its end; a review and a merge are
    answers, too. What nobody answered is counted in `unanswered`.
    """
    if questions.reason:
        return unknown(questions.reason)
    return first_answers(opened(questions, window), questions, NOTHING_OPENED)
