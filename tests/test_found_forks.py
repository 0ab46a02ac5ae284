"""Forks that a forge names are compared without being declared: the most active, cheaply; their people do not count."""

import shutil
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from oshealth.facts import TABLES
from oshealth.metrics import measure_subject
from oshealth.pipeline.computing.gathering import facts_of, subjects_of
from oshealth.pipeline.computing.identifying import identified
from oshealth.pipeline.computing.measuring import cards_of
from oshealth.pipeline.running.stages import compare_found_forks, crawl, forked, waves
from oshealth.pipeline.watched.order import Order, Outcome
from oshealth.pipeline.watched.project import Project
from repositories import Repo

NIGHT = datetime(2024, 6, 1, 3)  # noqa: DTZ001 (moments are UTC without a zone)
TODAY = NIGHT.date()
UPSTREAM = "code.example.org/town/app"
SOURCES = f"""
[[organisation]]
id = "club"
name = "Club"
type = "association"

[[codebase]]
id = "app"
name = "App"
stewards = ["club"]
compare_forks = 2
repository = [{{ url = "https://{UPSTREAM}" }}]
"""
LINES = "".join(f"line {number}\n" for number in range(30))


class Place:
    """A project folder, the forge's repositories, and what the forge says of forks."""

    def __init__(self, path: Path) -> None:
        self.path = path
        (path / "sources.toml").write_text(SOURCES)
        self.app = Repo(path / "forge" / "town" / "app")
        for number in range(3):
            self.app.commit({"a.txt": LINES + f"{number}\n"})
        self.told: list[dict[str, Any]] = []

    def fork(self, name: str, pushed: int = 0) -> Repo:
        """A fork with the whole history, last changed so many days before the first night; more is newer."""
        repo = Repo(self.path / "forge" / name)
        repo.git("fetch", "-q", str(self.app.path), "main:main")
        self.tell(f"code.example.org/{name}", pushed)
        return repo

    def tell(self, fork: str, pushed: int = 0) -> None:
        at = NIGHT - timedelta(days=100 - pushed)
        self.told.append({"fork": fork, "created_at": datetime(2024, 1, 2), "pushed_at": at})  # noqa: DTZ001

    def order(self, night: int = 0) -> Order:
        mirrors = (f"https://code.example.org/={self.path}/forge/",)
        at = NIGHT + timedelta(days=night)
        return Order(str(self.path), str(self.path / "data"), f"night{night}", at, at.date(), mirrors=mirrors)

    def run(self, night: int = 0) -> Outcome:
        """Crawl, land what the forge tells, compare."""
        order = self.order(night)
        for urls in waves(order):
            for url in urls:
                assert crawl(order, url).end != "failed"
        rows = [dict.fromkeys(TABLES["fork"].names()) | {"repository": UPSTREAM} | row for row in self.told]
        order.project().facts.add(UPSTREAM, {"fork": pl.DataFrame(rows, schema=TABLES["fork"])}, order.started_at)
        (url,) = forked(order)
        return compare_found_forks(order, url)

    @property
    def project(self) -> Project:
        return self.order().project()

    def measured(self, fork: str, day: date = TODAY) -> dict[str, Any]:
        project = self.project
        subject = next(s for s in subjects_of(project.sources.codebase) if s.id == f"code.example.org/{fork}")
        facts = facts_of(project, subject)
        rows = measure_subject(facts, day, cards_of(facts.codebase, subject), "run", "1")
        return {row["metric"]: row for row in rows.iter_rows(named=True)}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def found(place: Place) -> list[str]:
    return [fork.id for codebase in place.project.sources.codebase for fork in codebase.found_forks]


def test_a_fork_is_compared_as_a_declared_one_would_be(place: Place) -> None:
    fork = place.fork("county/app")
    fork.commit({"a.txt": "first\n" + LINES + "2\n"}, date=datetime(2024, 2, 1))  # noqa: DTZ001
    fork.commit({"own.txt": "own\n"}, date=datetime(2024, 2, 2))  # noqa: DTZ001
    place.app.commit({"b.txt": "theirs\n"}, date=datetime(2024, 2, 10))  # noqa: DTZ001
    place.app.commit({"a.txt": "first\n" + LINES + "2\n"}, date=datetime(2024, 2, 20), message="Taken")  # noqa: DTZ001
    assert place.run().detail == "1 compared"
    measured = place.measured("county/app")
    values = {metric: row["value"] for metric, row in measured.items()}
    # Two own commits, of which upstream has one as another; it lacks two; 3 January to 1 June 2024: 150 days.
    assert values == {
        "fork_commits_ahead": 2,
        "fork_commits_behind": 2,
        "fork_days_since_synchronised": 150,
        "fork_patches_upstream": 1,
        "upstreamed": 50,
    }
    assert all('"is_declared":false' in row["evidence"] for row in measured.values())
    # On 15 February upstream had not taken it over yet.
    earlier = {metric: row["value"] for metric, row in place.measured("county/app", date(2024, 2, 15)).items()}
    assert (earlier["fork_commits_behind"], earlier["upstreamed"]) == (1, 0)


def test_the_latest_pushed_are_compared_and_those_that_only_follow_are_passed_over(place: Place) -> None:
    for number, name in enumerate(["a/app", "b/app", "c/app", "d/app"]):
        place.fork(name, pushed=number).commit({f"{name}.txt": "own"})
    place.fork("e/app", pushed=9)  # follows its upstream
    place.told.append({"fork": "code.example.org/f/app", "created_at": NIGHT, "pushed_at": NIGHT})  # never pushed to
    assert place.run().detail == "2 compared, 1 with nothing of their own"
    assert found(place) == ["code.example.org/d/app", "code.example.org/c/app"]


def test_only_what_is_a_forks_own_is_fetched(place: Place) -> None:
    noise = "".join(f"{number * 7919 % 104729}\n" for number in range(20_000))
    place.app.commit({"large.txt": noise})
    place.fork("county/app").commit({"own.txt": "own\n"})
    place.run()
    folder = place.path / "data" / "mirrors" / "forks"
    packs = list(folder.rglob("*.pack"))
    assert len(packs) == 1
    assert packs[0].stat().st_size < 1000
    assert sum(path.stat().st_size for path in (place.path / "data" / "mirrors").rglob("*.pack")) > 20_000


def test_nothing_new_costs_no_git_and_lands_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.fork("county/app").commit({"own.txt": "own\n"})
    place.fork("same/app")
    place.run()
    before = place.project.facts.ledger("code.example.org/county/app")
    order = place.order(night=1)
    monkeypatch.setenv("PATH", "/nonexistent")  # no git there
    assert compare_found_forks(order, f"https://{UPSTREAM}").end == "unchanged"
    assert place.project.facts.ledger("code.example.org/county/app") == before


def test_a_new_commit_on_either_side_is_compared_the_next_night(place: Place) -> None:
    fork = place.fork("county/app")
    fork.commit({"own.txt": "own\n"})
    place.run()
    place.app.commit({"own.txt": "own\n"}, date=datetime(2024, 6, 1), message="Taken")  # noqa: DTZ001
    assert place.run(night=1).end == "done"
    assert place.measured("county/app", date(2024, 6, 2))["upstreamed"]["value"] == 100
    fork.commit({"more.txt": "more\n"}, date=datetime(2024, 6, 2))  # noqa: DTZ001
    place.told[0]["pushed_at"] = NIGHT + timedelta(days=1)
    place.run(night=2)
    assert place.measured("county/app", date(2024, 6, 3))["fork_commits_ahead"]["value"] == 2


def test_a_fork_that_is_gone_or_elsewhere_is_a_gap_and_no_subject(place: Place) -> None:
    place.fork("county/app", pushed=5).commit({"own.txt": "own\n"})
    place.run()
    (place.path / "forge" / "county" / "app").rename(place.path / "forge" / "hidden")
    place.told[0]["pushed_at"] = NIGHT
    place.tell("other.example.net/county/app", 9)
    place.tell("code.example.org/../../etc", 8)
    place.tell("code.example.org/x y/-oProxy", 7)
    other = Repo(place.path / "forge" / "stranger" / "app")
    other.commit({"x.txt": "x"}, message="Another root")
    place.tell("code.example.org/stranger/app", 6)
    place.run(night=1)
    assert found(place) == []
    gaps = place.project.facts.read(UPSTREAM, "gap").filter(what="fork_divergence")
    assert gaps.select("reason", "count").rows() == [("gone", 1), ("refused", 1), ("unrelated", 1)]
    assert not any("county" in detail or "http" in detail for detail in gaps["detail"])
    assert not list((place.path / "data" / "mirrors" / "forks").rglob("*.pack"))


def test_nobody_of_a_fork_counts_anywhere(place: Place) -> None:
    stranger = "Sten Ny <sten@elsewhere.example>"
    place.fork("county/app").commit({"own.txt": "own\n"}, author=stranger, coauthors=["Una Ek <una@elsewhere.example>"])
    place.run()
    project = place.project
    people = identified(project)
    assert people.aliases["name"].to_list() == ["Ada Dal"]
    subject = next(s for s in subjects_of(project.sources.codebase) if s.kind == "codebase")
    assert facts_of(project, subject).table("commit").height == 3
    kept = project.facts.read("code.example.org/county/app", "commit")
    assert kept.select("author_alias", "committer_alias").null_count().row(0) == (1, 1)
    written = [
        path.read_bytes() for path in (place.path / "data").rglob("*") if path.is_file() and "mirrors" not in str(path)
    ]
    assert not any(b"elsewhere.example" in content for content in written)


def test_facts_that_are_gone_are_made_again(place: Place) -> None:
    place.fork("county/app").commit({"own.txt": "own\n"})
    place.run()
    shutil.rmtree(place.path / "data" / "facts" / "code.example.org+county+app")
    assert place.run(night=1).end == "done"
    assert place.measured("county/app")["fork_commits_ahead"]["value"] == 1


def test_a_broken_folder_of_a_fork_is_made_anew(place: Place) -> None:
    fork = place.fork("county/app")
    fork.commit({"own.txt": "own\n"})
    place.run()
    (folder,) = (place.path / "data" / "mirrors" / "forks").glob("*/*.git")
    for pack in folder.rglob("*.pack"):
        pack.chmod(0o600)
        pack.write_bytes(b"cut")
    (folder / "packed-refs.lock").write_text("")
    fork.commit({"more.txt": "more\n"})
    place.told[0]["pushed_at"] = NIGHT
    place.run(night=1)
    assert place.measured("county/app", date(2024, 6, 2))["fork_commits_ahead"]["value"] == 2


def test_folders_of_forks_that_were_cleaned_away_are_fetched_again_when_the_upstream_moves(place: Place) -> None:
    place.fork("county/app").commit({"own.txt": "own\n"})
    place.run()
    shutil.rmtree(place.path / "data" / "mirrors" / "forks")
    place.app.commit({"new.txt": "new\n"})
    assert place.run(night=1).end == "done"
    assert place.measured("county/app", date(2024, 6, 2))["fork_commits_behind"]["value"] == 1


def test_where_the_forge_tells_of_no_fork_the_run_says_why(place: Place) -> None:
    assert place.run().detail == "no fork has changed since it was made"
    gap = {"repository": UPSTREAM, "what": "fork", "reason": "no_token", "detail": "Set a token."}
    rows = pl.DataFrame([dict.fromkeys(TABLES["gap"].names()) | gap], schema=TABLES["gap"])
    place.project.facts.add(UPSTREAM, {"gap": rows}, place.order().started_at)
    told = compare_found_forks(place.order(), f"https://{UPSTREAM}")
    assert (told.end, told.detail) == ("unchanged", "no fork is known: Set a token.")


def test_without_being_asked_no_fork_is_compared(place: Place) -> None:
    place.fork("county/app").commit({"own.txt": "own\n"})
    place.run()
    assert found(place) == ["code.example.org/county/app"]
    (place.path / "sources.toml").write_text(SOURCES.replace("compare_forks = 2", ""))
    assert found(place) == []
    assert forked(place.order()) == []
