"""The scheduled flow: tasks around the engine's functions, nothing else.

`oshealth run` starts it once, `oshealth serve` on a schedule, `prefect deploy` hands it to a work pool (prefect.yaml).
Tasks pass names and paths, never rows, so that they can run on other machines that see the same data folder.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.states import Completed, State
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.tasks import exponential_backoff

from oshealth.collect.forges.pace import LimitSpent, Wait
from oshealth.pipeline.running.conduct import (
    ATTEMPTS,
    FIRST_PAUSE_SECONDS,
    at_last,
    at_once,
    conduct,
    do_once,
    given_up,
)
from oshealth.pipeline.running.rounds import Doing, in_rounds, once, wait_observer
from oshealth.pipeline.running.stages import MayPass, forge_at_last
from oshealth.pipeline.running.summary import headline, summary
from oshealth.pipeline.running.workers import workers
from oshealth.pipeline.watched.order import Each, Order, Outcome, Stage, order_for


class StageFailed(Exception):
    """A stage ended badly: raised so that Prefect shows the task as failed."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(f"{outcome.stage} {outcome.item}: {outcome.detail}")
        self.outcome = outcome


def _may_pass(_task: Any, _run: Any, state: State[Any]) -> bool:
    return isinstance(state.result(raise_on_failure=False), MayPass)


@task(
    task_run_name="{stage} {item}",
    retries=ATTEMPTS - 1,
    retry_delay_seconds=exponential_backoff(FIRST_PAUSE_SECONDS),
    retry_jitter_factor=0.5,
    retry_condition_fn=_may_pass,
    cache_policy=NO_CACHE,
)
def do(stage: Stage, order: Order, item: str) -> Any:
    """One stage for one repository, subject or file: its outcome, or a wait that leaves its place to others."""
    try:
        outcome = do_once(stage, order, item)
    except LimitSpent as spent:
        return Completed(name="Waiting", message=str(spent), data=spent.wait)
    if outcome.end == "failed":
        raise StageFailed(outcome)
    return outcome


def _each(order: Order) -> Each:
    tell_others = wait_observer.get()
    limits = order.project().sources.limits

    def tell(wait: Wait) -> None:
        get_run_logger().info("%s; repositories on other hosts go on", wait)
        tell_others(wait)

    tell_once = once(tell)

    def each(stage: Stage, items: Sequence[str], *, is_patient: bool = True) -> Iterator[Outcome]:
        named = do.with_options(name=stage)
        doing = Doing(
            stage,
            submit=lambda item: named.submit(stage, order, item),
            end=lambda item, future: _end(stage, order, item, future),
            give_up=lambda item, _: at_last(stage, forge_at_last, order, item),
            tell=tell_once,
            at_once=at_once(stage, limits),
        )
        return in_rounds(doing, items, is_patient=is_patient)

    return each


def _end(stage: Stage, order: Order, item: str, future: PrefectFuture[Any]) -> Outcome | Wait:
    result = future.result(raise_on_failure=False)
    if isinstance(result, Outcome | Wait):
        return result
    return result.outcome if isinstance(result, StageFailed) else given_up(stage, order, item, result)


# As many as sources.toml may allow; how many it does, `at_once` says.
@flow(name="nightly", task_runner=ThreadPoolTaskRunner(max_workers=64), validate_parameters=False)
def nightly(
    folder: str = ".",
    data: str | None = None,
    codebases: Sequence[str] = (),
    as_of: str | None = None,
    options: dict[str, Any] | None = None,
) -> Any:
    """Crawl, say who is who, measure, load, report; what failed is in the artifact, the rest has landed."""
    order = order_for(folder, data, codebases, as_of, **(options or {}))
    with workers(order.project().sources.limits.concurrency):
        outcomes = conduct(order, _each(order))
    create_markdown_artifact(summary(order, outcomes), key="nightly", description=f"Run {order.run_id}")
    return Completed(message=headline(outcomes), data=outcomes)
