"""A forge's limit is waited for by those whom it concerns: everybody sees until when, and everything else goes on."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from threading import Timer

import pytest

from forge_line import Line, forge_line
from forge_server import PLANTED, Fault
from oshealth.clock import now
from oshealth.collect.forges.answers import Answer, ForgeError
from oshealth.collect.forges.pace import LimitSpent, Pace, Patience, Wait
from oshealth.collect.forges.persistence import limit_seconds, persist
from oshealth.collect.forges.way import Way
from oshealth.collect.history import core_count
from oshealth.commands.run import run_once
from oshealth.pipeline.running.conduct import at_once
from oshealth.pipeline.running.rounds import LONGEST, Doing, in_rounds, wait_observer
from oshealth.pipeline.watched.order import Outcome
from oshealth.sources import Limits

pytestmark = pytest.mark.filterwarnings("default::ResourceWarning")
SECONDS = 4


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    """Two forges with one place for both; the first one answers its second request by a limit."""
    with forge_line(tmp_path, monkeypatch) as made:
        made.concurrency = 1
        made.write()
        made.servers[0].fail(2, Fault(429, {"Retry-After": str(SECONDS)}, {"message": "API rate limit exceeded"}))
        yield made


def test_one_forge_is_waited_for_while_the_other_and_all_other_work_go_on(line: Line) -> None:
    told: list[Wait] = []
    token = wait_observer.set(told.append)
    try:
        outcomes = line.run()
    finally:
        wait_observer.reset(token)
    hub, lab = (server.host for server in line.servers)
    gathered = [(outcome.stage, outcome.item) for outcome in outcomes if outcome.stage in {"forge", "packages"}]
    assert gathered == [
        ("forge", f"https://{lab}/county/map"),
        ("packages", "packages"),
        ("forge", f"https://{hub}/town/app"),
    ]
    assert {outcome.end for outcome in outcomes if outcome.stage == "forge"} == {"done"}
    assert [wait.host for wait in told] == [hub]
    assert line.rows("select count(*) from issue group by repository") == [(7,), (7,)]


def test_the_wait_is_shown_where_no_line_moves(
    line: Line, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(line.path)
    status = run_once(None, None, None, line.mirrors, offline=False, with_prefect=False)
    said = capfd.readouterr().err
    assert status == 0, said
    (shown,) = [text for text in said.splitlines() if "waiting until" in text]
    host = line.servers[0].host
    assert shown.partition("until")[2][6:] == f" UTC for {host}'s limit of requests; repositories on other hosts go on"


@pytest.mark.slow
def test_prefect_shows_the_wait_and_a_task_that_gave_up_its_place_and_no_token(line: Line, tmp_path: Path) -> None:
    home = tmp_path / "prefect"
    home.mkdir()
    mirrors = [part for mirror in line.mirrors for part in ("--mirror", mirror)]
    done = subprocess.run(
        [sys.executable, "-m", "oshealth", "run", "--as-of", "2024-06-30", *mirrors],
        cwd=line.path,
        env={**os.environ, "PREFECT_HOME": str(home), "PREFECT_LOGGING_LEVEL": "DEBUG"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    host = line.servers[0].host
    with sqlite3.connect(home / "prefect.db") as database:
        states = database.execute("select state_name from task_run where name = ?", (f"forge https://{host}/town/app",))
        assert {name for (name,) in states} == {"Completed", "Waiting"}
        logs = [text for (text,) in database.execute("select message from log")]
        spans = sorted(database.execute("select start_time, end_time from task_run"))
    assert all(end <= start for (_, end), (start, _) in pairwise(spans)), "sources.toml says: one at once"
    written = [path.read_bytes() for folder in (home, line.path) for path in folder.rglob("*") if path.is_file()]
    assert not [text for text in (*written, done.stdout.encode(), done.stderr.encode()) if PLANTED.encode() in text]
    assert len([text for text in logs if f"UTC for {host}'s limit" in text and "go on" in text]) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_no_more_items_are_under_way_than_asked_for(count: int) -> None:
    under_way: list[str] = []
    most: list[int] = []

    def submit(item: str) -> Future[Outcome | Wait]:
        under_way.append(item)
        most.append(len(under_way))
        future: Future[Outcome | Wait] = Future()

        def end() -> None:
            under_way.remove(item)
            future.set_result(Outcome("crawl", item, "done"))

        Timer(0.01, end).start()
        return future

    doing = Doing(
        "crawl",
        submit,
        end=lambda _, future: future.result(),
        give_up=lambda item, _: Outcome("crawl", item, "failed"),
        tell=lambda _: None,
        at_once=count,
    )
    items = [str(number) for number in range(10)]
    assert sorted(outcome.item for outcome in in_rounds(doing, items, is_patient=True)) == items
    assert max(most) == count


def test_what_only_computes_has_no_more_processes_than_processors() -> None:
    many, one = Limits(concurrency=64), Limits(concurrency=1)
    assert [at_once(stage, many) for stage in ("crawl", "forge", "measure")] == [64, 64, core_count()]
    assert [at_once(stage, one) for stage in ("crawl", "forge", "measure")] == [1, 1, 1]


def test_a_limit_that_lasts_is_given_up_in_the_end() -> None:
    begun: list[str] = []

    def submit(item: str) -> Future[Outcome | Wait]:
        begun.append(item)
        future: Future[Outcome | Wait] = Future()
        until = now() + (timedelta(seconds=1) if len(begun) == 1 else 2 * LONGEST)
        Timer(0.01, future.set_result, [Wait("forge.example", until)]).start()
        return future

    doing = Doing(
        "forge",
        submit,
        end=lambda _, future: future.result(),
        give_up=lambda item, _: Outcome("forge", item, "failed"),
        tell=lambda _: None,
    )
    assert [outcome.end for outcome in in_rounds(doing, ["app"], is_patient=True)] == ["failed"]
    assert begun == ["app", "app"]


def test_a_short_wait_is_sat_out_and_a_long_one_is_not() -> None:
    answers = iter([Answer(429, {"retry-after": "0.1"}), Answer(200), Answer(429, {"retry-after": "60"})])
    way = Way("https://forge.example", None, "TOKEN", Pace(host="forge.example"), Patience(hold_seconds=1))
    assert persist(way, lambda: next(answers)).status == 200
    with pytest.raises(LimitSpent, match=r"waiting until \d\d:\d\d UTC for forge\.example's limit of requests"):
        persist(way, lambda: next(answers))


@pytest.mark.parametrize("prefix", ["x-ratelimit", "ratelimit"])
def test_after_the_last_answer_that_a_limit_allows_nobody_asks_until_its_reset(prefix: str) -> None:
    date = "Mon, 01 Jan 2024 09:00:00 GMT"  # 1 704 099 600 seconds after 1970
    headers = {f"{prefix}-remaining": "0", f"{prefix}-reset": "1704100000", "date": date}
    asked = []
    way = Way("https://forge.example", None, "TOKEN", Pace(host="forge.example"), Patience(hold_seconds=1))
    assert persist(way, lambda: asked.append(1) or Answer(200, headers)).status == 200  # type: ignore[func-returns-value]
    assert 399 < way.pace.waits_seconds <= 401
    with pytest.raises(LimitSpent):
        persist(way, lambda: asked.append(1) or Answer(200))  # type: ignore[func-returns-value]
    assert len(asked) == 1


@pytest.mark.parametrize("said", ["nan", "inf", "-inf", "1e400", "soon", "", "-5"])
def test_nonsense_for_a_waiting_time_is_no_waiting_time(said: str) -> None:
    seconds = limit_seconds(Answer(429, {"retry-after": said, "x-ratelimit-reset": said}), 1)
    assert seconds in {0.0, 60.0}


def test_no_server_ends_the_asking_of_a_host_for_ever() -> None:
    way = Way("https://forge.example", None, "TOKEN", Pace(), Patience())
    with pytest.raises(ForgeError, match="for another 24 hours"):
        persist(way, lambda: Answer(429, {"retry-after": "1e300"}))
