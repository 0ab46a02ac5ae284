"""A run asks registries once for all repositories, keeps what they say, and tells it in the warehouse."""

from pathlib import Path

import polars as pl
import pytest

from facts_builder import History, moment
from oshealth.collect.registries.asking import AskLimits
from oshealth.derive import Subject
from oshealth.facts import TABLES
from oshealth.pipeline.collecting.asking import ask_all, places
from oshealth.pipeline.computing.gathering import facts_of
from oshealth.pipeline.running import stages
from oshealth.pipeline.watched.order import Order
from oshealth.pipeline.watched.project import open_project
from oshealth.store import Ledger
from oshealth.warehouse import open_warehouse
from registry_server import RegistryServer, Reply, serving

APP, IMAGE = "github.com/town/app", "github.com/town/image"
SOURCES = """
[limits]
look_ups = 3

[[organisation]]
id = "club"
name = "Club"
type = "association"

[[codebase]]
id = "town"
name = "Town"
stewards = ["club"]
repository = [{url = "https://github.com/town/app"}, {url = "https://github.com/town/image"}]
"""


@pytest.fixture
def order(tmp_path: Path) -> Order:
    (tmp_path / "sources.toml").write_text(SOURCES)
    order = Order(str(tmp_path), str(tmp_path / "data"), "run1", moment("2024-07-01"), moment("2024-06-30").date())
    history = History(APP, IMAGE)
    for name in (APP, IMAGE):
        history.commit("a" * 32, "2024-01-01", adds=["main.py"], repository=name)
        for package in ("shared", "closed"):
            history.dependency(f"pkg:npm/{package}@1.0.0", repository=name, is_direct=False)
    facts = history.facts()
    for name in (APP, IMAGE):
        frames = {table: facts.table(table).filter(pl.col("repository") == name) for table in TABLES}
        ledger = Ledger(name, f"https://{name}", moment("2024-07-01"), "ok", head="1" * 40)
        open_project(tmp_path, tmp_path / "data").facts.write(ledger, frames)
    return order


def asked(order: Order, server: RegistryServer, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("npm_config_registry", server.url)
    monkeypatch.setenv("npm_config_offline", "false")
    return ask_all(order).end


def test_a_run_asks_once_for_all_repositories_and_never_again(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as server:
        server.replies["/shared/1.0.0"] = Reply({"license": "MIT"})
        server.replies["/closed/1.0.0"] = Reply({"license": "BUSL-1.1"})
        assert asked(order, server, monkeypatch) == "done"
        assert sorted(server.paths) == ["/closed/1.0.0", "/shared/1.0.0"]
        assert asked(order, server, monkeypatch) == "unchanged"
        assert len(server.requests) == 2
    loaded = stages.load(order, "warehouse")
    assert loaded.end == "done", loaded.detail
    with open_warehouse(order.project().warehouse) as connection:
        found = connection.sql("select repository, subject, grade from finding_list order by all").fetchall()
        said = connection.sql("select purl, source, licence, openness from package_licence order by all").fetchall()
        listed = connection.sql("select name, openness from dependency_list where repository like '%app'").fetchall()
    assert [row for row in found if "npm" in row[1]] == [
        (name, "pkg:npm/closed@1.0.0", "poor") for name in (APP, IMAGE)
    ]
    assert said == [
        ("pkg:npm/closed@1.0.0", "npm registry", "BUSL-1.1", "non-open"),
        ("pkg:npm/shared@1.0.0", "npm registry", "MIT", "approved"),
    ]
    assert sorted(listed) == [("closed", "non-open"), ("shared", "approved")]


def test_what_stays_unanswered_changes_nothing_the_next_night(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as server:
        server.default = Reply(status=500)
        assert asked(order, server, monkeypatch) == "done"
        first = order.project().facts.packages_crawl()
        assert first
        assert asked(order, server, monkeypatch) == "done"
        assert order.project().facts.packages_crawl() == first
        assert len(server.requests) == 4


def test_a_human_decides_in_licences_toml(order: Order) -> None:
    Path(order.folder, "licences.toml").write_text(
        '[[package]]\npurl = "pkg:npm/closed"\nlicence = "MIT"\nwhy = "Its maker said so."\ndecided_on = 2024-06-01\n'
    )
    loaded = stages.load(order, "warehouse")
    assert loaded.end == "done", loaded.detail
    with open_warehouse(order.project().warehouse) as connection:
        said = connection.sql("select source, licence, openness_reason from package_licence").fetchall()
    assert said == [("declared", "MIT", "Its maker said so.")]


def test_facts_that_hold_no_table_of_dependencies_are_told_apart_from_none_being_needed(order: Order) -> None:
    project = order.project()
    subject = Subject("repository", APP, (APP,))
    assert facts_of(project, subject).uncollected == frozenset()
    gaps = TABLES["gap"].to_frame()
    project.facts.write(Ledger(APP, f"https://{APP}", moment("2024-07-02"), "ok", head="2" * 40), {"gap": gaps})
    assert facts_of(project, subject).uncollected == {APP}


def test_offline_nobody_is_asked(order: Order) -> None:
    assert stages.packages(order) == ["packages"]
    offline = Order(order.folder, order.data, "run2", order.started_at, order.as_of, is_offline=True)
    assert stages.packages(offline) == []


def test_deps_dev_may_be_a_mirror_or_not_be_asked() -> None:
    limits = AskLimits()
    assert places({"OSHEALTH_DEPS_DEV": ""}, limits).deps_dev is None
    assert places({"OSHEALTH_DEPS_DEV": "https://mirror.example/"}, limits).deps_dev == "https://mirror.example"
