"""`oshealth run`: the nightly job once, with its progress in the terminal."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console, RenderableType
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from oshealth.collect.forges.pace import Wait, waits
from oshealth.collect.git_command import check_git
from oshealth.commands.environment import mirrors, project
from oshealth.commands.status import FAILED, PARTLY_DONE
from oshealth.commands.terminal import Terminal, say
from oshealth.pipeline.collecting.look_ups import told
from oshealth.pipeline.running.conduct import conduct, observer, plainly
from oshealth.pipeline.running.rounds import wait_observer
from oshealth.pipeline.running.summary import headline
from oshealth.pipeline.running.workers import workers
from oshealth.pipeline.watched.order import Outcome, Stage, order_for
from oshealth.pipeline.watched.project import Project, ProjectError

T = TypeVar("T")
WORDS: Mapping[Stage, str] = {
    "crawl": "Crawling",
    "forge": "Asking the forge",
    "forks": "Comparing the forks of",
    "packages": "Asking the registries about",
    "maintainability": "Looking at recent changes of",
    "identify": "Who is who",
    "measure": "Measuring",
    "load": "Loading",
    "report": "Reporting",
}


def run_once(
    data: Path | None,
    codebases: Sequence[str] | None,
    as_of: date | None,
    options: Sequence[str] | None,
    **how: bool,
) -> int:
    """Run once and say how it went; the exit status. `how` is `offline` and `with_prefect`."""
    opened = project(data, options)
    day = as_of.isoformat() if as_of else None
    given = {"mirrors": mirrors(options), "is_offline": how["offline"]}
    # What is wrong with the question is said before Prefect takes its time to start.
    order_for(str(opened.folder), str(opened.data), tuple(codebases or ()), day, **given)
    _check_means(opened, is_offline=how["offline"])
    console = Terminal(stderr=True)
    if how["with_prefect"]:
        console.print("Starting Prefect: 10 to 30 seconds. Without it: --no-prefect.", style="dim", highlight=False)
    way = _through_prefect if how["with_prefect"] else _plainly
    with _progress(console):
        outcomes = way(str(opened.folder), str(opened.data), tuple(codebases or ()), day, given)
    return _tell(console, outcomes, opened.reports / "index.html")


def _check_means(opened: Project, *, is_offline: bool) -> None:
    """See that there is something to work with: git, or what an earlier run has stored."""
    if not is_offline:
        check_git()
    elif not opened.facts.repositories():
        raise ProjectError(f"nothing is stored in {opened.data} yet: run once without --offline")


def _plainly(
    folder: str, data: str, codebases: Sequence[str], as_of: str | None, given: dict[str, Any]
) -> list[Outcome]:
    order = order_for(folder, data, codebases, as_of, **given)
    with workers(order.project().sources.limits.concurrency):
        return conduct(order, plainly(order))


def _through_prefect(
    folder: str, data: str, codebases: Sequence[str], as_of: str | None, given: dict[str, Any]
) -> list[Outcome]:
    from oshealth.commands.prefect_settings import nightly_flow, prepare

    # What failed is told below, and stands in Prefect's own record: no traceback in between.
    prepare(Path(data), PREFECT_LOGGING_LEVEL="CRITICAL")
    nightly: Callable[..., list[Outcome]] = nightly_flow(Path(folder))
    return nightly(folder, data, list(codebases), as_of, given)


class _Progress(Progress):
    """The line that moves; below it how many packages are looked up, and each forge whose limit is spent."""

    def get_renderables(self) -> Iterator[RenderableType]:
        """What stands in the terminal now."""
        yield from super().get_renderables()
        yield from (Text(f"  {line}", style="dim") for line in filter(None, (told(), *map(str, waits()))))


@contextmanager
def _progress(console: Console) -> Iterator[None]:
    """A line that moves in a terminal; a line for each repository elsewhere."""
    if not console.is_terminal:
        with (
            _observed(observer, lambda outcome: console.print(_line(outcome), soft_wrap=True)),
            _observed(wait_observer, lambda wait: console.print(_waiting(wait), soft_wrap=True)),
        ):
            yield
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with _Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("Starting", total=None)

        def show(outcome: Outcome) -> None:
            if outcome.end == "failed":
                console.print(_line(outcome))
            progress.update(task, description=f"{WORDS[outcome.stage]} {escape(outcome.item[-50:])}")

        with _observed(observer, show):
            yield


@contextmanager
def _observed(variable: ContextVar[Callable[[T], None]], show: Callable[[T], None]) -> Iterator[None]:
    token = variable.set(show)
    try:
        yield
    finally:
        variable.reset(token)


def _waiting(wait: Wait) -> str:
    return f"{'forge':<15} {escape(str(wait))}; repositories on other hosts go on"


def _line(outcome: Outcome) -> str:
    mark = {"done": "[green]done[/]", "unchanged": "[dim]unchanged[/]", "failed": "[red]failed[/]"}[outcome.end]
    detail = f": {escape(outcome.detail)}" if outcome.detail else ""
    seconds = f" [dim]({outcome.seconds:.0f} s)[/]" if outcome.seconds >= 1 else ""
    return f"{outcome.stage:<15} {mark} {escape(outcome.item)}{detail}{seconds}"


def _tell(console: Console, outcomes: Sequence[Outcome], report: Path) -> int:
    bad = [outcome for outcome in outcomes if outcome.end == "failed"]
    reported = any(outcome.stage == "report" and outcome.end != "failed" for outcome in outcomes)
    console.print(headline(outcomes).capitalize() + ".")
    if bad and console.is_terminal:
        for outcome in bad:
            console.print(_line(outcome))
    if reported:
        console.print("The report is at", end=" ")
        say(str(report))  # the one line on standard output: what a script wants
    if not bad:
        return 0
    return PARTLY_DONE if reported else FAILED
