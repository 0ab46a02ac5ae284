"""What is known of packages: asked once for all repositories, and kept for good by package URL and source.

deps.dev is asked first, many versions at a time; the registries of the user's own npm and pip then for what is still
unknown; the user's apt for system packages. What gives no answer is asked again by the next run.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import polars as pl

from oshealth.collect.package_rows import rows_of
from oshealth.collect.registries import debian, deps_dev
from oshealth.collect.registries.answer import INEXACT, Found, Unanswered, Wanted, is_exact
from oshealth.collect.registries.asking import Asker, AskLimits
from oshealth.collect.registries.configured import Registries
from oshealth.collect.registries.npm import ask_npm
from oshealth.collect.registries.python import ask_python
from oshealth.facts import PACKAGE, PACKAGE_RELEASE, PACKAGES

FRESH_FOR = timedelta(days=7)
"""How long the list of a package's versions, or the newest version's licence, is taken as it stands."""

RETRY_AFTER = timedelta(hours=20)
"""How long a no is taken for a no: the next night asks again, an hour later nobody does."""

NO = ("http_404", "no_licence", "unlicensed", "no_such_version", "not_in_lists")
"""Reasons that are an answer; all others are asked again at once."""
_SCOPES = ("runtime", "build", "development")
_DATED = frozenset(deps_dev.SYSTEMS)
"""Ecosystems whose sources tell when versions were released."""
_ASKED = _DATED | {"deb"}
_REGISTRIES = {"npm": ask_npm, "pypi": ask_python}

Progress = Callable[[int, int], None]
"""Is told how many of how many packages are done."""
Clients = Callable[[frozenset[str]], Registries]
"""Asks the user's own npm, pip or both which registries count; it takes a second, so only where a package needs it."""


@dataclass(frozen=True)
class Places:
    """Who may be asked."""

    registries: Registries = field(default_factory=Registries)
    deps_dev: str | None = deps_dev.ADDRESS
    environment: Mapping[str, str] | None = None
    """The environment in which the user's apt is asked; not at all without one."""
    limits: AskLimits = field(default_factory=AskLimits)
    clients: Clients | None = None


@dataclass(frozen=True)
class LookedUp:
    """The tables of `facts.PACKAGES` with what was found, and how the looking went."""

    frames: dict[str, pl.DataFrame]
    wanted_count: int = 0
    answered_count: int = 0
    request_count: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    """How many packages stayed without an answer, by reason."""


def look_up(
    dependencies: pl.DataFrame,
    known: Mapping[str, pl.DataFrame],
    places: Places,
    now: datetime,
    progress: Progress | None = None,
) -> LookedUp:
    """Ask for all that is needed and not yet known.

    Args:
        dependencies: rows of `facts.DEPENDENCY`, of all repositories.
        known: the tables of `facts.PACKAGES` from earlier crawls.
        places: who may be asked, and what it may cost.
        now: the moment that the answers bear.
        progress: is told how far it is.
    """
    wanted = _unknown(wanted_packages(dependencies), known, now)
    if not wanted:
        return LookedUp({name: known.get(name, schema.to_frame()) for name, schema in PACKAGES.items()})
    looking = _Looking(places, progress or (lambda _done, _all: None), len(wanted))
    asyncio.run(looking.run(wanted))
    return LookedUp(
        frames=rows_of(known, wanted, looking.found, now),
        wanted_count=len(wanted),
        answered_count=sum(any(not f.reason for f in looking.found.get(one.purl, ())) for one in wanted),
        request_count=looking.request_count,
        reasons=_reasons(looking.found.values()),
    )


def wanted_packages(dependencies: pl.DataFrame) -> list[Wanted]:
    """Each package once: what runs first, then what builds, then what develops; direct ones before the others."""
    asked = dependencies.filter(
        pl.col("state") == "ok", pl.col("purl").is_not_null(), pl.col("ecosystem").is_in(_ASKED)
    )
    order = pl.col("scope").replace_strict({s: i for i, s in enumerate(_SCOPES)}, default=0, return_dtype=pl.Int8)
    # A lock file that only says "SEE LICENSE IN …" says nothing.
    is_licensed = pl.col("declared_licence").str.contains(INEXACT).not_().fill_null(value=False)
    rows = asked.group_by("purl", "repository").agg(
        pl.col("ecosystem", "name").first(),
        pl.col("resolved_version").drop_nulls().first(),
        order.min().alias("order"),
        pl.col("is_direct").fill_null(value=False).any(),
        is_licensed.any().alias("is_licensed"),
    )
    # What one repository's lock file says is not said for another's.
    rows = (
        rows.sort("repository")
        .group_by("purl")
        .agg(
            pl.col("ecosystem", "name").first(),
            pl.col("resolved_version").drop_nulls().first(),
            pl.col("order").min(),
            pl.col("is_direct").any(),
            pl.col("is_licensed").all(),
        )
    )
    rows = rows.filter(~pl.col("is_licensed") | pl.col("is_direct")).sort("order", ~pl.col("is_direct"), "purl")
    columns = ("purl", "ecosystem", "name", "resolved_version", "is_direct")
    return [
        Wanted(purl, ecosystem, name, version, is_direct and ecosystem in _DATED)
        for purl, ecosystem, name, version, is_direct in rows.select(columns).iter_rows()
    ]


def _reasons(found: Iterable[Sequence[Found]]) -> Counter[str]:
    """Why packages have no answer: of each that which was said last, by whom else there was to ask."""
    return Counter(of_one[-1].reason or "" for of_one in found if all(each.reason for each in of_one))


def _unknown(wanted: Iterable[Wanted], known: Mapping[str, pl.DataFrame], now: datetime) -> list[Wanted]:
    """What no earlier crawl has settled. A licence once told stays; dates of versions grow old, and a no."""
    packages = known.get("package", PACKAGE.to_frame())
    told = dict(packages.filter(pl.col("licences_raw").list.len() > 0).select("purl", "fetched_at").iter_rows())
    is_no = pl.col("reason").is_in(NO) & (pl.col("fetched_at") > now - RETRY_AFTER)
    denied = frozenset(packages.filter(is_no)["purl"])
    releases = (
        known.get("package_release", PACKAGE_RELEASE.to_frame()).group_by("package").agg(pl.col("fetched_at").max())
    )
    dated = dict(releases.iter_rows())
    oldest = now - FRESH_FOR

    def is_settled(one: Wanted) -> bool:
        is_told = one.purl in told and (one.version is not None or told[one.purl] >= oldest)
        if one.purl in denied and not is_told:
            return True
        return is_told and (not one.with_releases or (one.package in dated and dated[one.package] >= oldest))

    return [one for one in wanted if not is_settled(one)]


class _Looking:
    """One round of asking."""

    def __init__(self, places: Places, progress: Progress, total: int) -> None:
        self._places = places
        self._registries = places.registries
        self._limits = places.limits
        self._progress = progress
        self._total = total
        self._batch_fault: str | None = None
        self._done = 0
        self.found: dict[str, list[Found]] = {}
        self.request_count = 0

    async def run(self, wanted: Sequence[Wanted]) -> None:
        self._ask_apt(wanted)
        async with Asker(self._limits) as asker:
            try:
                async with asyncio.timeout(self._limits.budget_seconds):
                    await self._ask_in_batches(asker, wanted)
                    await self._ask_clients(wanted)
                    await self._ask_one_by_one(asker, wanted)
            except TimeoutError:
                pass
            self.request_count = asker.count
        for one in wanted:
            self.found.setdefault(one.purl, [Found("none", reason="not_asked_in_time")])

    def _ask_apt(self, wanted: Sequence[Wanted]) -> None:
        system = {one.purl: one.name for one in wanted if one.ecosystem == "deb"}
        if system and self._places.environment is not None:
            sections = debian.sections_of(system.values(), self._places.environment)
            for purl, name in system.items():
                licence = debian.SECTIONS.get(sections.get(name, ""))
                reason = None if licence else "not_in_lists"
                self.found[purl] = [Found(debian.SOURCE, (licence,) if licence else (), reason=reason)]

    async def _ask_in_batches(self, asker: Asker, wanted: Sequence[Wanted]) -> None:
        if self._places.deps_dev is None:
            self._batch_fault = "no_registry"
            return
        try:
            answers = await deps_dev.ask_versions(asker, self._places.deps_dev, wanted)
        except Unanswered as unanswered:
            self._batch_fault = str(unanswered)
            return
        for purl, found in answers.items():
            self.found[purl] = [found]

    async def _ask_clients(self, wanted: Sequence[Wanted]) -> None:
        """Where nothing names the registry of what is still to be asked, the client tells it."""
        needed = frozenset(one.ecosystem for one in wanted if self._needs_registry(one))
        if self._places.clients and (unnamed := needed & self._registries.unnamed):
            self._registries = await asyncio.to_thread(self._places.clients, unnamed)

    async def _ask_one_by_one(self, asker: Asker, wanted: Sequence[Wanted]) -> None:
        """As many workers as may ask at once, each taking the next package."""
        waiting = iter(wanted)

        async def work() -> None:
            for one in waiting:
                await self._ask(asker, one)
                self._done += 1
                self._progress(self._done, self._total)

        async with asyncio.TaskGroup() as group:
            for _ in range(min(self._limits.at_once, len(wanted))):
                group.create_task(work())

    async def _ask(self, asker: Asker, one: Wanted) -> None:
        have = self.found.get(one.purl, [])
        if one.ecosystem == "deb":
            self.found.setdefault(one.purl, [Found(debian.SOURCE, reason="no_registry")])
            return
        if self._is_told(one) and not one.with_releases:
            return
        answer = await self._one(asker, one)
        if answer.reason is None or not have:
            have = [found for found in have if found.licences or found.source != answer.source] + [answer]
        self.found[one.purl] = have

    def _is_told(self, one: Wanted) -> bool:
        return any(is_exact(found.licences) for found in self.found.get(one.purl, ()))

    def _needs_registry(self, one: Wanted) -> bool:
        """Whether its registry is asked: for a licence, and for dates only where deps.dev does not tell them."""
        is_wanted = not self._is_told(one) or (one.with_releases and self._batch_fault is not None)
        return one.ecosystem in _REGISTRIES and is_wanted

    async def _one(self, asker: Asker, one: Wanted) -> Found:
        """The registry's answer; where only dates are missing or there is no registry, those of deps.dev."""
        reason, source = self._batch_fault or "not_known_there", deps_dev.SOURCE
        if self._needs_registry(one):
            try:
                return await _REGISTRIES[one.ecosystem](asker, self._registries, one)
            except Unanswered as unanswered:
                if str(unanswered) != "no_registry":
                    reason, source = str(unanswered), "registry"
        if one.with_releases and self._places.deps_dev is not None and self._batch_fault is None:
            try:
                return await deps_dev.ask_releases(asker, self._places.deps_dev, one)
            except Unanswered as unanswered:
                reason = str(unanswered)
        return Found(source, reason=reason)
