"""Forks are fetched from the forge itself, which may refuse, cut, redirect or flood: each is a gap, none a failure."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from git_server import Behaviour, GitServer, git_server, make_certificate
from oshealth.facts import TABLES
from oshealth.pipeline.running.stages import compare_found_forks, crawl
from oshealth.pipeline.watched.order import Order, Outcome
from repositories import Repo

NIGHT = datetime(2024, 6, 1, 3)  # noqa: DTZ001 (moments are UTC without a zone)
UPSTREAM = "localhost/town/app"
FORKS = ("county/app", "club/app")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitServer]:
    """A forge with a repository and two forks of it, each with a commit of its own."""
    certificate = make_certificate(tmp_path)
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_SSL_CAINFO", str(certificate))
    app = Repo(tmp_path / "remote" / "town" / "app.git")
    app.commit({"a.txt": "a" * 10_000})
    for name in FORKS:
        fork = Repo(tmp_path / "remote" / f"{name}.git")
        fork.git("fetch", "-q", str(app.path), "main:main")
        fork.commit({f"{name}.txt": "own"})
    with git_server(tmp_path / "remote", certificate) as running:
        yield running


def order(server: GitServer, folder: Path, night: int) -> Order:
    limits = "[limits]\nseconds = 20\nmegabytes = 1\n"
    host = f'[[host]]\nname = "localhost:{server.port}"\nis_private = true\n'
    club = '[[organisation]]\nid = "club"\nname = "Club"\ntype = "association"\n'
    codebase = '[[codebase]]\nid = "app"\nname = "App"\nstewards = ["club"]\ncompare_forks = 5\n'
    repository = f'[[codebase.repository]]\nurl = "{server.url("town/app")}"\n'
    (folder / "sources.toml").write_text("\n".join([limits, host, club, codebase, repository]))
    at = NIGHT + timedelta(days=night)
    return Order(str(folder), str(folder / "data"), f"night{night}", at, at.date())


def run(server: GitServer, folder: Path, night: int = 0) -> Outcome:
    """Crawl, land what the forge tells of forks, compare."""
    asked = order(server, folder, night)
    url = server.url("town/app")
    assert crawl(asked, url).end != "failed"
    nothing = dict.fromkeys(TABLES["fork"].names())
    at = NIGHT + timedelta(days=night)
    rows = [nothing | {"repository": UPSTREAM, "fork": f"localhost/{name}", "pushed_at": at} for name in FORKS]
    asked.project().facts.add(UPSTREAM, {"fork": pl.DataFrame(rows, schema=TABLES["fork"])}, asked.started_at)
    return compare_found_forks(asked, url)


def found(server: GitServer, folder: Path) -> list[str]:
    codebases = order(server, folder, 0).project().sources.codebase
    return [fork.id for codebase in codebases for fork in codebase.found_forks]


def test_forks_are_fetched_from_the_same_host_and_port(server: GitServer, tmp_path: Path) -> None:
    assert run(server, tmp_path).detail == "2 compared"
    assert found(server, tmp_path) == ["localhost/club/app", "localhost/county/app"]
    server.asked.clear()
    # Pushed to meanwhile, as the forge says: what it can do and its refs are asked of all three, and none is new.
    assert run(server, tmp_path, night=1).end == "unchanged"
    assert len(server.asked) == 3 * 2


BEHAVIOURS: dict[Behaviour, str] = {"moved": "gone", "refusing": "gone", "cut": "unreachable"}


@pytest.mark.parametrize(("behaviour", "reason"), BEHAVIOURS.items(), ids=BEHAVIOURS)
def test_a_fork_that_cannot_be_had_is_a_gap_until_it_can(
    behaviour: Behaviour, reason: str, server: GitServer, tmp_path: Path
) -> None:
    server.behave("county/app", behaviour)
    server.behave("county/app.git", behaviour)
    assert run(server, tmp_path).detail == "1 compared, 1 not to be had"
    assert found(server, tmp_path) == ["localhost/club/app"]
    facts = order(server, tmp_path, 0).project().facts
    gaps = facts.read(UPSTREAM, "gap").filter(what="fork_divergence")
    assert gaps.select("reason", "count").rows() == [(reason, 1)]
    server.behaviours.clear()
    assert run(server, tmp_path, night=1).detail == "2 compared"
    assert facts.read(UPSTREAM, "gap").filter(what="fork_divergence").is_empty()


def test_what_was_compared_stands_while_a_fork_does_not_answer(server: GitServer, tmp_path: Path) -> None:
    run(server, tmp_path)
    Repo.commit(_opened(tmp_path / "remote" / "county" / "app.git"), {"more.txt": "more"})
    server.behave("county/app", "cut")
    run(server, tmp_path, night=1)
    assert found(server, tmp_path) == ["localhost/club/app", "localhost/county/app"]


def test_a_fork_that_is_too_large_is_a_gap(server: GitServer, tmp_path: Path) -> None:
    _opened(tmp_path / "remote" / "county" / "app.git").commit({"large.bin": os.urandom(3 << 20)})
    assert run(server, tmp_path).detail == "1 compared, 1 not to be had"
    kept = (tmp_path / "data" / "mirrors" / "forks").rglob("*")
    assert sum(path.stat().st_size for path in kept if path.is_file()) < 1 << 20


def _opened(path: Path) -> Repo:
    """A repository that is there already."""
    repo = Repo.__new__(Repo)
    vars(repo).update(path=path, object_format="sha1", _next_at=datetime(2024, 5, 1))  # noqa: DTZ001
    return repo
