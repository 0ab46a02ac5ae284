"""Ask registries about packages: once for all repositories of a run, or within seconds in an audit."""

import os
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import polars as pl

from oshealth.collect.packages import NO, LookedUp, Places, look_up
from oshealth.collect.registries.asking import AskLimits
from oshealth.collect.registries.clients import defaults_of
from oshealth.collect.registries.configured import Registries, read_registries
from oshealth.collect.registries.deps_dev import ADDRESS
from oshealth.facts import DEPENDENCY
from oshealth.licences.judging import REASONS
from oshealth.pipeline.collecting.look_ups import tell
from oshealth.pipeline.watched.order import Order, Outcome
from oshealth.pipeline.watched.project import chosen, targets
from oshealth.store.package_cache import PackageCache

PACKAGES = "packages"
AUDIT_LIMITS = AskLimits(
    budget_seconds=12.0, connect_seconds=1.5, request_seconds=6.0, longest_pause_seconds=2.0, answer_bytes=16_000_000
)
"""Somebody waits for an audit: what is not answered in this time is not known."""


def places(environment: Mapping[str, str], limits: AskLimits) -> Places:
    """Who may be asked, as the environment and the user's configuration of npm and pip say.

    OSHEALTH_DEPS_DEV is the address of a mirror of deps.dev; empty: it is not asked.
    """
    address = environment.get("OSHEALTH_DEPS_DEV", ADDRESS).rstrip("/") or None

    def clients(unnamed: frozenset[str]) -> Registries:
        return read_registries(environment, Path.home(), defaults_of(unnamed, environment))

    return Places(read_registries(environment, Path.home()), address, environment, limits, clients)


def ask_all(order: Order) -> Outcome:
    """Land what registries say about the packages of all repositories; what is known already is not asked again."""
    project = order.project()
    found = list(targets(chosen(project, order.codebases)))
    rows = [project.facts.read(t.id, "dependency") for t in found if not t.is_former_home]
    limits = AskLimits(at_once=project.sources.limits.look_ups)
    known = project.facts.read_packages()
    needed = pl.concat([DEPENDENCY.to_frame(), *rows])
    try:
        looked = look_up(needed, known, places(os.environ, limits), order.started_at, tell)
    finally:
        tell(0, 0)
    if not looked.wanted_count:
        return Outcome("packages", PACKAGES, "unchanged")
    if any(not looked.frames[name].equals(known[name]) for name in known):
        project.facts.write_packages(looked.frames, order.started_at)
    return Outcome("packages", PACKAGES, "done", _told(looked))


def ask_once(dependencies: pl.DataFrame, cache: PackageCache, now: datetime) -> Mapping[str, pl.DataFrame]:
    """The tables of `facts.PACKAGES` for an audit: what was kept of earlier ones, and what is still to be asked."""
    try:
        looked = look_up(dependencies, cache.of(dependencies), places(os.environ, AUDIT_LIMITS), now, tell)
    finally:
        tell(0, 0)
    if looked.wanted_count:
        cache.add(looked.frames, pl.col("reason").is_null() | pl.col("reason").is_in(NO))
    return looked.frames


def _told(looked: LookedUp) -> str:
    """How it went, in one line: an unanswered question is no failure of the run, it is asked again by the next."""
    open_count = looked.wanted_count - looked.answered_count
    told = f"{looked.answered_count} of {looked.wanted_count} packages answered, {looked.request_count} requests"
    if not open_count:
        return told
    words: Counter[str] = Counter()
    for reason, count in looked.reasons.items():
        words[REASONS.get(reason, reason)] += count
    reasons = ", ".join(f"{count} ({reason})" for reason, count in words.most_common())
    return f"{told}; without an answer: {reasons}"
