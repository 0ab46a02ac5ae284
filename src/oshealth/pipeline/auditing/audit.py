"""One repository, once, in memory: the same rooms as a nightly run, without a data folder."""

import json
import os
import re
import secrets
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from oshealth import __version__
from oshealth.collect.address import Mirrors
from oshealth.collect.child import Limits
from oshealth.collect.errors import CollectError
from oshealth.collect.git import Collected, Request, collect_frames
from oshealth.collect.mirror import refresh
from oshealth.collect.opened import Opened
from oshealth.collect.overlay import overlay
from oshealth.derive import Facts, ReadAt, Snapshot, Subject
from oshealth.derive.findings import findings_of
from oshealth.facts import DEPENDENCY, Status
from oshealth.metrics import catalogue, measure_history, measure_subject, month_ends
from oshealth.people.registry import load_registry
from oshealth.people.resolve import resolve_people, with_accounts
from oshealth.pipeline.collecting.forging import forge_frames
from oshealth.pipeline.collecting.look_ups import package_cache
from oshealth.pipeline.computing.identifying import commits_of, named_accounts
from oshealth.pipeline.watched.order import end_of_day
from oshealth.pipeline.watched.project import ProjectError
from oshealth.sources import Host, repository_id
from oshealth.store import Ledger

WHOLE = ("ok", "shallow")
"""How a crawl ends that has read all there is."""

DOWN = "open_all_the_way_down"
"""The measure whose evidence holds the findings."""
_ACCOUNTS = "account"
"""The frame that says which accounts on the forge belong to whom."""
_ADDRESS = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:(//|:)|^[^/\\s]+@[^/\\s]+:")
"""What is meant as an address: a scheme, or git's short form user@host:path. All else is a path."""


@dataclass(frozen=True)
class Audit:
    """What is audited, and how."""

    target: str
    as_of: date
    started_at: datetime
    mirrors: Sequence[str] = ()
    with_names: bool = False
    page: Path | None = None
    """Where the report page goes."""
    sbom: Path | None = None
    """Where the list of components goes, as CycloneDX."""
    is_offline: bool = False
    """Neither registries nor the forge are asked."""
    hosts: tuple[Host, ...] = ()
    """Forges of one's own."""


@dataclass(frozen=True)
class Audited:
    """The answer, as `audit --json` prints it, with what the terminal shows besides."""

    target: str
    head: str | None
    as_of: date
    status: Status
    detail: str
    measurements: list[dict[str, Any]]
    gaps: list[dict[str, Any]]
    names: Mapping[str, str]
    """Names by person, where they were asked for; else empty."""
    last_on: date | None = None
    """The day of the last recorded change by `as_of`."""
    findings: list[dict[str, Any]] = field(default_factory=list)
    """What a steward should look at in licences and dependencies, with evidence and what to do."""


@dataclass(frozen=True)
class AuditFrames:
    """The answer as frames, for notebooks."""

    measurements: pl.DataFrame
    """The columns of `facts.MEASUREMENT`."""
    facts: Mapping[str, pl.DataFrame]
    """By table of `facts.TABLES` and `facts.PEOPLE`."""
    head: str | None
    status: Status
    detail: str


def audit(order: Audit) -> Audited:
    """Read, measure and, if asked, draw the page.

    Raises:
        AddressError: the target is no repository, or an address that is not fetched from.
        ProjectError: nothing that can be read answers at the address.
        CollectError: it was found and could not be read.
    """
    collected, head = _collected(order)
    facts = _facts(order, collected)
    rows = _measured(order, facts)
    names = _names(collected.aliases, facts) if order.with_names else {}
    findings = [_finding(row) for row in findings_of(Snapshot(facts, order.as_of)).iter_rows(named=True)]
    measurements = [_measurement(row, names) for row in rows.iter_rows(named=True)]
    next(row for row in measurements if row["metric"] == DOWN)["evidence"]["findings"] = findings
    answer = Audited(
        target=order.target,
        head=head,
        as_of=order.as_of,
        status=collected.status,
        detail=collected.detail,
        measurements=measurements,
        gaps=_gaps(collected),
        names=names,
        last_on=_last_on(collected, order.as_of),
        findings=findings,
    )
    if order.sbom:
        _write_sbom(order, order.sbom, head, facts)
    if order.page:
        _draw(order, order.page, facts, rows, answer)
    return answer


def _gaps(collected: Collected) -> list[dict[str, Any]]:
    """Those of its facts; of a repository that was read in part, or held nothing, at least that."""
    gaps = collected.frames["gap"].drop("repository").to_dicts()
    if gaps or collected.status in WHOLE:
        return gaps
    return [{"what": "commit", "reason": collected.status, "detail": collected.detail, "count": None}]


def _last_on(collected: Collected, as_of: date) -> date | None:
    known = collected.frames["commit"].filter(pl.col("known_at") < end_of_day(as_of))["known_at"].max()
    return known.date() if isinstance(known, datetime) else None


def audit_frames(order: Audit) -> AuditFrames:
    """The same as frames. Raises what `audit` raises."""
    collected, head = _collected(order)
    facts = _facts(order, collected)
    return AuditFrames(_measured(order, facts), facts.tables, head, collected.status, collected.detail)


def _collected(order: Audit) -> tuple[Collected, str | None]:
    with _opened(order) as opened:
        collected = collect_frames(opened, _request(order))
        head = opened.head
    if not collected.frames:
        # An address where nothing answers is most often a wrong one: whoever typed it can answer that.
        error = ProjectError if collected.status == "unreachable" else CollectError
        raise error(f"{order.target}: {collected.detail}")
    if order.is_offline or not _ADDRESS.match(order.target):
        return collected, head
    key = secrets.token_bytes(32)
    told = forge_frames(order.target, order.mirrors, order.started_at, key, order.hosts)
    told[_ACCOUNTS] = named_accounts(collected.aliases, key)
    gaps = pl.concat([collected.frames["gap"], told.pop("gap")])
    return replace(collected, frames={**collected.frames, **told, "gap": gaps}), head


def _measured(order: Audit, facts: Facts) -> pl.DataFrame:
    return measure_subject(facts, order.as_of, catalogue(), "audit", __version__)


@contextmanager
def _opened(order: Audit) -> Iterator[Opened]:
    if not _ADDRESS.match(order.target):
        with overlay(Path(order.target)) as opened:
            yield opened
        return
    with tempfile.TemporaryDirectory(prefix="oshealth-") as folder:
        yield refresh(order.target, Path(folder), Limits(), Mirrors.parse(order.mirrors), order.hosts)


def _request(order: Audit) -> Request:
    """With a key that is thrown away: the hashes of one audit cannot be compared with any other's."""
    return Request(
        repository=_name(order.target),
        url=order.target,
        key=secrets.token_bytes(32),
        crawled_at=order.started_at,
        with_dependencies=True,
        manifests_at=end_of_day(order.as_of),
    )


def _name(target: str) -> str:
    if _ADDRESS.match(target):
        return repository_id(target)
    return f"local/{Path(target).resolve().name}"


def _facts(order: Audit, collected: Collected) -> Facts:
    commits = collected.frames["commit"]
    people = resolve_people(collected.aliases, commits_of(commits), load_registry())
    if _ACCOUNTS in collected.frames:
        people = with_accounts(people, collected.frames[_ACCOUNTS])
    frames = {"identity": people.identity, "affiliation": people.affiliation, "organisation": people.organisation}
    name = _name(order.target)
    return Facts(
        Subject("repository", name, (name,)),
        {**collected.frames, **frames, **_packages(order, collected.frames.get("dependency", DEPENDENCY.to_frame()))},
        read_at={name: ReadAt(end_of_day(order.as_of), order.started_at)},
    )


def _names(aliases: pl.DataFrame, facts: Facts) -> dict[str, str]:
    """The name that each person used in most commits."""
    named = facts.table("identity").join(aliases, on="alias").sort("commit_count", "name", descending=[True, False])
    return dict(named.unique("person", keep="first", maintain_order=True).select("person", "name").iter_rows())


def _measurement(row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    units = {card.id: card.unit for card in catalogue()}
    return {
        "metric": row["metric"],
        "value": row["value"],
        "label": row["label"],
        "unit": units[row["metric"]],
        "grade": row["grade"],
        "sample_size": row["sample_size"],
        "coverage": row["coverage"],
        "reason": row["reason"],
        "evidence": _with_names(json.loads(row["evidence"]), names),
    }


def _with_names(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, list):
        return [_with_names(each, names) for each in value]
    if isinstance(value, dict):
        return {key: _with_names(each, names) for key, each in value.items()}
    return value


def _packages(order: Audit, dependencies: pl.DataFrame) -> Mapping[str, pl.DataFrame]:
    """What registries say of the packages that run or build, as far as there is time for it, or as it is kept."""
    counted = dependencies.filter(pl.col("scope").is_null() | (pl.col("scope") != "development"))
    cache = package_cache(os.environ, Path.home())
    if counted.is_empty():
        return {}
    if order.is_offline:
        return cache.of(counted)
    from oshealth.pipeline.collecting.asking import ask_once  # noqa: PLC0415 (imports the HTTP client)

    return ask_once(counted, cache, order.started_at)


def _finding(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "evidence": json.loads(row["evidence"])}


def _write_sbom(order: Audit, path: Path, head: str | None, facts: Facts) -> None:
    from oshealth.pipeline.auditing.sbom import write_sbom  # noqa: PLC0415 (slow to import)

    try:
        write_sbom(path, facts.subject.id, head, facts.needs, order.started_at)
    except OSError as error:
        raise ProjectError(f"{path} cannot be written: {error.strerror or error}") from None


def _draw(order: Audit, page: Path, facts: Facts, rows: pl.DataFrame, answer: Audited) -> None:
    """The page that the nightly run would draw, from a warehouse in memory with the same views."""
    from oshealth.pipeline.computing.judging import judged_contents  # noqa: PLC0415 (imports the warehouse)
    from oshealth.reports.codebase import audit_page  # noqa: PLC0415
    from oshealth.warehouse import Contents, build_in_memory  # noqa: PLC0415

    past = measure_history(facts, month_ends(facts, order.as_of), catalogue(), "audit", __version__)
    name = facts.subject.id
    ledger = Ledger(name, order.target, order.started_at, answer.status, answer.detail, answer.head)
    contents = Contents(
        facts=facts.tables,
        people=facts.tables,
        measurements=pl.concat([past, rows]),
        metrics=catalogue(),
        ledgers=[ledger],
    )
    contents = judged_contents(contents, Snapshot(facts, order.as_of))
    with build_in_memory(contents) as connection:
        try:
            audit_page(connection, name, page)
        except OSError as error:
            raise ProjectError(f"{page} cannot be written: {error.strerror or error}") from None
