"""Measure one subject: at the day of the run, and each past month where what it rests on has changed."""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from time import monotonic

import polars as pl

from oshealth import __version__
from oshealth.derive import Facts, Subject
from oshealth.facts import PEOPLE, SCHEMA_VERSION
from oshealth.measure import ENOUGH, Metric
from oshealth.metrics import catalogue, measure_history, measure_subject, month_ends, of_subject
from oshealth.pipeline.computing.gathering import facts_of, is_found_fork
from oshealth.pipeline.computing.identifying import commits_of
from oshealth.pipeline.computing.notes import of_day
from oshealth.pipeline.watched.order import Order, Outcome, timed
from oshealth.pipeline.watched.project import Project
from oshealth.sources import Codebase, repository_id
from oshealth.store import RunFolder


def measure_one(order: Order, subject: Subject) -> Outcome:
    """Measure a subject and keep the rows for the run; its history only where what that rests on has changed."""
    start = monotonic()  # here, since whoever asked may have waited for a worker
    return timed(_measure(order, subject), monotonic() - start)


def _measure(order: Order, subject: Subject) -> Outcome:
    project = order.project()
    note = of_day(project, order.as_of)
    if project.facts.noted(f"measured/{subject.id}") == note:
        return Outcome("measure", subject.id, "unchanged")
    facts = facts_of(project, subject)
    cards = cards_of(facts.codebase, subject)
    run = RunFolder(project.facts, order.run_id)
    named = [subject, *_same_as(facts.codebase, subject)]
    today = measure_subject(facts, order.as_of, cards, order.run_id, __version__)
    for name in named:
        run.write(name.id, of_subject(today, name), note)
    if is_found_fork(facts.codebase, subject):
        return Outcome("measure", subject.id, "done", "a fork that nobody declared")
    until = max(_told_until(order, name) for name in named)
    fingerprint = _fingerprint(project, facts, cards, until)
    if all(project.facts.history_fingerprint(name.id) == fingerprint for name in named):
        return Outcome("measure", subject.id, "done", "past months unchanged")
    months = month_ends(facts, until)
    past = measure_history(facts, months, cards, order.run_id, __version__)
    for name in named:
        project.facts.write_history(name.id, of_subject(past, name), fingerprint, order.started_at)
    return Outcome("measure", subject.id, "done", f"{len(months)} past months, too" if months else "")


def cards_of(codebase: Codebase | None, subject: Subject) -> Sequence[Metric]:
    """All measures; of a fork that nobody declared how it differs: its branches and its people are not read."""
    if not is_found_fork(codebase, subject):
        return catalogue()
    return [card for card in catalogue() if card.of_forks_only and "deployments" not in card.reads]


def _same_as(codebase: Codebase | None, subject: Subject) -> Sequence[Subject]:
    """The codebase that has no repository but this one: what is measured of one is true of the other."""
    if codebase is None or subject.kind == "codebase" or [r.id for r in codebase.own_repositories] != [subject.id]:
        return ()
    return (Subject("codebase", codebase.id, (subject.id,)),)


def _told_until(order: Order, subject: Subject) -> date:
    """The day that past months are told up to: where a day long past is measured, later months stay."""
    told = order.project().facts.history_until(subject.id)
    # What a clock told that ran ahead does not stay.
    return max(order.as_of, min(told + timedelta(days=1), order.started_at.date())) if told else order.as_of


def _fingerprint(project: Project, facts: Facts, cards: Sequence[Metric], until: date) -> str:
    """Of all that a history rests on: heads, who is who, definitions, what sources.toml says, the month."""
    codebase = facts.codebase
    parts = [__version__, str(SCHEMA_VERSION), f"{until:%Y-%m}", codebase.model_dump_json() if codebase else ""]
    parts += [f"{card.id} {card.version} {ENOUGH}" for card in cards if card.has_history]
    for repository in codebase.repository if codebase else ():
        for url in (repository.url, *repository.former):
            ledger = project.facts.ledger(repository_id(url))
            # The first word stands for the refs; the second for what was asked for, the day's manifests among it.
            parts.append(f"{url} {ledger.fingerprint.partition(' ')[0]} {ledger.head}" if ledger else url)
    parts += [f"{table} {_content(facts, table)}" for table in PEOPLE]
    parts.append(f"reviews {_number(facts.reviewed.submitted.drop('review'))}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _content(facts: Facts, table: str) -> int:
    """A number that changes when the rows that concern this subject change, whatever their order."""
    frame = facts.table(table)
    if table != "organisation":
        aliases = commits_of(facts.table("commit")).select("alias")
        known = facts.table("identity").join(aliases, on="alias", how="semi")
        frame = known if table == "identity" else frame.join(known, on="person", how="semi")
    return _number(frame)


def _number(frame: pl.DataFrame) -> int:
    """The same for the same rows, in whatever order."""
    return int(frame.hash_rows(seed=7).sort().implode().hash(seed=7)[0]) if frame.height else 0
