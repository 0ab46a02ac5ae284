"""After its crawl a fork is compared with its upstream, and only what is new is compared again."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from oshealth.pipeline.computing.gathering import facts_of, subjects_of
from oshealth.pipeline.running.stages import crawl, waves
from oshealth.pipeline.watched.order import Order
from repositories import Repo

NIGHT = datetime(2026, 11, 23, 3)  # noqa: DTZ001 (moments are UTC without a zone)
FORK, UPSTREAM = "github.com/town/product", "github.com/other/product"
SOURCES = f"""
[[organisation]]
id = "club"
name = "Club"
type = "association"

[[codebase]]
id = "product"
name = "Product"
stewards = ["club"]
repository = [
  {{ url = "https://{FORK}", fork_of = "https://{UPSTREAM}" }},
  {{ url = "https://{UPSTREAM}" }},
]
"""


@pytest.fixture
def upstream(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "forge" / "other" / "product")


@pytest.fixture
def fork(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "forge" / "town" / "product")


def run(folder: Path, night: int = 0) -> Order:
    """Crawl both, the upstream first."""
    (folder / "sources.toml").write_text(SOURCES)
    at = NIGHT + timedelta(days=night)
    mirrors = (f"https://github.com/={folder}/forge/",)
    order = Order(str(folder), str(folder / "data"), f"night{night}", at, date(2024, 3, 1), mirrors=mirrors)
    for urls in waves(order):
        for url in urls:
            assert crawl(order, url).end != "failed"
    return order


def test_a_fork_has_its_patches_after_a_crawl(tmp_path: Path, upstream: Repo, fork: Repo) -> None:
    for repo in (upstream, fork):
        repo.commit({"a.txt": "a\n"})
    fork.commit({"a.txt": "a\nb\n"})
    upstream.commit({"a.txt": "a\nb\n"}, message="The same")
    project = run(tmp_path).project()
    patches = project.facts.read(FORK, "patch")
    assert sorted(patches["side"]) == ["fork", "upstream"]
    assert patches["patch_id"].n_unique() == 1
    subject = next(s for s in subjects_of(project.sources.codebase) if s.id == FORK)
    assert facts_of(project, subject).table("patch").equals(patches)


def test_a_commit_of_the_next_day_is_compared_and_nothing_new_lands_nothing(
    tmp_path: Path, upstream: Repo, fork: Repo
) -> None:
    for repo in (upstream, fork):
        repo.commit({"a.txt": "a\n"})
    fork.commit({"a.txt": "a\nb\n"})
    run(tmp_path)
    upstream.commit({"a.txt": "a\nb\n"}, message="The same")
    grown = run(tmp_path, night=1).project().facts
    assert grown.read(FORK, "patch").height == 2
    before, after = grown.ledger(FORK), run(tmp_path, night=2).project().facts.ledger(FORK)
    assert before
    assert after
    assert after.files["patch"] == before.files["patch"]
