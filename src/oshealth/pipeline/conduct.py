"""The order of the stages, said once: Prefect and the plain run both follow it."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import ContextVar
from time import monotonic, sleep

from oshealth.pipeline import stages
from oshealth.pipeline.order import Do, Each, Order, Outcome, Stage, failed, timed

ATTEMPTS = 3
"""The last one records what could not be reached instead of raising."""
FIRST_PAUSE_SECONDS = 1.0

DO: dict[Stage, Do] = {
    "crawl": stages.crawl,
    "forge": stages.forge,
    "forks": stages.compare_found_forks,
    "packages": stages.ask_packages,
    "maintainability": stages.maintainability,
    "identify": stages.identify,
    "measure": stages.measure,
    "load": stages.load,
    "report": stages.report,
}


observer: ContextVar[Callable[[Outcome], None]] = ContextVar("observer", default=lambda _: None)
"""Is told every outcome as it comes; a terminal shows its progress with it."""


def conduct(order: Order, each: Each) -> list[Outcome]:
    """Crawl, ask, compare forks, say who is who, measure, load, report. What fails is an outcome; the rest goes on."""
    outcomes: list[Outcome] = []

    def do(stage: Stage, items: Sequence[str]) -> None:
        for outcome in each(stage, items):
            outcomes.append(outcome)
            observer.get()(outcome)

    do("forge", stages.groups(order))
    for urls in stages.waves(order):
        do("crawl", urls)
    do("forge", stages.forges(order))
    do("forks", stages.forked(order))
    do("packages", stages.packages(order))
    do("maintainability", stages.maintained(order))
    do("identify", ["people"])
    do("measure", stages.subjects(order))
    stages.keep_run(order, outcomes)
    do("load", ["warehouse"])
    do("report", stages.pages(order))
    return outcomes


def plainly(order: Order) -> Each:
    """Do the stages as plain functions, several items at once, each tried again after a pause when it may pass."""
    concurrency = order.project().sources.limits.concurrency

    def each(stage: Stage, items: Sequence[str]) -> Iterator[Outcome]:
        with ThreadPoolExecutor(max_workers=concurrency) as threads:
            futures = [threads.submit(_tried, stage, order, item) for item in items]
            for future in as_completed(futures):
                yield future.result()

    return each


def do_once(stage: Stage, order: Order, item: str) -> Outcome:
    """One attempt at one item, timed."""
    start = monotonic()
    return timed(DO[stage](order, item), monotonic() - start)


def given_up(stage: Stage, order: Order, item: str, error: BaseException) -> Outcome:
    """The outcome where every attempt raised. A defect in one item must not hold back the others: it is told, too."""
    if stage == "crawl" and isinstance(error, stages.MayPass):
        return stages.crawl_at_last(order, item)
    return failed(stage, item, error)


def _tried(stage: Stage, order: Order, item: str) -> Outcome:
    for attempt in range(1, ATTEMPTS):
        try:
            return do_once(stage, order, item)
        except stages.MayPass:
            sleep(FIRST_PAUSE_SECONDS * 2 ** (attempt - 1))
        except Exception as error:  # noqa: BLE001 (see given_up)
            return given_up(stage, order, item, error)
    return given_up(stage, order, item, stages.MayPass())
