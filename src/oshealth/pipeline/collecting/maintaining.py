"""Measure how well recent commits can be maintained, some more of them in each run."""

from datetime import date, datetime

import polars as pl

from oshealth.collect.maintainability import BUDGET_SECONDS, due_commits, gaps_of, read_maintainability
from oshealth.collect.mirror import open_mirror
from oshealth.derive.window import window_before
from oshealth.facts import TABLES
from oshealth.pipeline.watched.project import Project
from oshealth.sources import repository_id

TABLE = "maintainability"


def maintain(
    project: Project, url: str, as_of: date, measured_at: datetime, budget_seconds: float = BUDGET_SECONDS
) -> int:
    """Add rows to the table `maintainability` of a crawled repository; how many commits were looked at.

    Commits of the year up to `as_of` that no earlier run looked at, the newest first, for as long as the budget lasts;
    of a fork its own.
    Nothing new costs no child process and lands nothing.
    """
    repository, store = repository_id(url), project.facts
    earlier = store.read(repository, TABLE)
    due = due_commits(_own_commits(project, url), earlier, window_before(as_of).end)
    if not due or store.ledger(repository) is None:
        return 0
    opened = open_mirror(url, project.mirror_folder, project.child_limits, project.sources.host)
    frame, _ = read_maintainability(opened.git, due, repository, budget_seconds)
    if frame.is_empty():
        return 0
    rows = [(repository, gap.what, gap.reason, gap.detail, gap.count) for gap in gaps_of(pl.concat([earlier, frame]))]
    others = store.read(repository, "gap").filter(pl.col("what") != TABLE)
    frames = {TABLE: frame, "gap": pl.concat([others, pl.DataFrame(rows, schema=TABLES["gap"], orient="row")])}
    store.add(repository, frames, measured_at, append=[TABLE] if not earlier.is_empty() else [])
    return len(frame)


def _own_commits(project: Project, url: str) -> pl.DataFrame:
    """COMMIT without those of the upstream, which no measure of a fork counts."""
    commits = project.facts.read(repository_id(url), "commit")
    upstream = next((r.fork_of for r in project.sources.repositories if r.url == url), None)
    if upstream is None:
        return commits
    return commits.join(project.facts.read(repository_id(upstream), "commit"), on="sha", how="anti")
