"""The facts of one subject from the data folder: its own, what a former home lends, what upstream already has."""

from collections.abc import Iterable

import polars as pl

from oshealth.derive import Facts, ReadAt, Subject
from oshealth.facts import TABLES
from oshealth.licences.decisions import read_decisions
from oshealth.pipeline.watched.former_homes import LENT, TOLD, lent
from oshealth.pipeline.watched.found_forks import shared_commits
from oshealth.pipeline.watched.project import Project
from oshealth.sources import Codebase, Repository, repository_id
from oshealth.store import FactsFolder


def subjects_of(codebases: Iterable[Codebase]) -> list[Subject]:
    """Every repository, forks included, and every codebase with the repositories that are its own."""
    found = []
    for codebase in codebases:
        alone = (*codebase.repository, *codebase.found_forks)
        found += [Subject("repository", repository.id, (repository.id,)) for repository in alone]
        found.append(Subject("codebase", codebase.id, tuple(r.id for r in codebase.own_repositories)))
    return found


def facts_of(project: Project, subject: Subject) -> Facts:
    """Read a subject's facts. A table that was never collected has no rows."""
    store = project.facts
    codebase = next(c for c in project.sources.codebase if _belongs(subject, c))
    if is_found_fork(codebase, subject):
        return _of_found_fork(store, subject, codebase)
    repositories = [r for r in codebase.repository if r.id in subject.repositories]
    per_repository = [_with_former_homes(store, repository) for repository in repositories]
    # A codebase of forks alone, or of a group that was never listed, has no repository of its own.
    tables = {
        name: pl.concat([schema.to_frame(), *(tables[name] for tables in per_repository)])
        for name, schema in TABLES.items()
    }
    upstream = {sha for repository in repositories for sha in _upstream_shas(store, repository)}
    shared = {**store.read_people(), **store.read_packages()}
    decisions = read_decisions(project.folder)
    uncollected = frozenset(r.id for r in repositories if _lacks_dependencies(store, r.id))
    read_at = moments_of(store, subject.repositories)
    return Facts(subject, {**tables, **shared}, codebase, frozenset(upstream), decisions, uncollected, read_at)


def _lacks_dependencies(store: FactsFolder, repository: str) -> bool:
    """Whether the newest facts are of a time when nobody looked for dependencies."""
    ledger = store.ledger(repository)
    return ledger is not None and "dependency" not in ledger.rows


def moments_of(store: FactsFolder, repositories: Iterable[str]) -> dict[str, ReadAt]:
    """Of which moments the newest crawls tell what stands for one alone."""
    ledgers = {name: ledger for name in repositories if (ledger := store.ledger(name))}
    return {name: ReadAt(ledger.manifests_at, ledger.refs_at) for name, ledger in ledgers.items()}


def is_found_fork(codebase: Codebase | None, subject: Subject) -> bool:
    """Whether it is a fork that nobody declared: of it only how far it is from its upstream is measured."""
    return codebase is not None and any(fork.id == subject.id for fork in codebase.found_forks)


def _of_found_fork(store: FactsFolder, subject: Subject, codebase: Codebase) -> Facts:
    """Its own commits with those of its upstream that it shares; what it lacks is known from its upstream alone."""
    upstream = repository_id(next(f.fork_of or "" for f in codebase.found_forks if f.id == subject.id))
    ledger, own, patches = store.ledger(subject.id), store.read(subject.id, "commit"), store.read(subject.id, "patch")
    theirs = store.read(upstream, "commit")
    own = own.join(theirs, on="sha", how="anti")
    shared = shared_commits(own, ledger.head if ledger else None, theirs)
    lacked = theirs.filter(pl.col("parents").list.len() <= 1).join(shared, on="sha", how="anti")
    told = patches.filter(pl.col("side") == "upstream").select("sha", "patch_id")
    named = [pl.lit(subject.id).alias("repository"), pl.lit("upstream").alias("side")]
    behind = lacked.select("sha", "known_at").join(told, on="sha", how="left").with_columns(named)
    rest = patches.filter(pl.col("side") != "upstream")
    tables = {"commit": pl.concat([own, shared]).with_columns(repository=pl.lit(subject.id))}
    tables["patch"] = pl.concat([rest, behind.select(rest.columns)])
    return Facts(subject, tables, codebase, frozenset(theirs["sha"]))


def _belongs(subject: Subject, codebase: Codebase) -> bool:
    if subject.kind == "codebase":
        return codebase.id == subject.id
    return any(repository.id == subject.id for repository in (*codebase.repository, *codebase.found_forks))


def _upstream_shas(store: FactsFolder, repository: Repository) -> Iterable[str]:
    if repository.fork_of is None:
        return ()
    return store.read(repository_id(repository.fork_of), "commit")["sha"].to_list()


def _with_former_homes(store: FactsFolder, repository: Repository) -> dict[str, pl.DataFrame]:
    """The tables of a repository, with what only its former homes have."""
    own = {name: store.read(repository.id, name) for name in TABLES}
    for url in repository.former:
        home = {name: store.read(repository_id(url), name) for name in (*LENT, *TOLD)}
        for name, frame in lent(own, home, repository.id).items():
            own[name] = pl.concat([frame, own[name]])
    return own
