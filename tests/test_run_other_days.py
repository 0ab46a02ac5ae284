"""Runs that measure another day than today: what was read of which day is said."""

from datetime import datetime
from pathlib import Path

import pytest

from project_folder import ADA, SOURCES, Folder, desk_and_map
from test_run import asked, ends


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return desk_and_map(tmp_path / "project")


def test_offline_measures_the_stored_facts_again_for_another_day(folder: Folder) -> None:
    folder.run()
    for repository in folder.repositories.values():
        repository.path.rename(repository.path.with_name(f"{repository.path.name}-gone"))
    outcomes = folder.run("2024-03-31", is_offline=True)
    assert ends(outcomes, "crawl") == {}
    sql = "select value from measurement where subject = 'desk' and metric = 'activity' and as_of = '2024-03-31'"
    # By the end of March: Ada and Bo on the desk, Bo on the client.
    assert asked(folder, sql) == [(3.0,)] * len(asked(folder, sql))
    assert asked(folder, sql)


def test_a_day_long_past_leaves_the_later_months_where_they_are(folder: Folder) -> None:
    folder.run("2024-06-30")
    sql = "select month, value from trend where subject = 'desk' and metric = 'activity' order by month"
    before = asked(folder, sql)
    assert len(before) == 6
    outcomes = folder.run("2024-02-29", is_offline=True)
    assert asked(folder, sql) == before
    assert {o.detail for o in outcomes if o.stage == "measure"} == {"past months unchanged"}


def test_the_pages_tell_of_the_day_that_was_asked_for_last(folder: Folder) -> None:
    folder.run("2024-06-30")
    folder.run("2024-03-31", is_offline=True)
    page = (folder.project.reports / "index.html").read_text()
    assert "31 March 2024" in page
    assert "30 June 2024" not in page


def test_manifests_of_another_day_say_nothing_of_this_one(folder: Folder) -> None:
    town_map = folder.repositories["map"]
    town_map.commit({"requirements.txt": "town==1.0\nroad\n"}, author=ADA, date=datetime(2024, 5, 1))  # noqa: DTZ001
    town_map.commit({"requirements.txt": "town==1.0\nroad==2.0\n"}, author=ADA, date=datetime(2024, 6, 15))  # noqa: DTZ001
    sql = "select value, reason from latest where subject = 'map' and metric = 'pinned_dependencies'"
    # Up to 31 May one of two is pinned; since 15 June both are.
    folder.run("2024-05-31")
    assert asked(folder, sql) == [(50.0, None)]
    folder.run("2024-06-15", is_offline=True)
    why = "of the files that name components those of 31 May 2024 were read, and on this day others stood there"
    assert asked(folder, sql) == [(None, why)]
    folder.run(None)
    assert asked(folder, sql) == [(100.0, None)]
    of_day = "select value, reason from measurement where metric = 'pinned_dependencies' and subject = 'map'"
    of_day += " and as_of = '{}'"
    folder.run("2024-05-30", is_offline=True)
    why = "of the files that name components the newest were read, and on this day others stood there"
    assert asked(folder, of_day.format("2024-05-30")) == [(None, why)]


def test_another_day_is_read_without_reading_the_history_again(folder: Folder) -> None:
    folder.run()
    store = folder.project.facts
    changes = [store.ledger(f"github.com/example/{name}").files["change"] for name in ("desk", "map")]  # type: ignore[union-attr]
    folder.run("2024-05-31")
    folder.run(None)
    again = [store.ledger(f"github.com/example/{name}").files["change"] for name in ("desk", "map")]  # type: ignore[union-attr]
    assert again == changes


def test_what_is_watched_no_longer_has_a_past_and_no_state_of_today(folder: Folder) -> None:
    folder.run()
    renamed = SOURCES.replace('id = "map"', 'id = "atlas"')
    moved = 'url = "https://github.com/example/client"\nformer = ["https://github.com/example/desk"]'
    desk = 'url = "https://github.com/example/desk"\nformer = ["https://github.com/example/old-desk"]'
    without_desk = renamed.replace(f"[[codebase.repository]]\n{desk}\n", "")
    (folder.path / "sources.toml").write_text(without_desk.replace('url = "https://github.com/example/client"', moved))
    folder.run()
    of_today = {subject for (subject,) in asked(folder, "select distinct subject from latest")}
    assert of_today == {"desk", "atlas", "github.com/example/client", "github.com/example/map"}
    measured = {subject for (subject,) in asked(folder, "select distinct subject from measured")}
    assert measured == of_today | {"map", "github.com/example/desk"}
    assert asked(folder, "select count(*) from latest where codebase is null") == [(0,)]
