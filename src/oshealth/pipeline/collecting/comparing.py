"""Compare a fork with its upstream once both are crawled."""

from datetime import datetime

import polars as pl

from oshealth.collect.mirror import open_mirror
from oshealth.collect.patches import Patches, Side, read_patches
from oshealth.facts import TABLES
from oshealth.pipeline.watched.project import Project
from oshealth.sources import repository_id


def compare(project: Project, fork: str, upstream: str, crawled_at: datetime) -> None:
    """Land the table `patch` of a fork; both are addresses. Nothing new costs no git and lands nothing."""
    repository, store = repository_id(fork), project.facts
    sides = [_side(project, url) for url in (fork, upstream)]
    if any(side.commits.is_empty() for side in sides):
        return
    earlier = store.read(repository, "patch")
    patches = read_patches(repository, sides[0], sides[1], earlier)
    ledger = store.ledger(repository)
    if ledger is None or ("patch" in ledger.files and patches.frame.equals(earlier)):
        return
    others = store.read(repository, "gap").filter(pl.col("what") != "patch")
    store.add(repository, {"patch": patches.frame, "gap": pl.concat([others, _gaps(repository, patches)])}, crawled_at)


def _side(project: Project, url: str) -> Side:
    opened = open_mirror(url, project.mirror_folder, project.child_limits, project.sources.host)
    name = repository_id(url)
    return Side(opened.git, project.facts.read(name, "commit"), project.facts.read(name, "change"))


def _gaps(repository: str, patches: Patches) -> pl.DataFrame:
    rows = [(repository, gap.what, gap.reason, gap.detail, gap.count) for gap in patches.gaps]
    return pl.DataFrame(rows, schema=TABLES["gap"], orient="row")
