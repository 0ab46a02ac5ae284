"""What was measured, and what could not be known."""

from dataclasses import dataclass

import polars as pl

from oshealth.facts.columns import table

# One row per subject, metric and day measured.
MEASUREMENT = table(
    {
        "subject_kind": pl.String,  # repository, codebase
        "subject": pl.String,  # repository: "github.com/owner/name"; codebase: its id in sources.toml
        "metric": pl.String,
        "as_of": pl.Date,
        "value": pl.Float64,
        "label": pl.String,
        "sample_size": pl.Int64,
        "coverage": pl.Float64,
        "grade": pl.String,  # good, watch, poor; null: no bands, or unknown
        "reason": pl.String,  # why there is neither value nor label
        "evidence": pl.String,  # JSON
        "run_id": pl.String,
        "tool_version": pl.String,
        "metric_version": pl.Int32,
    }
)

# One row per thing that could not be known.
GAP = table(
    {
        "repository": pl.String,
        "what": pl.String,  # the table or measure concerned: "commit", "issue", "release", …
        "reason": pl.String,  # a short key: "invalid_date", "unreachable", "http_403", …
        "detail": pl.String,  # one sentence for people; no name, address or token in it
        "count": pl.Int64,  # how many rows it concerns; null where that is unknown
    }
)


@dataclass(frozen=True)
class Gap:
    """Something that could not be known, and why. It becomes a row of the table `gap`."""

    what: str
    reason: str
    detail: str
    count: int | None = None
