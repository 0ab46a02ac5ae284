"""The facts of one subject from the data folder: its own, what a former home lends, what upstream already has."""

from collections.abc import Iterable

import polars as pl

from oshealth.derive import Facts, Subject
from oshealth.facts import TABLES
from oshealth.licences.decisions import read_decisions
from oshealth.pipeline.project import Project
from oshealth.sources import Codebase, Repository, repository_id
from oshealth.store import FactsFolder

_LENT = ("commit", "change", "release")


def subjects_of(codebases: Iterable[Codebase]) -> list[Subject]:
    """Every repository, forks included, and every codebase with the repositories that are its own."""
    found = []
    for codebase in codebases:
        found += [Subject("repository", repository.id, (repository.id,)) for repository in codebase.repository]
        found.append(Subject("codebase", codebase.id, tuple(r.id for r in codebase.own_repositories)))
    return found


def facts_of(project: Project, subject: Subject) -> Facts:
    """Read a subject's facts. A table that was never collected has no rows."""
    store = project.facts
    codebase = next(c for c in project.sources.codebase if _belongs(subject, c))
    repositories = [r for r in codebase.repository if r.id in subject.repositories]
    per_repository = [_with_former_homes(store, repository) for repository in repositories]
    tables = {name: pl.concat([tables[name] for tables in per_repository]) for name in TABLES}
    upstream = {sha for repository in repositories for sha in _upstream_shas(store, repository)}
    shared = {**store.read_people(), **store.read_packages()}
    decisions = read_decisions(project.folder)
    return Facts(subject, {**tables, **shared}, codebase, frozenset(upstream), decisions)


def _belongs(subject: Subject, codebase: Codebase) -> bool:
    if subject.kind == "codebase":
        return codebase.id == subject.id
    return any(repository.id == subject.id for repository in codebase.repository)


def _upstream_shas(store: FactsFolder, repository: Repository) -> Iterable[str]:
    if repository.fork_of is None:
        return ()
    return store.read(repository_id(repository.fork_of), "commit")["sha"].to_list()


def _with_former_homes(store: FactsFolder, repository: Repository) -> dict[str, pl.DataFrame]:
    """The tables of a repository, with what only its former homes have."""
    own = {name: store.read(repository.id, name) for name in TABLES}
    for url in repository.former:
        lent = {name: store.read(repository_id(url), name) for name in _LENT}
        for name, frame in _lent(own, lent).items():
            own[name] = pl.concat([frame.with_columns(pl.lit(repository.id).alias("repository")), own[name]])
    return own


def _lent(own: dict[str, pl.DataFrame], home: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """What a former home adds: releases of commits that moved along; the history itself only where it stayed behind.

    Where both share commits, what the former home has beyond them was written after the move and is another's.
    """
    shared = home["commit"].join(own["commit"], on="sha", how="semi").height > 0
    if not shared:
        before = pl.col("position") - home["commit"].height
        return {
            "commit": home["commit"].with_columns(
                before.cast(pl.Int32).alias("position"), is_first_parent=pl.lit(False)
            ),
            "change": home["change"],
            "release": home["release"],
        }
    moved = home["release"].join(own["commit"], on="sha", how="semi")
    return {"release": moved.join(own["release"], on=["source", "version"], how="anti")}
