from datetime import date, datetime, time, timedelta

import polars as pl

from oshealth.derive.questions import Questions
from oshealth.measure import Measured, metric, unknown


@metric(
    family="Responsiveness",
    title="Age of open issues",
    unit="days",
    source="CHAOSS Issue Age",
    has_history=False,
    advice="Old open issues hide the ones that matter: close what will not be done, and say why.",
)
def open_issue_age(questions: Questions, as_of: date) -> Measured:
    """Median age of the issues that are open; those that bots opened are left out."""
    if questions.reason:
        return unknown(questions.reason)
    issues = questions.rows.filter(pl.col("kind") == "issue", pl.col("closed_at").is_null())
    if issues.is_empty():
        return unknown(questions.why_none("no issue is open", "issue"), sample_size=0, coverage=questions.coverage)
    end = datetime.combine(as_of, time()) + timedelta(days=1)
    days = (end - issues["opened_at"]).dt.total_seconds() / 86400
    oldest = issues.sort("opened_at").head(10).select("repository", "number").to_dicts()
    return Measured(
        value=float(days.median()),  # type: ignore[arg-type]
        sample_size=issues.height,
        coverage=questions.coverage,
        evidence={"open": issues.height, "oldest": oldest},
    )
