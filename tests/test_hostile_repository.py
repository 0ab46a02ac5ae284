"""One hostile repository beside an honest one, through the whole line: crawl, load, pages, audit."""

import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path
from time import perf_counter

import pytest

from hostile_repository import ACTING, hostile_repository
from oshealth.pipeline.running.summary import summary
from oshealth.pipeline.watched.order import Outcome
from oshealth.warehouse import open_warehouse
from project_folder import ADA, Folder
from repositories import Repo

A_WHILE_SECONDS = 60.0
"""Ten times what it takes here; with any of its bombs going off it is an hour."""
pytestmark = pytest.mark.filterwarnings("default::ResourceWarning")


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    return hostile_repository(tmp_path_factory.mktemp("hostile") / "app")


def oshealth(*arguments: str, folder: Path | None = None) -> str:
    """What a command prints, both streams together."""
    done = subprocess.run(
        [sys.executable, "-m", "oshealth", *arguments],
        cwd=folder,
        env={**os.environ, "COLUMNS": "200", "TERM": "dumb"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def acting(text: str) -> set[str]:
    """The characters that would do something in a terminal."""
    return {c for c in text if (unicodedata.category(c)[0] == "C" or c in "\u2028\u2029") and c != "\n"}


def test_an_audit_takes_no_longer_than_of_an_honest_repository_with_so_much_text(repo: Repo, tmp_path: Path) -> None:
    start = perf_counter()
    oshealth(
        "audit", str(repo.path), "--offline", "--html", str(tmp_path / "page.html"), "--sbom", str(tmp_path / "sbom")
    )
    assert perf_counter() - start < A_WHILE_SECONDS
    assert "alert(1)</script>" not in (tmp_path / "page.html").read_text(encoding="utf-8")
    json.loads((tmp_path / "sbom").read_text(encoding="utf-8"))


def test_an_audit_shows_names_and_paths_and_nothing_acts_in_the_terminal(repo: Repo) -> None:
    said = oshealth("audit", str(repo.path), "--names", "--offline", "--as-of", "2024-06-30")
    assert not acting(said)
    assert r"\x1b[2J\x1b]0;owned" in said
    said = oshealth("audit", str(repo.path), "--json", "--names", "--offline", "--as-of", "2024-06-30")
    assert not acting(said)
    assert f"Mallory {ACTING}'&quot;" in strings_of(json.loads(said))


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Folder, list[Outcome]]:
    """A project that watches it as "desk", beside an honest "client" of the same codebase and "map" of another."""
    folder = Folder(tmp_path_factory.mktemp("watched") / "project")
    folder.repositories["desk"] = hostile_repository(folder.path / "origin" / "example" / "desk")
    for name in ("client", "map"):
        folder.repository(name).commit({"a.py": "1\n", "LICENSE": "MIT"}, author=ADA)
    return folder, folder.run()


def test_a_run_crawls_loads_and_reports_it_and_the_others(watched: tuple[Folder, list[Outcome]]) -> None:
    folder, outcomes = watched
    failed = {(outcome.stage, outcome.item) for outcome in outcomes if outcome.end == "failed"}
    assert failed == {("crawl", "https://github.com/example/old-desk")}
    assert not acting(summary(folder.order(), outcomes))
    with open_warehouse(folder.project.warehouse) as connection:
        paths = connection.execute("select distinct path from change where path like 'x%'").fetchall()
        gaps = connection.execute("select reason, count from gap where what = 'change' order by 1").fetchall()
        counts = connection.execute("select count(*) from repository_status where status = 'ok'").fetchall()
    assert {path for (path,) in paths} == {r"x\xff.py", r"x\x5cxff.py", r"x\x5cx5cxff.py"}
    assert gaps == [("duplicate_entries", 1), ("invalid_encoding", 1)]
    assert counts == [(3,)]


def test_its_names_are_no_script_on_any_page(watched: tuple[Folder, list[Outcome]]) -> None:
    folder, _ = watched
    pages = list(folder.project.reports.glob("*.html"))
    assert {page.name for page in pages} >= {"index.html", "desk.html", "map.html"}
    for page in pages:
        assert "alert(1)</script>" not in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "command",
    [
        ("people", "list", "--names"),
        ("people", "list"),
        ("query", "select path, detail from change left join gap using (repository)"),
        ("query", "select path from change", "--format", "json"),
        ("run", "--offline", "--no-prefect"),
        ("sources",),
    ],
)
def test_no_command_lets_a_name_act(command: tuple[str, ...], watched: tuple[Folder, list[Outcome]]) -> None:
    folder, _ = watched
    assert not acting(oshealth(*command, folder=folder.path))


def strings_of(value: object) -> set[str]:
    if isinstance(value, dict):
        return {text for each in value.values() for text in strings_of(each)}
    if isinstance(value, list):
        return {text for each in value for text in strings_of(each)}
    return {value} if isinstance(value, str) else set()
