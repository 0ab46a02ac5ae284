"""What the warehouse tells of licences: who says what of each package, and what a steward should look at."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import polars as pl

from oshealth.derive import Facts, Snapshot, Subject
from oshealth.derive.findings import FINDING, findings_of
from oshealth.licences.decisions import read_decisions
from oshealth.licences.judging import JUDGED
from oshealth.pipeline.project import Project
from oshealth.warehouse import Contents

_TABLES = ("dependency", "document", "file", "text")


def with_openness(project: Project, contents: Contents, as_of: date) -> Contents:
    """The contents with the licences of packages and the findings of all watched repositories."""
    snapshots = [Snapshot(facts, as_of) for facts in _facts(project, contents)]
    return judged_contents(contents, snapshots)


def judged_contents(contents: Contents, snapshots: list[Snapshot]) -> Contents:
    """The same from snapshots at hand, one of each repository."""
    licences = pl.concat([JUDGED.to_frame(), *(snapshot.facts.judged for snapshot in snapshots)])
    findings = pl.concat([FINDING.to_frame(), *(findings_of(snapshot) for snapshot in snapshots)])
    # Files of one repository may say more than those of another: the row with a licence stays.
    once = licences.sort("purl", "source", pl.col("licence").is_null()).unique(["purl", "source"], keep="first")
    return replace(contents, licences=once.sort("purl", "rank", "source"), findings=findings)


def _facts(project: Project, contents: Contents) -> Iterator[Facts]:
    packages, decisions = project.facts.read_packages(), read_decisions(project.folder)
    for codebase in project.sources.codebase:
        for repository in codebase.repository:
            if repository.id in contents.unreadable or project.facts.ledger(repository.id) is None:
                continue
            tables = {table: project.facts.read(repository.id, table) for table in _TABLES}
            subject = Subject("repository", repository.id, (repository.id,))
            yield Facts(subject, {**tables, **packages}, codebase, decisions=decisions)
