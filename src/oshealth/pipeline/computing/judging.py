"""What the warehouse tells of licences: who says what of each package, and what a steward should look at."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from oshealth.derive import Facts, Snapshot, Subject
from oshealth.derive.findings import FINDING, findings_of
from oshealth.facts import GAP
from oshealth.licences.decisions import read_decisions
from oshealth.licences.judging import JUDGED
from oshealth.pipeline.computing.gathering import moments_of
from oshealth.pipeline.watched.project import Project
from oshealth.sources import Codebase
from oshealth.warehouse import Contents

_TABLES = ("dependency", "document", "file", "text")


Judged = tuple[pl.DataFrame, pl.DataFrame]
"""Who says what of packages, and the findings."""


def with_openness(project: Project, contents: Contents, as_of: date) -> tuple[Contents, dict[str, str]]:
    """The contents with the licences of packages and the findings of all watched repositories.

    And those that could not be judged, with the reason: a file in one of them must not hold back the others.
    """
    packages, decisions = project.facts.read_packages(), read_decisions(project.folder)
    judged: list[Judged] = []
    unjudged: dict[str, str] = {}
    for codebase, name in _watched(project, contents):
        try:
            tables = {table: project.facts.read(name, table) for table in _TABLES}
            subject = Subject("repository", name, (name,))
            read_at = moments_of(project.facts, [name])
            facts = Facts(subject, {**tables, **packages}, codebase, decisions=decisions, read_at=read_at)
            judged.append(_judged(Snapshot(facts, as_of)))
        except Exception as error:  # noqa: BLE001 (a defect that this repository alone may meet)
            unjudged[name] = f"Its licences and findings could not be judged ({type(error).__name__})."
    gaps = [(name, "finding", "not_judged", why, None) for name, why in unjudged.items()]
    rows = pl.concat([contents.fact("gap"), pl.DataFrame(gaps, schema=GAP, orient="row")])
    return _with(replace(contents, facts={**contents.facts, "gap": rows}), judged), unjudged


def judged_contents(contents: Contents, snapshot: Snapshot) -> Contents:
    """The same of one repository, from a snapshot at hand."""
    return _with(contents, [_judged(snapshot)])


def _judged(snapshot: Snapshot) -> Judged:
    return snapshot.facts.judged, findings_of(snapshot)


def _with(contents: Contents, judged: Sequence[Judged]) -> Contents:
    licences = pl.concat([JUDGED.to_frame(), *(licences for licences, _ in judged)])
    findings = pl.concat([FINDING.to_frame(), *(findings for _, findings in judged)])
    # Files of one repository may say more than those of another: the row with a licence stays.
    key = ["purl", "repository", "source"]
    once = licences.sort(*key, pl.col("licence").is_null()).unique(key, keep="first")
    return replace(contents, licences=once.sort("purl", "rank", "source", "repository"), findings=findings)


def _watched(project: Project, contents: Contents) -> Iterator[tuple[Codebase, str]]:
    for codebase in project.sources.codebase:
        for repository in codebase.repository:
            if repository.id not in contents.unreadable and project.facts.ledger(repository.id) is not None:
                yield codebase, repository.id
