"""The order of the stages, said once: Prefect and the plain run both follow it."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from time import monotonic, sleep

from oshealth.collect.forges.pace import LimitSpent, Wait
from oshealth.collect.history import core_count
from oshealth.pipeline.running import stages
from oshealth.pipeline.running.rounds import Doing, in_rounds, once, wait_observer
from oshealth.pipeline.watched.order import Do, Each, Order, Outcome, Stage, failed, timed
from oshealth.sources import Limits

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

_COMPUTING = {"maintainability", "measure", "report"}
"""Stages that wait for nobody: more at once would only take memory."""

observer: ContextVar[Callable[[Outcome], None]] = ContextVar("observer", default=lambda _: None)
"""Is told every outcome as it comes; a terminal shows its progress with it."""


def conduct(order: Order, each: Each) -> list[Outcome]:
    """Crawl, ask, compare forks, say who is who, measure, load, report. What fails is an outcome; the rest goes on."""
    outcomes: list[Outcome] = []

    def do(stage: Stage, items: Sequence[str], *, is_patient: bool = True) -> list[str]:
        """Do a stage; those that wait for a limit are returned, to be done again."""
        waiting = []
        for outcome in each(stage, items, is_patient=is_patient):
            if outcome.end == "waiting":
                waiting.append(outcome.item)
                continue
            outcomes.append(outcome)
            observer.get()(outcome)
        return waiting

    _gather(order, do)
    do("identify", ["people"])
    do("measure", stages.subjects(order))
    stages.keep_run(order, outcomes)
    do("load", ["warehouse"])
    do("report", stages.pages(order))
    return outcomes


def _gather(order: Order, do: Callable[..., list[str]]) -> None:
    """Crawl and ask. Limits are waited for when all other work is done, and groups that waited may name more."""
    known: set[str] = set()
    waiting = do("forge", stages.groups(order), is_patient=False)
    while True:
        waves = [[url for url in wave if url not in known] for wave in stages.waves(order)]
        if known and not any(waves):
            return
        for urls in waves:
            do("crawl", urls)
        waiting += do("forge", [url for url in stages.forges(order) if url not in known], is_patient=False)
        do("forks", [url for url in stages.forked(order) if url not in {*known, *waiting}])
        do("packages", stages.packages(order))
        do("maintainability", [url for url in stages.maintained(order) if url not in known])
        if not waiting:
            return
        do("forge", waiting)
        do("forks", [url for url in stages.forked(order) if url in waiting])
        known, waiting = {*known, *(url for urls in waves for url in urls)}, []


def plainly(order: Order) -> Each:
    """Do the stages as plain functions, several items at once, each tried again after a pause when it may pass."""
    limits = order.project().sources.limits
    tell = once(wait_observer.get())

    def each(stage: Stage, items: Sequence[str], *, is_patient: bool = True) -> Iterator[Outcome]:
        with ThreadPoolExecutor(at_once(stage, limits)) as threads:
            doing = Doing(
                stage,
                submit=lambda item: threads.submit(_tried, stage, order, item),
                end=lambda _, future: future.result(),
                give_up=lambda item, _: at_last(stage, stages.forge_at_last, order, item),
                tell=tell,
                at_once=at_once(stage, limits),
            )
            yield from in_rounds(doing, items, is_patient=is_patient)

    return each


def at_once(stage: Stage, limits: Limits) -> int:
    """How many items of a stage are under way at once; of what only computes no more than there are processors."""
    return min(limits.concurrency, core_count()) if stage in _COMPUTING else limits.concurrency


def do_once(stage: Stage, order: Order, item: str) -> Outcome:
    """One attempt at one item, timed.

    Raises:
        LimitSpent: a forge's limit must be waited for.
    """
    start = monotonic()
    return timed(DO[stage](order, item), monotonic() - start)


def given_up(stage: Stage, order: Order, item: str, error: BaseException) -> Outcome:
    """The outcome where every attempt raised. A defect in one item must not hold back the others: it is told, too."""
    if stage == "crawl" and isinstance(error, stages.MayPass):
        return at_last(stage, stages.crawl_at_last, order, item)
    return failed(stage, item, error)


def at_last(stage: Stage, do: Do, order: Order, item: str) -> Outcome:
    """The outcome of the last attempt at an item, whatever happens in it."""
    try:
        return do(order, item)
    except Exception as error:  # noqa: BLE001 (see given_up)
        return failed(stage, item, error)


def _tried(stage: Stage, order: Order, item: str) -> Outcome | Wait:
    passing = stages.MayPass()
    for attempt in range(1, ATTEMPTS):
        try:
            return do_once(stage, order, item)
        except LimitSpent as spent:
            return spent.wait
        except stages.MayPass as error:
            passing = error
            sleep(FIRST_PAUSE_SECONDS * 2 ** (attempt - 1))
        except Exception as error:  # noqa: BLE001 (see given_up)
            return given_up(stage, order, item, error)
    return given_up(stage, order, item, passing)
