import polars as pl

from oshealth.derive.questions import Questions
from oshealth.derive.window import Window
from oshealth.measure import Measured, at_least, metric, unknown


@metric(
    family="Responsiveness",
    title="Change requests closed to opened",
    unit="ratio",
    source="CHAOSS Change Request Closure Ratio",
    bands=at_least(1, 0.8),
    has_history=False,
    advice="More requests come than are decided. Decide on the oldest first, and say no where it is no.",
)
def change_request_closure(questions: Questions, window: Window) -> Measured:
    """Change requests closed or merged in the last year, divided by those opened in it; those of bots are left out."""
    if questions.reason:
        return unknown(questions.reason)
    requests = questions.rows.filter(pl.col("kind") == "change_request")
    inside = {"lower_bound": window.start, "upper_bound": window.end, "closed": "left"}
    opened = requests.filter(pl.col("opened_at").is_between(**inside)).height  # type: ignore[arg-type]
    closed = requests.filter(pl.col("closed_at").is_between(**inside))  # type: ignore[arg-type]
    evidence = {"opened": opened, "closed": closed.height, "merged": closed["merged_at"].count()}
    if not opened:
        nobody = "nobody opened a change request in the last year"
        return unknown(questions.why_none(nobody, "change_request"), sample_size=0, evidence=evidence)
    value = closed.height / opened
    return Measured(value=value, sample_size=opened, coverage=questions.coverage, evidence=evidence)
