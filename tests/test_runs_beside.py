"""Runs that meet: two in the same second, one after another that was killed, one whose clock was set back."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from interruption import Killed, killed_before_write
from oshealth.facts import MEASUREMENT
from oshealth.pipeline.running.conduct import conduct, plainly
from oshealth.pipeline.watched.order import Order
from oshealth.store import FactsFolder, RunFolder, StoreError
from oshealth.warehouse.contents import STOPPED
from project_folder import BO, Folder, desk_and_map
from test_run import asked

MAP = "github.com/example/map"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return desk_and_map(tmp_path / "project")


def conducted(order: Order) -> None:
    conduct(order, plainly(order))


def test_two_runs_that_start_in_the_same_second_land_both(folder: Folder) -> None:
    one = folder.order("2024-06-29")
    other = replace(folder.order("2024-06-30"), started_at=one.started_at)
    conducted(one)
    conducted(other)
    days = asked(folder, "select as_of::varchar from run order by 1")
    assert days == [("2024-06-29",), ("2024-06-30",)]


def test_every_measurement_names_a_run_that_is_there_though_it_was_killed(folder: Folder) -> None:
    order = folder.order()
    measurements = folder.project.facts.path / "+measurements"
    with pytest.raises(Killed), killed_before_write(0, measurements):
        conducted(order)
    folder.run()
    sql = "select count(*) from measurement where run_id not in (select run_id from run)"
    assert asked(folder, sql) == [(0,)]
    assert asked(folder, f"select status, detail from run where run_id = '{order.run_id}'") == [("failed", STOPPED)]  # noqa: S608 (ours)


def test_what_a_killed_run_left_is_gone_two_days_later(folder: Folder) -> None:
    measuring = folder.project.facts.path / "+measuring"
    order = folder.order()
    with pytest.raises(Killed), killed_before_write(0, folder.project.facts.path / "+measurements"):
        conducted(order)
    assert list(measuring.iterdir())
    later = folder.order()
    conducted(replace(later, started_at=later.started_at + timedelta(days=2)))
    assert not list(measuring.iterdir())


def test_what_a_full_disk_cut_short_does_not_land(tmp_path: Path) -> None:
    run = RunFolder(FactsFolder(tmp_path), "20260102T000000Z")
    run.path.mkdir(parents=True)
    (run.path / "desk.whole").write_bytes(b"PAR1")
    at = datetime(2026, 1, 2)  # noqa: DTZ001 (moments are UTC without a zone)
    assert run.land(at) == 0
    run.write("desk", MEASUREMENT.to_frame(), "of this")
    (run.path.parents[1] / "+measurements").write_text("in the way")
    with pytest.raises(StoreError, match="what this run measured cannot be kept"):
        run.land(at)


def test_what_is_new_is_seen_though_the_clock_was_set_back(folder: Folder) -> None:
    order = folder.order(None)
    conducted(order)
    folder.repositories["map"].commit({"map.py": "b\n"}, author=BO, date=datetime(2024, 5, 1))  # noqa: DTZ001
    conducted(replace(folder.order(None), started_at=order.started_at - timedelta(days=400)))
    assert folder.project.facts.read(MAP, "commit").height == 2
    assert asked(
        folder, "select value from trend where subject = 'map' and metric = 'activity' and month = '2024-05-01'"
    ) == [(2.0,)]


def test_shared_tables_of_an_earlier_clock_are_the_newest(tmp_path: Path) -> None:
    store, at = FactsFolder(tmp_path), datetime(2026, 1, 2)  # noqa: DTZ001 (moments are UTC without a zone)
    first = store.read_people()
    store.write_people(first, at)
    before = store.people_crawl()
    store.write_people(first, at - timedelta(days=1))
    assert store.people_crawl() > before
