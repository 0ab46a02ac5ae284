"""The commands as a user types them: what they print, and how they end."""

import errno
import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from oshealth.commands.failures import Known, sentence_of
from oshealth.warehouse import publish
from oshealth.warehouse.contents import Contents
from project_folder import ADA, BO, desk_and_map
from repositories import Repo

COMMANDS = ("init", "run", "serve", "audit", "report", "query", "metrics", "sources")


def oshealth(*arguments: str, folder: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    known = {name: value for name, value in os.environ.items() if not name.startswith("OSHEALTH_")}
    return subprocess.run(
        [sys.executable, "-m", "oshealth", *arguments],
        cwd=folder,
        env={**known, "COLUMNS": "80", "TERM": "dumb", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    repo = Repo(tmp_path_factory.mktemp("audit") / "desk")
    repo.commit({"README.md": "A desk", "desk.py": "a\n"}, author=ADA, date=datetime(2024, 1, 10))  # noqa: DTZ001
    repo.commit({"desk.py": "b\n"}, author=BO, date=datetime(2024, 2, 10))  # noqa: DTZ001
    repo.tag("v1.0.0")
    return repo


def test_every_command_explains_itself_within_80_columns() -> None:
    for command in ((), *((name,) for name in COMMANDS)):
        done = oshealth(*command, "--help")
        assert done.returncode == 0
        assert max(map(len, done.stdout.splitlines())) <= 80


def test_help_names_each_argument_once_and_in_one_pair_of_brackets() -> None:
    for command in (("run",), ("metrics",), ("people", "merge"), ("people", "erase")):
        usage, _, rest = oshealth(*command, "--help").stdout.partition("\n")
        assert ("[[" in usage, "[who]" in usage) == (False, False)
        names = [line.split()[0] for line in rest.partition("Arguments:")[2].splitlines()[1:] if line[2:3].strip()]
        assert len(names) == len(set(names))


def test_help_imports_neither_prefect_nor_polars() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "oshealth", "--help"], capture_output=True, text=True, check=True
    )
    assert not [name for name in ("prefect", "polars", "duckdb", "altair") if f"| {name}\n" in done.stderr]


def test_an_audit_prints_its_figures_within_80_columns(desk: Repo) -> None:
    done = oshealth("audit", str(desk.path), "--as-of", "2024-06-30")
    assert done.returncode == 0, done.stderr
    assert "as of 30 June 2024" in done.stdout
    assert max(map(len, done.stdout.splitlines()[1:])) <= 80
    assert "Ada Dal" not in done.stdout


def test_an_audit_of_a_day_before_the_first_change_says_so(desk: Repo) -> None:
    done = oshealth("audit", str(desk.path), "--as-of", "2020-01-01")
    assert "By then nothing was recorded here: choose a later day." in done.stdout


def test_an_audit_as_json_has_the_promised_shape(desk: Repo) -> None:
    done = oshealth("audit", str(desk.path), "--as-of", "2024-06-30", "--json")
    answer = json.loads(done.stdout)
    assert list(answer) == ["target", "head", "as_of", "tool_version", "measurements", "gaps"]
    assert (answer["head"], answer["as_of"]) == (desk.sha(), "2024-06-30")
    keys = ["metric", "value", "label", "unit", "grade", "sample_size", "coverage", "reason", "evidence"]
    assert all(list(row) == keys for row in answer["measurements"])
    assert all((row["value"], row["label"], row["reason"]).count(None) == 2 for row in answer["measurements"])
    by_id = {row["metric"]: row for row in answer["measurements"]}
    # Two commits, one by each: it takes both to make more than half.
    assert by_id["contributor_absence_factor"]["value"] == 2
    assert by_id["releases_per_year"]["value"] == 1


def test_names_are_shown_only_when_asked_for(desk: Repo) -> None:
    command = ("audit", str(desk.path), "--as-of", "2024-06-30", "--json")
    assert "Ada Dal" not in oshealth(*command).stdout
    assert "Ada Dal" in oshealth(*command, "--names").stdout
    assert "town.example" not in oshealth(*command, "--names").stdout


def test_an_audit_can_fail_on_a_grade(desk: Repo) -> None:
    command = ("audit", str(desk.path), "--as-of", "2024-06-30", "--fail-on")
    assert oshealth(*command, "poor").returncode == 4
    assert oshealth(*command, "good").returncode == 2


def test_an_audit_writes_its_page(desk: Repo, tmp_path: Path) -> None:
    page = tmp_path / "desk.html"
    assert oshealth("audit", str(desk.path), "--as-of", "2024-06-30", "--html", str(page)).returncode == 0
    text = page.read_text()
    assert "People without whom half of the code has no author" in text
    assert "Ada Dal" not in text


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("nowhere", "there is no such file or folder"),
        ("http://github.com/a/b", "only addresses like https://"),
        ("ext::sh -c touch% /tmp/x", "is refused"),
        ("git@github.com:a/b", "is refused"),
        ("https://user:secret@github.com/a/b", "is refused"),
        ("https://127.0.0.1/a/b", "is refused"),
        ("file:///etc", "is refused"),
    ],
)
def test_a_wrong_target_gets_one_sentence_and_status_2(target: str, said: str, tmp_path: Path) -> None:
    done = oshealth("audit", target, folder=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr


def test_a_folder_without_a_repository_gets_one_sentence(tmp_path: Path) -> None:
    done = oshealth("audit", str(tmp_path))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "not a git repository" in done.stderr


def test_an_address_where_nothing_answers_is_a_wrong_one(tmp_path: Path) -> None:
    mirror = f"https://github.com/={tmp_path}/nowhere/"
    done = oshealth("audit", "https://github.com/example/desk", "--offline", "--mirror", mirror)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "https://github.com/example/desk: " in done.stderr


def test_an_empty_repository_is_answered_not_refused(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "empty")
    done = oshealth("audit", str(repo.path), "--json")
    answer = json.loads(done.stdout)
    assert (done.returncode, done.stderr.count("\n"), "holds no commit" in done.stderr) == (3, 1, True)
    assert {row["value"] for row in answer["measurements"]} == {None}
    assert [gap["reason"] for gap in answer["gaps"]] == ["empty"]


def test_a_damaged_repository_gets_one_sentence_and_has_failed(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "damaged")
    sha = repo.commit({"a": "1"})
    object_file = next(repo.path.rglob(sha[2:]))
    object_file.chmod(0o600)
    object_file.write_bytes(b"nothing")
    done = oshealth("audit", str(repo.path))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


def test_the_catalogue_lists_and_explains() -> None:
    assert "truck_factor" in oshealth("metrics").stdout
    card = oshealth("metrics", "truck_factor").stdout
    assert "Avelino" in card
    assert oshealth("metrics", "no_such").returncode == 2


def test_outside_a_project_folder_a_run_says_what_makes_one(tmp_path: Path) -> None:
    done = oshealth("run", folder=tmp_path)
    assert done.returncode == 2
    assert "oshealth init" in done.stderr
    assert "no such file" in oshealth("query", "select 1", folder=tmp_path).stderr


def test_without_git_nothing_is_called_damaged(desk: Repo, tmp_path: Path) -> None:
    done = oshealth("audit", str(desk.path), PATH=str(tmp_path))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "git is not on PATH" in done.stderr


def test_before_the_first_run_each_command_says_that_nothing_is_stored(tmp_path: Path) -> None:
    folder = desk_and_map(tmp_path / "project")
    for command, said in (
        (("run", "--offline", "--no-prefect"), "run once without --offline"),
        (("people", "list"), "nobody is known yet"),
        (("people", "review"), "nobody is known yet"),
    ):
        done = oshealth(*command, folder=folder.path)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert said in done.stderr


def test_a_folder_that_may_not_be_written_is_named() -> None:
    known = sentence_of(PermissionError(errno.EACCES, "Permission denied", "/srv/ours/people.toml"))
    assert known == Known("/srv/ours/people.toml: Permission denied; oshealth must be allowed to use it", 2)
    assert sentence_of(FileNotFoundError(errno.ENOENT, "No such file or directory", "x")) is None


def test_a_new_project_folder_is_checked_and_complete(tmp_path: Path) -> None:
    assert oshealth("init", "mine", folder=tmp_path).returncode == 0
    mine = tmp_path / "mine"
    made = {str(path.relative_to(mine)) for path in mine.rglob("*") if path.is_file()}
    assert made >= {"sources.toml", "README.md", ".gitignore", "flows/nightly.py", "prefect.toml", "prefect.yaml"}
    assert {path for path in made if path.startswith("warehouse/queries/")}
    assert {path for path in made if path.startswith("dashboards/")}
    assert "1 repositor" in oshealth("sources", folder=mine).stdout
    again = oshealth("init", "mine", folder=tmp_path)
    assert (again.returncode, "not empty" in again.stderr) == (2, True)


def test_a_run_a_question_and_the_pages_again(tmp_path: Path) -> None:
    folder = desk_and_map(tmp_path / "project")
    done = oshealth("run", "--no-prefect", "--as-of", "2024-06-30", folder=folder.path, OSHEALTH_MIRROR=folder.mirror)
    assert done.returncode == 3, done.stderr
    assert done.stdout.strip() == str(folder.path / "warehouse" / "reports" / "index.html")
    assert "old-desk" in done.stderr
    sql = "select codebase, name from codebase order by 1"
    asked = oshealth("query", sql, "--format", "csv", folder=folder.path)
    assert asked.stdout.splitlines() == ["codebase,name", "desk,Library Desk", "map,Town Map"]
    assert oshealth("query", "select nothing", folder=folder.path).returncode == 2
    pages = oshealth("report", "desk", folder=folder.path)
    assert (pages.returncode, "desk.html" in pages.stdout) == (0, True)
    assert oshealth("report", "nobody", folder=folder.path).returncode == 2
    assert oshealth("run", "nobody", folder=folder.path).returncode == 2


def test_a_wrong_day_or_mirror_is_wrong_usage(tmp_path: Path) -> None:
    folder = desk_and_map(tmp_path / "project")
    assert oshealth("run", "--as-of", "yesterday", folder=folder.path).returncode == 2
    done = oshealth("run", "--no-prefect", "--mirror", "nonsense", folder=folder.path)
    assert (done.returncode, "PREFIX=REPLACEMENT" in done.stderr) == (2, True)


@pytest.mark.parametrize("command", [("run",), ("run", "--no-prefect"), ("audit", ".")])
def test_a_day_that_has_not_come_is_refused_at_once(command: tuple[str, ...], tmp_path: Path) -> None:
    folder = desk_and_map(tmp_path / "project")
    done = oshealth(*command, "--as-of", "2199-01-01", folder=folder.path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "lies in the future; the newest possible day is" in done.stderr
    assert not (folder.path / "warehouse" / "facts").exists()


def test_a_data_folder_that_cannot_be_written_is_said_once(tmp_path: Path) -> None:
    folder = desk_and_map(tmp_path / "project")
    (tmp_path / "file").write_text("no folder")
    done = oshealth("run", "--data", str(tmp_path / "file" / "data"), folder=folder.path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "cannot be written" in done.stderr


def test_a_question_in_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    done = oshealth("query", "questions.sql", folder=tmp_path)
    assert (done.returncode, done.stderr) == (2, "oshealth: questions.sql: no such file or directory\n")


def test_ids_that_a_user_has_to_type_stand_whole_at_80_columns(tmp_path: Path) -> None:
    assert "municipalities_of_users_contributing" in oshealth("metrics").stdout
    folder = desk_and_map(tmp_path / "project")
    lines = oshealth("sources", folder=folder.path).stdout.splitlines()
    assert "  github.com/example/desk" in lines


def test_a_schedule_at_a_server_that_does_not_answer_is_wrong_usage(tmp_path: Path) -> None:
    folder = desk_and_map(tmp_path / "project")
    done = oshealth("serve", folder=folder.path, PREFECT_API_URL="http://127.0.0.1:9/api")
    said = "oshealth: PREFECT_API_URL names http://127.0.0.1:9/api, where no Prefect server answers\n"
    assert (done.returncode, done.stderr) == (2, said)


def test_a_question_on_standard_input_is_answered_in_any_locale(tmp_path: Path) -> None:
    publish(tmp_path / "oshealth.duckdb", Contents(facts={}))
    command = [sys.executable, "-m", "oshealth", "query", "-", "--data", str(tmp_path), "--format", "csv"]
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    asked = b"select chr(248) || chr(8211) as name"
    done = subprocess.run(command, input=asked, capture_output=True, env=environment, check=False)
    assert (done.returncode, done.stdout) == (0, b"name\n\xf8\\u2013\n"), done.stderr
