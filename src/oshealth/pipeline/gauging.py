"""The maintainability of a repository's recent changes, a little more each night."""

from typing import Final

import polars as pl

from oshealth.collect.maintainability import due_commits, read_maintainability
from oshealth.collect.mirror import open_mirror
from oshealth.facts import GAP
from oshealth.pipeline.order import Order, Outcome, end_of_day
from oshealth.pipeline.project import Target

TABLE: Final = "maintainability"


def gauge_one(order: Order, target: Target) -> Outcome:
    """Add rows for commits that have none yet, newest first, until the budget is used up."""
    project = order.project()
    store = project.facts
    earlier = store.read(target.id, TABLE)
    due = due_commits(store.read(target.id, "commit"), earlier, end_of_day(order.as_of))
    if not due:
        return Outcome(TABLE, target.url, "unchanged")
    opened = open_mirror(target.url, project.mirror_folder, project.child_limits, project.sources.host)
    frame, gaps = read_maintainability(opened.git, due, target.id, project.sources.limits.maintainability_seconds)
    others = store.read(target.id, "gap").filter(pl.col("what") != TABLE)
    rows = [(target.id, gap.what, gap.reason, gap.detail, gap.count) for gap in gaps]
    found = pl.concat([others, pl.DataFrame(rows, schema=GAP, orient="row")])
    store.add(target.id, {TABLE: frame, "gap": found}, order.started_at, append=[TABLE])
    return Outcome(TABLE, target.url, "done", f"{frame.height} of {len(due)} recent changes")
