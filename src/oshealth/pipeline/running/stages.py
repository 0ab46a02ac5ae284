"""What each stage does for one item: a repository's address, a subject's id, or the whole.

A stage returns how it ended. It raises `MayPass` for what may pass when tried again, and nothing else that is known.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from oshealth.pipeline.collecting.asking import PACKAGES, ask_all
from oshealth.pipeline.collecting.comparing_forks import compare_forks
from oshealth.pipeline.collecting.crawling import MayPass, crawl_one
from oshealth.pipeline.collecting.forging import by_host, expand_group, forge_one
from oshealth.pipeline.collecting.maintaining import maintain
from oshealth.pipeline.computing.gathering import subjects_of
from oshealth.pipeline.computing.identifying import identify_all
from oshealth.pipeline.computing.loading import load_warehouse
from oshealth.pipeline.computing.measuring import measure_one
from oshealth.pipeline.computing.notes import of_page
from oshealth.pipeline.computing.reporting import REPORT, dashboards, is_written, write_dashboard, write_report
from oshealth.pipeline.running.workers import in_worker
from oshealth.pipeline.watched.order import Order, Outcome, failed
from oshealth.pipeline.watched.project import Target, chosen, targets
from oshealth.store import Ledger, RunFolder
from oshealth.warehouse import WarehouseError

__all__ = ["MayPass"]


def waves(order: Order) -> Iterator[Sequence[str]]:
    """The addresses to crawl; forks after all others, since they borrow what their upstream's crawl has read."""
    if order.is_offline:
        return
    project = order.project()
    found = list(targets(chosen(project, order.codebases)))
    forks = [target.url for target in found if target.repository.fork_of]
    yield [target.url for target in found if target.url not in forks]
    if forks:
        yield forks


def subjects(order: Order) -> list[str]:
    """What is measured, by id, the largest first: one that starts last should not be the longest.

    A codebase with one repository of its own is measured with it. What was never crawled is measured as unknown.
    """
    project = order.project()
    found = subjects_of(chosen(project, order.codebases))
    sizes = {s.id: sum(_rows(project.facts.ledger(name)) for name in s.repositories) for s in found}
    wanted = [s for s in found if s.kind == "repository" or len(s.repositories) != 1]
    return [s.id for s in sorted(wanted, key=lambda s: -sizes[s.id])]


def _rows(ledger: Ledger | None) -> int:
    return ledger.rows.get("change", 0) if ledger else 0


def _target(order: Order, url: str) -> Target:
    return next(target for target in targets(order.project().sources.codebase) if target.url == url)


def crawl(order: Order, url: str) -> Outcome:
    """Refresh a repository's mirror and land its facts."""
    return in_worker(crawl_one, order, _target(order, url))


def crawl_at_last(order: Order, url: str) -> Outcome:
    """The last attempt: what could not be reached keeps yesterday's rows, marked stale, and a gap with the reason."""
    return in_worker(partial(crawl_one, is_last_attempt=True), order, _target(order, url))


def forges(order: Order) -> list[str]:
    """The addresses whose forge is asked: those watched, and their former homes, which lend their issues."""
    if order.is_offline:
        return []
    found = list(targets(chosen(order.project(), order.codebases)))
    # Former homes come last: where a limit is spent, what lives today was asked about.
    homes = [target.url for target in found if not target.is_former_home]
    former = [target.url for target in found if target.is_former_home]
    return [*by_host(homes), *by_host(former)]


def groups(order: Order) -> list[str]:
    """The addresses of groups that stand for their repositories."""
    if order.is_offline:
        return []
    return [group.url for codebase in chosen(order.project(), order.codebases) for group in codebase.group]


def forge(order: Order, url: str) -> Outcome:
    """Land what a repository's forge tells. It waits more than it computes: no process of its own."""
    return _forge(order, url, is_last_attempt=False)


def forge_at_last(order: Order, url: str) -> Outcome:
    """The last attempt: a limit that is spent becomes a gap, and the next run goes on where this one stopped."""
    return _forge(order, url, is_last_attempt=True)


def _forge(order: Order, url: str, *, is_last_attempt: bool) -> Outcome:
    if url in groups(order):
        return expand_group(order, url, is_last_attempt=is_last_attempt)
    return forge_one(order, _target(order, url), is_last_attempt=is_last_attempt)


def forked(order: Order) -> list[str]:
    """The addresses whose most active forks are compared with them, where sources.toml asks for it."""
    if order.is_offline:
        return []
    return [
        r.url
        for codebase in chosen(order.project(), order.codebases)
        for r in codebase.repository
        if codebase.forks_wanted(r)
    ]


def compare_found_forks(order: Order, url: str) -> Outcome:
    """Land how the most active forks of a repository differ from it."""
    codebases = order.project().sources.codebase
    wanted = next(c.forks_wanted(r) for c in codebases for r in c.repository if r.url == url)
    return in_worker(compare_forks, order, url, wanted)


def packages(order: Order) -> list[str]:
    """What registries are asked about: the packages of all repositories together, once."""
    return [] if order.is_offline else [PACKAGES]


def ask_packages(order: Order, _: str) -> Outcome:
    """Land what registries tell of packages. It waits more than it computes: no process of its own."""
    return ask_all(order)


def maintained(order: Order) -> list[str]:
    """The addresses whose recent changes PyDriller looks at: those that are measured, unless sources.toml says no."""
    project = order.project()
    if order.is_offline or not project.sources.limits.maintainability_seconds:
        return []
    found = targets(chosen(project, order.codebases))
    return [t.url for t in found if not t.is_former_home and _rows(project.facts.ledger(t.id))]


def maintainability(order: Order, url: str) -> Outcome:
    """Measure the maintainability of recent changes, within the budget of one run."""
    project = order.project()
    budget_seconds = project.sources.limits.maintainability_seconds
    count = in_worker(maintain, project, url, order.as_of, order.started_at, budget_seconds)
    return Outcome("maintainability", url, "done" if count else "unchanged", f"{count} recent changes" if count else "")


def identify(order: Order, _: str) -> Outcome:
    """Say who is who, for all repositories together."""
    return in_worker(identify_all, order)


def measure(order: Order, subject: str) -> Outcome:
    """Measure one subject."""
    found = next(s for s in subjects_of(order.project().sources.codebase) if s.id == subject)
    return in_worker(measure_one, order, found)


def keep_run(order: Order, outcomes: Sequence[Outcome]) -> None:
    """Land what was measured, as one run."""
    bad = [f"{outcome.stage} {outcome.item}" for outcome in outcomes if outcome.end == "failed"]
    RunFolder(order.project().facts, order.run_id).land(order.started_at, f"failed: {', '.join(bad)}" if bad else "")


def load(order: Order, _: str) -> Outcome:
    """Build the warehouse from all facts and put it in place, unless it was made of the same."""
    return load_warehouse(order)


def pages(order: Order) -> list[str]:
    """What is written from the warehouse: the report, and each dashboard of the project folder."""
    return [REPORT, *(path.name for path in dashboards(order.project()))]


def report(order: Order, item: str) -> Outcome:
    """Write the report or one dashboard from the warehouse, unless that was done."""
    project = order.project()
    note = of_page(project, item, order.as_of)
    if is_written(project, item) and project.facts.noted(f"page/{item}") == note:
        return Outcome("report", item, "unchanged")
    try:
        written = write_report(project) if item == REPORT else write_dashboard(project, item)
    except (WarehouseError, OSError) as error:
        return failed("report", item, error)
    project.facts.note(f"page/{item}", note)
    return Outcome("report", item, "done", written)
