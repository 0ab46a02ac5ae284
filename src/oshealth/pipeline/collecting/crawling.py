"""Crawl one repository: refresh its mirror, land what is new, say how it ended."""

import re

from oshealth.collect.address import Mirrors
from oshealth.collect.errors import AddressError
from oshealth.collect.git import Request, crawl
from oshealth.collect.mirror import refresh
from oshealth.facts import STATUS_MEANING
from oshealth.pipeline.collecting.comparing import compare
from oshealth.pipeline.watched.order import Order, Outcome, end_of_day
from oshealth.pipeline.watched.project import Target
from oshealth.sources import repository_id
from oshealth.store import Ledger

PASSING = re.compile(
    r"resolve host|connect|timed out|timeout|reset by peer|early EOF|RPC failed|hung up|unexpected disconnect"
    r"|returned error: (429|5\d\d)|SSL_ERROR|TLS",
    re.IGNORECASE,
)
"""What git says of a fault that may be gone in a moment."""


class MayPass(Exception):  # noqa: N818 (the name says what it means for whoever catches it)
    """A fault that may be gone when the stage is tried again."""


def crawl_one(order: Order, target: Target, *, is_last_attempt: bool = False) -> Outcome:
    """Bring one repository's facts up to date.

    Raises:
        MayPass: it could not be reached, and this was not the last attempt.
    """
    project = order.project()
    repository = target.repository
    mirrors = Mirrors.parse(order.mirrors)
    try:
        opened = refresh(target.url, project.mirror_folder, project.child_limits, mirrors, project.sources.host)
    except AddressError as error:
        ledger = Ledger(target.id, target.url, order.started_at, "unreachable", str(error))
        return _outcome(target, project.facts.write_unread(ledger), None)
    if opened.status in {"unreachable", "timed_out"} and PASSING.search(opened.detail) and not is_last_attempt:
        raise MayPass(opened.detail)
    request = Request(
        repository=target.id,
        url=target.url,
        key=project.alias_key,
        crawled_at=order.started_at,
        tag_pattern=repository.tag_pattern,
        manifests_at=end_of_day(order.as_of) if order.as_of < order.started_at.date() else None,
        with_branch_counts=repository.fork_of is not None,
        with_dependencies=True,
    )
    before = project.facts.ledger(target.id)
    ledger = crawl(opened, request, project.facts, project.private, _lenders(target))
    if repository.fork_of and not target.is_former_home:
        compare(project, target.url, repository.fork_of, order.started_at)
    return _outcome(target, ledger, before)


def _lenders(target: Target) -> list[str]:
    """Repositories that share commits with this one: its upstream, its homes, and its home of today."""
    repository = target.repository
    related = [repository.url, *repository.former, *([repository.fork_of] if repository.fork_of else [])]
    return [repository_id(url) for url in related if repository_id(url) != target.id]


def _outcome(target: Target, ledger: Ledger, before: Ledger | None) -> Outcome:
    if ledger.status in {"ok", "partial", "shallow", "empty", "unborn"}:
        is_same = before is not None and before.fingerprint == ledger.fingerprint and not before.is_stale
        detail = "" if ledger.status == "ok" else ledger.detail or STATUS_MEANING[ledger.status]
        is_whole = ledger.status in {"ok", "shallow"}
        return Outcome("crawl", target.url, ("unchanged" if is_same else "done") if is_whole else "failed", detail)
    stale = " The figures from before stay, marked as stale." if ledger.is_stale else ""
    return Outcome("crawl", target.url, "failed", (ledger.detail or STATUS_MEANING[ledger.status]) + stale)
