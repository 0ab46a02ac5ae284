"""The whole line on small real repositories: crawl, identify, measure, load, report."""

import hmac
import stat
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from oshealth.cli import app
from oshealth.metrics import catalogue
from oshealth.metrics._measuring import NO_REPOSITORY
from oshealth.metrics._reasons import NOT_DECLARED
from oshealth.pipeline.running.conduct import given_up
from oshealth.pipeline.running.stages import MayPass
from oshealth.pipeline.running.summary import headline, summary
from oshealth.pipeline.watched.order import Outcome
from oshealth.store import AliasKeyError
from oshealth.warehouse import open_warehouse
from project_folder import ADA, BO, SOURCES, Folder, desk_and_map

pytestmark = pytest.mark.filterwarnings("default::ResourceWarning")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return desk_and_map(tmp_path / "project")


def asked(folder: Folder, sql: str) -> list[tuple[object, ...]]:
    with open_warehouse(folder.project.warehouse) as connection:
        return connection.sql(sql).fetchall()


def ends(outcomes: list[Outcome], stage: str) -> dict[str, str]:
    return {outcome.item: outcome.end for outcome in outcomes if outcome.stage == stage}


def test_a_run_lands_everything_and_names_what_it_could_not_reach(folder: Folder) -> None:
    outcomes = folder.run()
    assert ends(outcomes, "crawl") == {
        "https://github.com/example/desk": "done",
        "https://github.com/example/old-desk": "failed",
        "https://github.com/example/client": "done",
        "https://github.com/example/map": "done",
    }
    assert headline(outcomes).startswith("partly done: 1 of")
    assert headline(outcomes).endswith("1 repository could not be read, the report says which; all else is measured")
    assert (folder.project.reports / "index.html").is_file()
    assert (folder.project.reports / "desk.html").is_file()
    assert "old-desk" in summary(folder.order(), outcomes)


def test_a_defect_in_the_last_attempt_at_one_item_is_an_outcome_too(folder: Folder) -> None:
    outcome = given_up("crawl", folder.order(), "https://github.com/nobody/watches-this", MayPass("it may pass"))
    assert (outcome.stage, outcome.end) == ("crawl", "failed")


def test_a_codebase_is_measured_from_the_rows_of_its_repositories_together(folder: Folder) -> None:
    folder.run()
    # desk: Ada 1, Bo 1, then both: 4 contributions; client: Bo 1. Bo made 3 of 5, more than half alone.
    value = asked(
        folder,
        "select value, sample_size from latest where subject = 'desk' and metric = 'contributor_absence_factor'",
    )
    assert value == [(1.0, 5)]
    # Of desk alone Bo made 2 of 4, which is not more than half: it takes both.
    value = asked(
        folder,
        "select value from latest where subject = 'github.com/example/desk' and metric = 'contributor_absence_factor'",
    )
    assert value == [(2.0,)]


ONLY_FORKS = """
[[codebase]]
id = "forks"
name = "Forks of the Map"
stewards = ["town"]

[[codebase.repository]]
url = "https://github.com/example/client-map"
fork_of = "https://github.com/example/map"
"""
NOT_EXPANDED = """
[[codebase]]
id = "group"
name = "A group that was never listed"
stewards = ["town"]

[[codebase.group]]
url = "https://git.example.test/group"
"""


def test_a_codebase_without_repositories_of_its_own_is_measured_as_unknown(folder: Folder) -> None:
    (folder.path / "sources.toml").write_text(SOURCES + ONLY_FORKS + NOT_EXPANDED)
    folder.repository("client-map").commit({"map.py": "a\n"}, author=BO)
    outcomes = folder.run()
    assert set(ends(outcomes, "measure").values()) == {"done"}
    assert set(ends(outcomes, "report").values()) == {"done"}
    for_all = len([card for card in catalogue() if not card.of_forks_only])
    for codebase in ("forks", "group"):
        rows = asked(folder, f"select value, label, reason from latest where subject = '{codebase}'")  # noqa: S608 (ours)
        assert len(rows) == for_all
        assert {row[:2] for row in rows} == {(None, None)}
        assert {reason for _, _, reason in rows} == {NO_REPOSITORY, NOT_DECLARED}


def test_what_is_true_of_its_only_repository_is_true_of_a_codebase(folder: Folder) -> None:
    folder.run()
    rows = "select metric, value, label, reason from latest where subject = '{}' order by metric"
    assert asked(folder, rows.format("map")) == asked(folder, rows.format("github.com/example/map"))


def test_past_months_are_measured_from_the_first_commit_on(folder: Folder) -> None:
    folder.run()
    months = asked(
        folder, "select as_of from trend where subject = 'map' and metric = 'activity' and as_of < '2024-06-30'"
    )
    assert sorted(str(month) for (month,) in months) == ["2024-04-30", "2024-05-31"]


def test_a_run_with_nothing_new_reads_and_measures_no_history_again(folder: Folder) -> None:
    folder.run()
    before = asked(folder, "select subject, metric, as_of, value, label, reason from measurement order by all")
    again = folder.run()
    assert set(ends(again, "crawl").values()) == {"unchanged", "failed"}
    assert {outcome.end for outcome in again if outcome.stage != "crawl"} == {"unchanged"}
    now = asked(folder, "select distinct subject, metric, as_of, value, label, reason from measurement order by all")
    assert now == before


def test_the_next_day_is_measured_though_nothing_is_new(folder: Folder) -> None:
    folder.run("2024-06-29")
    again = folder.run("2024-06-30")
    told = [outcome for outcome in again if outcome.stage == "measure"]
    assert {(outcome.end, outcome.detail) for outcome in told} == {("done", "past months unchanged")}
    days = asked(folder, "select distinct as_of from measurement where subject = 'map' and as_of >= '2024-06-29'")
    assert sorted(str(day) for (day,) in days) == ["2024-06-29", "2024-06-30"]


def test_a_new_commit_is_measured_the_next_night(folder: Folder) -> None:
    folder.run()
    folder.repositories["map"].commit({"map.py": "b\n"}, author=BO, date=datetime(2024, 6, 1))  # noqa: DTZ001
    again = folder.run()
    assert ends(again, "crawl")["https://github.com/example/map"] == "done"
    assert ends(again, "measure")["github.com/example/map"] == "done"
    sql = "select value from latest where subject = 'map' and metric = 'activity'"
    assert asked(folder, sql) == [(2.0,)]


def test_a_repository_that_is_gone_keeps_its_rows_and_is_marked_stale(folder: Folder) -> None:
    folder.run()
    folder.repositories["map"].path.rename(folder.path / "elsewhere")
    again = folder.run()
    told = next(o for o in again if o.item.endswith("example/map") and o.stage == "crawl")
    assert (told.end, "stale" in told.detail) == ("failed", True)
    assert asked(folder, "select count(*) from \"commit\" where repository = 'github.com/example/map'") == [(1,)]
    assert ends(again, "report")["report"] == "done"
    page = (folder.project.reports / "map.html").read_text()
    assert "Could not be reached" in page


def test_one_defect_does_not_hold_back_the_others(folder: Folder) -> None:
    (folder.path / "dashboards").mkdir()
    (folder.path / "dashboards" / "broken.py").write_text("raise ValueError('no such chart')\n")
    outcomes = folder.run()
    assert ends(outcomes, "report") == {"broken.py": "failed", "report": "done"}


def test_rows_that_contradict_themselves_leave_out_their_repository_alone(folder: Folder) -> None:
    folder.run()
    store, desk = folder.project.facts, "github.com/example/desk"
    ledger = store.ledger(desk)
    assert ledger
    twice = pl.concat([store.read(desk, "change")] * 2)
    store.write(replace(ledger, crawled_at=ledger.crawled_at + timedelta(1)), {"change": twice}, carry=ledger.files)
    outcomes = folder.run(is_offline=True)
    (load,) = [outcome for outcome in outcomes if outcome.stage == "load"]
    assert load.end == "failed"
    assert "github.com/example/desk: Its facts were left out" in load.detail
    assert "duplicate_rows" in load.detail
    assert ends(outcomes, "report")["report"] == "done"
    assert asked(folder, 'select distinct repository from "commit" order by 1') == [
        ("github.com/example/client",),
        ("github.com/example/map",),
    ]
    again = folder.run(is_offline=True)
    assert ends(again, "load") == {"warehouse": "failed"}
    assert ends(again, "report")["report"] == "unchanged"


def test_what_cannot_be_judged_of_one_repository_is_a_gap_of_it_alone(folder: Folder) -> None:
    folder.run()
    (texts,) = (folder.project.data / "facts").glob("github.com+example+desk/*/text.parquet")
    texts.write_bytes(bytes(texts.stat().st_size))
    folder.project.warehouse.unlink()
    outcomes = folder.run(is_offline=True)
    assert ends(outcomes, "load") == {"warehouse": "failed"}
    assert asked(folder, "select repository from gap where reason = 'not_judged'") == [("github.com/example/desk",)]
    assert asked(folder, "select count(*) from \"commit\" where repository = 'github.com/example/desk'") == [(3,)]


def test_nothing_published_names_anybody(folder: Folder) -> None:
    folder.run()
    names = [part.encode() for who in (ADA, BO) for part in (who.split(" <")[0], who.split("<")[1].rstrip(">"))]
    data = folder.project.data
    published = [p for p in data.rglob("*") if p.is_file() and "private" not in p.parts and "mirrors" not in p.parts]
    assert {p.suffix for p in published} >= {".parquet", ".duckdb", ".html", ".json"}
    found = [(path.name, name) for path in published for name in names if name in path.read_bytes()]
    assert not found


def test_private_things_are_readable_by_their_owner_only(folder: Folder) -> None:
    folder.run()
    data = folder.project.data
    assert stat.S_IMODE((data / "private").stat().st_mode) == 0o700
    assert stat.S_IMODE((data / "mirrors").stat().st_mode) == 0o700
    assert stat.S_IMODE((data / "private" / "hmac.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((data / "private" / "alias.parquet").stat().st_mode) == 0o600


def test_a_run_makes_its_aliases_with_the_key_from_the_environment(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.path)
    monkeypatch.setenv("OSHEALTH_KEY", "0f" * 32)
    asked = ["run", "--no-prefect", "--as-of", "2024-06-30", "--mirror", folder.mirror]
    outcome = CliRunner().invoke(app, asked)
    assert outcome.exit_code == 3, outcome.output  # the former home is nowhere
    names = folder.project.private.read_aliases().filter(name="Ada Dal")
    expected = hmac.digest(b"\x0f" * 32, b"Ada Dal\0ada@town.example", "sha256").hex()[:32]
    assert names["alias"].to_list() == [expected]
    assert expected in folder.project.facts.read("github.com/example/desk", "commit")["author_alias"]
    assert not (folder.project.data / "private" / "hmac.key").exists()
    monkeypatch.setenv("OSHEALTH_KEY", "0e" * 32)
    outcome = CliRunner().invoke(app, asked)
    assert isinstance(outcome.exception, AliasKeyError)


def test_a_former_home_lends_its_history_where_it_stayed_behind(tmp_path: Path) -> None:
    folder = desk_and_map(tmp_path / "project")
    old = folder.repository("old-desk")
    old.commit({"desk.py": "0\n"}, author=ADA, date=datetime(2023, 12, 1))  # noqa: DTZ001
    folder.run()
    sql = "select value from latest where subject = 'github.com/example/desk' and metric = 'activity'"
    assert asked(folder, sql) == [(5.0,)]
    assert not asked(folder, "select 1 from latest where subject = 'github.com/example/old-desk'")
