"""Ask the forge of one repository, and land what it tells."""

import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import zip_longest
from urllib.parse import urlsplit

import polars as pl

from oshealth.collect.address import Mirrors
from oshealth.collect.forges.answers import ForgeError
from oshealth.collect.forges.connection import AUDIT, LAST, RUN, Asker, has_token, open_forge, repositories_of
from oshealth.collect.forges.pace import Patience
from oshealth.collect.forges.reading import ForgeFacts, ForgeRequest, NoPages, read_forge
from oshealth.collect.forges.way import ForgePlace, forge_at
from oshealth.facts import FORGE_TABLES, TABLES, Gap
from oshealth.people.erasure import pseudonyms_of, read_erased, without_erased
from oshealth.pipeline.watched.former_homes import FormerHome, expected_of_former
from oshealth.pipeline.watched.groups import keep_group
from oshealth.pipeline.watched.order import Order, Outcome
from oshealth.pipeline.watched.project import Project, Target
from oshealth.sources import Host, repository_id
from oshealth.store import PartialFolder

NO_FORGE = "Its host is no forge that is known: name it under [[host]] in sources.toml."
MIRRORED = "Questions and answers were not read, because the code came from a copy. Whoever runs oshealth can set {}."
_WHATS = ("forge", "issue", "change_request", "review", "response", "fork", "forge_release")
_EXPECTED = frozenset({"no_forge", "mirrored", "no_token"})


def forge_one(order: Order, target: Target, *, is_last_attempt: bool = False) -> Outcome:
    """Bring up to date what a repository's forge tells.

    Raises:
        LimitSpent: its limit is to be waited for, and this was not the last attempt.
    """
    project = order.project()
    if project.facts.ledger(target.id) is None:
        return Outcome("forge", target.url, "unchanged", "there are no facts yet to add to")
    found = _asked(order, project, target, LAST if is_last_attempt else RUN)
    found = expected_of_former(found) if target.is_former_home else found
    has_landed = land(order, project, target.id, found)
    detail = next((gap.detail for gap in found.gaps if gap.what == "forge"), "")
    if found.error and found.error.reason not in _EXPECTED:
        return Outcome("forge", target.url, "failed", str(found.error))
    return Outcome("forge", target.url, "done" if has_landed and not found.error else "unchanged", detail)


def expand_group(order: Order, url: str, *, is_last_attempt: bool = False) -> Outcome:
    """Keep which repositories a group has; where the forge does not tell, those of the last time stand.

    Raises:
        LimitSpent: its limit is to be waited for, and this was not the last attempt.
    """
    project = order.project()
    place = forge_at(url, project.sources.host, is_group=True)
    if place is None:
        return Outcome("forge", url, "failed", NO_FORGE)
    try:
        found = repositories_of(place, _asker(project, LAST if is_last_attempt else RUN))
    except ForgeError as error:
        return Outcome("forge", url, "failed", str(error))
    is_new = keep_group(project.data, url, found)
    return Outcome("forge", url, "done" if is_new else "unchanged", f"{len(found)} repositories")


def forge_frames(
    url: str, mirrors: Sequence[str], asked_at: datetime, key: bytes, hosts: Sequence[Host] = ()
) -> dict[str, pl.DataFrame]:
    """What a forge tells in an audit: its tables, and a frame `gap`; accounts are hashed with the key."""
    repository = repository_id(url)
    try:
        place = _may_ask(forge_at(url, hosts), url, mirrors)
        forge = open_forge(place, repository, Asker(os.environ, key, hosts, patience=AUDIT))
        found = read_forge(forge, ForgeRequest(repository, place.path, asked_at), {}, NoPages())
    except ForgeError as error:
        found = _nothing(error)
    return {**found.frames, "gap": _gaps(repository, found)}


def by_host(urls: Iterable[str]) -> list[str]:
    """Addresses of different hosts in turn: where one host lets all wait, the others go on."""
    hosts: dict[str, list[str]] = {}
    for url in urls:
        hosts.setdefault(urlsplit(url).hostname or "", []).append(url)
    return [url for turn in zip_longest(*hosts.values()) for url in turn if url]


def _asker(project: Project, patience: Patience) -> Asker:
    sources = project.sources
    return Asker(os.environ, project.alias_key, sources.host, sources.limits.concurrency, patience)


def _asked(order: Order, project: Project, target: Target, patience: Patience) -> ForgeFacts:
    try:
        place = _may_ask(forge_at(target.url, project.sources.host), target.url, order.mirrors)
        forge = open_forge(place, target.id, _asker(project, patience))
        if target.is_former_home:
            forge = FormerHome(forge.kind, forge.gaps, forge, target.repository.id)
    except ForgeError as error:
        return _nothing(error)
    earlier = {table: project.facts.read(target.id, table) for table in FORGE_TABLES}
    pages = PartialFolder(project.data, target.id)
    return read_forge(forge, ForgeRequest(target.id, place.path, order.started_at), earlier, pages)


def _may_ask(place: ForgePlace | None, url: str, mirrors: Sequence[str]) -> ForgePlace:
    """The same place.

    Raises:
        ForgeError: there is none, or it is not asked.
    """
    if place is None:
        raise ForgeError("no_forge", NO_FORGE)
    if Mirrors.parse(mirrors).place(url).is_operators and not has_token(place, os.environ):
        raise ForgeError("mirrored", MIRRORED.format(place.variables[0]))
    return place


def _nothing(error: ForgeError) -> ForgeFacts:
    return ForgeFacts({}, (Gap("forge", error.reason, str(error)),), error)


def land(order: Order, project: Project, repository: str, found: ForgeFacts) -> bool:
    """Land the tables and gaps that are not as they were; whether there are any.

    Whoever was erased stays so: a forge tells of their accounts again and again.
    """
    store, pseudonyms = project.facts, pseudonyms_of(read_erased(project.private))
    frames = {table: without_erased(frame, pseudonyms) for table, frame in found.frames.items()}
    changed = {table: frame for table, frame in frames.items() if _differs(frame, store.read(repository, table), table)}
    before = store.read(repository, "gap")
    gaps = pl.concat([before.filter(~pl.col("what").is_in(_WHATS)), _gaps(repository, found)])
    if not changed and gaps.equals(before):
        return False
    if changed and "forge_repository" in found.frames:
        changed["forge_repository"] = frames["forge_repository"]
    store.add(repository, {**changed, "gap": gaps}, order.started_at)
    return bool(changed)


def _gaps(repository: str, found: ForgeFacts) -> pl.DataFrame:
    rows = [(repository, gap.what, gap.reason, gap.detail, gap.count) for gap in found.gaps]
    return pl.DataFrame(rows, schema=TABLES["gap"], orient="row")


def _differs(frame: pl.DataFrame, before: pl.DataFrame, table: str) -> bool:
    """Whether a table says anything new. When it was read, and its mark of the answer, are not new by themselves."""
    if table == "forge_repository":
        frame, before = (each.drop("read_at", "etag") for each in (frame, before))
    return not frame.equals(before)
