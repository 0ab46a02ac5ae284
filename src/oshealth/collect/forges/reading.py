"""Read what a forge tells of one repository: complete or not at all, only what changed, and on after a stop."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import polars as pl

from oshealth.collect.forges.answers import KINDS, UNREADABLE, Asked, Forge, ForgeError, Kind, Overview, Page, Row, Rows
from oshealth.collect.forges.frames import frame_of, moments_of
from oshealth.collect.forges.merging import merged, surplus
from oshealth.collect.forges.paging import Paging
from oshealth.facts import Gap
from oshealth.sources import repository_id

OVERLAP = timedelta(minutes=10)
"""A forge's search index may be late: changes of so long before the last crawl are asked for again."""
KEPT = timedelta(days=7)
"""Older pages of a stopped crawl are asked for again."""
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?(/[A-Za-z0-9._~-]+)+")
"""Of a repository; what a forge gives for one is told to people, and nothing else is."""
_WHAT = "forge"
_REFUSED = "http_403"
_NAMES: Mapping[Kind, str] = {"issue": "issues", "change_request": "change requests"}
Frames = dict[str, pl.DataFrame]


class Pages(Protocol):
    """Where pages are kept until all are there: store.PartialFolder, or nowhere."""

    def pages(self, listing: str, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]: ...

    def add(self, listing: str, asked: Mapping[str, Any], number: int, page: Mapping[str, Any]) -> None: ...

    def clear(self) -> None: ...


class NoPages:
    """Pages that are not kept."""

    def pages(self, listing: str, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:  # noqa: ARG002
        """None."""
        return iter(())

    def add(self, listing: str, asked: Mapping[str, Any], number: int, page: Mapping[str, Any]) -> None:
        """Keep nothing."""

    def clear(self) -> None:
        """Forget nothing."""


@dataclass(frozen=True)
class ForgeRequest:
    """What is asked for."""

    repository: str
    path: str
    """On the forge: "owner/name"."""
    asked_at: datetime


@dataclass(frozen=True)
class ForgeFacts:
    """What was found."""

    frames: Frames
    """By table of `facts.FORGE_TABLES`; tables that are missing stand as they were."""
    gaps: tuple[Gap, ...]
    error: ForgeError | None = None
    """Why the forge told no more; then the tables stand as they were."""

    @property
    def moved_to(self) -> str | None:
        row = self.frames.get("forge_repository")
        return None if row is None or row.is_empty() else row["moved_to"][0]


def read_forge(forge: Forge, request: ForgeRequest, earlier: Frames, pages: Pages) -> ForgeFacts:
    """Bring the tables of a forge up to date. `earlier` holds those of the crawl before."""
    known = _known(earlier)
    try:
        found = _told(forge, request, earlier, pages)
    except ForgeError as error:
        return _failed(error, known, request, forge)
    except _ODD:
        # A server may answer anything. What it sent is not shown: nobody knows what stands in it.
        odd = ForgeError("unreadable", UNREADABLE)
        return _failed(odd, known, request, forge)
    pages.clear()
    return found


_ODD = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError, pl.exceptions.PolarsError)
"""What comes of an answer of another shape."""


def _told(forge: Forge, request: ForgeRequest, earlier: Frames, pages: Pages) -> ForgeFacts:
    known = _known(earlier)
    overview = forge.overview(request.path, known)
    row = _row(forge, request, known, overview)
    if row["status"] == "replaced":
        return _replaced(row)
    reading = _Reading(forge, request, earlier, pages, overview.path)
    frames = _read(reading, known, overview.read_at or request.asked_at)
    row |= {"read_at": reading.read_at, "surplus": reading.surplus}
    for table, rows in overview.rows.items():
        frames[table] = frame_of(table, rows)
    frames["forge_repository"] = frame_of("forge_repository", [row])
    return ForgeFacts(frames, (*forge.gaps, *overview.gaps, *reading.gaps, *_moved_gap(row)))


def _read(reading: "_Reading", known: Row, read_at: datetime) -> Frames:
    """The tables of issues and requests; none where the forge tells too little without a token."""
    try:
        return reading.frames(known.get("read_at"), read_at)
    except ForgeError as error:
        if error.reason != "no_token":
            raise
        reading.gaps = tuple(Gap(kind, error.reason, str(error)) for kind in KINDS)
        reading.read_at, reading.surplus = known.get("read_at"), known.get("surplus")
        return {}


@dataclass
class _Reading:
    """One reading of issues and requests."""

    forge: Forge
    request: ForgeRequest
    earlier: Frames
    store: Pages
    path: str
    read_at: datetime | None = None
    surplus: int | None = None
    gaps: tuple[Gap, ...] = ()

    def frames(self, since: datetime | None, read_at: datetime) -> Frames:
        """The tables, those of the crawl before with what changed since; all anew where the forge counts others."""
        unread = {gap.what for gap in self.forge.gaps}
        kinds = [kind for kind in KINDS if kind not in unread]
        found, totals = self._read(kinds, since, read_at)
        # Rows of a kind that is refused today stand as they were, with their answers.
        frames = merged(self.earlier if since or self.gaps else {}, found)
        if since and not self.gaps and self._counts_differ(frames, totals):
            found, totals = self._read(kinds, None, read_at)
            frames = merged({}, found)
        if self.gaps:
            # What changes meanwhile is asked for once the kind is shown.
            self.read_at = since
        self.surplus = surplus(frames, totals)
        return frames

    def _read(self, kinds: list[Kind], since: datetime | None, read_at: datetime) -> tuple[Rows, dict[str, int]]:
        rows: Rows = {table: [] for table in ("review", "response", "profile")}
        totals: dict[str, int] = {}
        refusals: dict[Kind, ForgeError] = {}
        self.read_at = read_at
        for kind in kinds:
            asked = Asked(self.path, kind, since - OVERLAP if since else None)
            try:
                pages = list(self._pages(asked, read_at))
            except ForgeError as error:
                if error.reason != _REFUSED or len(refusals) + 1 == len(kinds):
                    raise
                refusals[kind] = error
                continue
            rows[kind] = []
            for page in pages:
                for table, made in page.rows.items():
                    rows[table] += made
                totals |= {kind: page.total} if page.total is not None else {}
        told = ((kind, f"Its {_NAMES[kind]} are not shown. {error}") for kind, error in refusals.items())
        self.gaps = tuple(Gap(kind, _REFUSED, detail) for kind, detail in told)
        return rows, totals

    def _pages(self, asked: Asked, read_at: datetime) -> Iterator[Page]:
        """Pages kept from a crawl that was stopped, then the others, each kept before the next is asked for."""
        how = {"since": asked.since.isoformat() if asked.since else None, "path": asked.path, "forge": self.forge.kind}
        listing = asked.kind if asked.since else f"all_{asked.kind}"
        paging = Paging(asked.kind)
        number, cursor = 0, None
        for kept in self.store.pages(listing, how):
            begun_at = datetime.fromisoformat(kept["read_at"])
            if read_at - begun_at > KEPT:
                self.store.clear()
                break
            self.read_at = min(self.read_at or read_at, begun_at)
            number, cursor = number + 1, kept["cursor"]
            page = Page(moments_of(kept["rows"]), cursor, kept["total"])
            paging.check(page)
            yield page
            if cursor is None:
                return
        while True:
            page = self.forge.page(asked, cursor)
            paging.check(page)
            number += 1
            content = {"rows": page.rows, "cursor": page.cursor, "total": page.total, "read_at": read_at}
            self.store.add(listing, how, number, content)
            yield page
            cursor = page.cursor
            if cursor is None:
                return

    def _counts_differ(self, frames: Frames, totals: dict[str, int]) -> bool:
        """Whether rows were deleted or went to another repository, other than those already known to differ."""
        known = _known(self.earlier).get("surplus") or 0
        return bool(totals) and surplus(frames, totals) != known


def _known(earlier: Frames) -> Row:
    row = earlier.get("forge_repository")
    return {} if row is None or row.is_empty() else row.row(0, named=True)


def _row(forge: Forge, request: ForgeRequest, known: Row, overview: Overview) -> Row:
    """The repository's own row: where it lives, and whether it is still the same."""
    row = {**known, **overview.row, "repository": request.repository, "forge": forge.kind, "missing_since": None}
    if not _ADDRESS.fullmatch(row["url"]):
        raise ValueError("no address")
    if known.get("forge_id") and row["forge_id"] != known["forge_id"]:
        return {**known, "status": "replaced"}
    has_moved = repository_id(row["url"]).lower() != request.repository.lower()
    return {**row, "status": "moved" if has_moved else "ok", "moved_to": _secure(row["url"]) if has_moved else None}


def _secure(url: str) -> str:
    """As it must stand in sources.toml: a forge behind a proxy may know no better than http."""
    return f"https://{url.partition('://')[2]}"


def _moved_gap(row: Row) -> tuple[Gap, ...]:
    if row["status"] != "moved":
        return ()
    return (Gap(_WHAT, "moved", f'The repository has moved: write url = "{row["moved_to"]}" into sources.toml.'),)


def _replaced(row: Row) -> ForgeFacts:
    detail = (
        "Another repository now bears this address: its issues are not taken for those of the one before. "
        "Name the right address in sources.toml."
    )
    frames = {"forge_repository": frame_of("forge_repository", [row])}
    return ForgeFacts(frames, (Gap(_WHAT, "replaced", detail),), ForgeError("replaced", detail))


def _failed(error: ForgeError, known: Row, request: ForgeRequest, forge: Forge) -> ForgeFacts:
    """What stands when the forge does not tell: the tables as they were, and since when it is missing."""
    status = known.get("status")
    missing_since = known.get("missing_since")
    if error.reason == "http_404":
        missing_since = missing_since or request.asked_at
        is_gone = missing_since.date() < request.asked_at.date()
        status = "gone" if is_gone else "missing"
        if is_gone:
            text = f"The forge has known no repository at this address since {missing_since:%Y-%m-%d}."
            error = ForgeError("gone", text)
    elif error.reason in {"http_403", "http_451"}:
        status = "blocked"
    frames: Frames = {}
    if status != known.get("status"):
        told = {"repository": request.repository, "forge": forge.kind, "status": status}
        frames["forge_repository"] = frame_of("forge_repository", [{**known, **told, "missing_since": missing_since}])
    return ForgeFacts(frames, (Gap(_WHAT, error.reason, str(error)),), error)
