"""Whoever is erased stays erased, and no figure changes."""

import json
import shutil
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from interruption import Killed, killed_before_write
from oshealth.cli import app
from oshealth.collect.forges.accounts import Accounts
from oshealth.collect.forges.reading import ForgeFacts
from oshealth.facts import TABLES
from oshealth.people.decisions import Alias, DecisionsError
from oshealth.people.erasure import add_erased, erased_person, forget_erased, read_erased, without_erased
from oshealth.pipeline.collecting.crawling import crawl_one
from oshealth.pipeline.collecting.forging import land
from oshealth.pipeline.computing.identifying import identified, identify_all
from oshealth.pipeline.watched.order import Order
from oshealth.pipeline.watched.project import Project, open_project, targets
from oshealth.store import PrivateFolder
from repositories import Repo

SOURCES = """\
[[organisation]]
id = "town"
name = "Town"
type = "municipality"

[[codebase]]
id = "app"
name = "App"
stewards = ["town"]

[[codebase.repository]]
url = "https://github.com/town/app"
"""
REPOSITORY = "github.com/town/app"
"""Where the made-up history is watched."""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project folder whose one repository was crawled."""
    (tmp_path / "sources.toml").write_text(SOURCES, "utf-8")
    repo = Repo(tmp_path / "mirror" / "town" / "app")
    for number in range(4):
        repo.commit({f"a{number}": "x"}, author="Ann Other <ann@magenta.dk>")
    repo.commit({"b": "x"}, author="Ann Other <ann@home.example>", coauthors=["Bea Third <bea@kvalitetsit.dk>"])
    repo.commit({"c": "x"}, author="Bea Third <bea@kvalitetsit.dk>", coauthors=["Ann Other <ann@magenta.dk>"])
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OSHEALTH_DATA", raising=False)
    opened = open_project(tmp_path, mirrors=[f"https://github.com/={tmp_path / 'mirror'}/"])
    collect(opened, "20240630T120000Z")
    return opened


def collect(project: Project, run_id: str) -> None:
    """What the first two stages of a run do."""
    at = datetime.strptime(run_id, "%Y%m%dT%H%M%SZ")  # noqa: DTZ007 (moments are UTC without a zone)
    order = Order(str(project.folder), str(project.data), run_id, at, at.date(), mirrors=project.mirrors)
    (target,) = targets(project.sources.codebase)
    assert crawl_one(order, target).end == "done"
    identify_all(order)


def run(project: Project) -> None:
    mirror = f"https://github.com/={project.folder / 'mirror'}/"
    outcome = CliRunner().invoke(app, ["run", "--no-prefect", "--as-of", "2024-06-30", "--mirror", mirror])
    assert outcome.exit_code == 0, outcome.output


def contributions(project: Project) -> list[tuple[object, ...]]:
    """What the figures are made of, without who: per commit the kind and organisation of each author."""
    commits = project.facts.read(REPOSITORY, "commit")
    people = project.facts.read_people()
    who = commits.select("sha", alias=pl.concat_list(pl.concat_list("author_alias"), "coauthor_aliases")).explode(
        "alias"
    )
    joined = who.join(people["identity"], on="alias").join(people["affiliation"], on="person", how="left")
    rows = joined.select("sha", "kind", "organisation", "from_at", "until_at").unique().sort(pl.all())
    counts = joined.select("sha", "person").unique().group_by("person").len().sort("len")["len"].to_list()
    return [*rows.rows(), *[(count,) for count in counts]]


def everything(folder: Path) -> dict[str, str]:
    """The content of every file that is kept, Parquet spelt out, but for mirrors and the suppression list."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "erased" and "mirrors" not in path.parts:
            is_table = path.suffix == ".parquet"
            found[path.name] = str(pl.read_parquet(path).rows()) if is_table else path.read_bytes().decode("latin-1")
    return found


def test_whoever_is_erased_stays_erased_and_no_figure_changes(project: Project) -> None:
    run(project)
    before, gone = contributions(project), identified(project)
    aliases = gone.aliases.filter(name="Ann Other")["alias"].to_list()
    outcome = CliRunner().invoke(app, ["people", "erase", "Ann Other", "--yes"])
    assert outcome.exit_code == 0, outcome.output
    assert contributions(project) == before
    run(project)
    assert contributions(project) == before
    for name, content in everything(project.data).items():
        assert "Ann Other" not in content, name
        assert "ann@" not in content, name
        assert not any(alias in content for alias in aliases), name
    assert "Bea Third" in str(pl.read_parquet(PrivateFolder(project.data).path / "alias.parquet").rows())


def test_the_suppression_list_names_nobody(project: Project) -> None:
    CliRunner().invoke(app, ["people", "erase", "ann@magenta.dk", "--yes"])
    path = project.data / "private" / "erased"
    assert path.stat().st_mode & 0o777 == 0o600
    assert "Ann" not in path.read_text("ascii")
    (erased,) = read_erased(project.private)
    assert len(erased.aliases) == 2
    assert erased.pseudonym not in erased.aliases
    assert json.loads(path.read_text("ascii"))["kind"] == "person"


def test_who_is_erased_leaves_people_toml_as_well(project: Project) -> None:
    said = CliRunner().invoke(app, ["people", "affiliate", "Ann Other", "volunteer", "--until", "2020-01-01"])
    assert said.exit_code == 0, said.output
    assert "Ann Other" in (project.folder / "people.toml").read_text("utf-8")
    CliRunner().invoke(app, ["people", "erase", "Ann Other", "--yes"])
    assert "Ann" not in (project.folder / "people.toml").read_text("utf-8")


@pytest.mark.parametrize("number", [4, 5, 7, 8])
def test_who_was_not_forgotten_when_the_erasure_was_ended_is_forgotten_by_the_next_command(
    project: Project, number: int
) -> None:
    CliRunner().invoke(app, ["people", "affiliate", "Ann Other", "volunteer", "--until", "2020-01-01"])
    gone = identified(project)
    (person,) = gone.people.identity.join(gone.aliases.filter(name="Ann Other"), on="alias")["person"].unique()
    names = [Alias(name=name, address=address) for name, address in _names(gone.aliases, "Ann Other")]
    file, organisations = project.folder / "people.toml", gone.people.organisation["organisation"].to_list()

    def erase() -> None:
        add_erased(project.private, erased_person(gone.people, person), names)
        forget_erased(project.facts, project.private, file, organisations)

    # Each has its folder, is written, then named: the names (0, 1, 2), the list (3, 4), people.toml (5, 6, 7); then
    # the names go (8).
    with pytest.raises(Killed), killed_before_write(number, project.folder):
        erase()
    is_begun = bool(read_erased(project.private))
    identified(project)
    assert ("Ann" in (project.folder / "people.toml").read_text("utf-8")) is not is_begun
    assert not (project.data / "private" / "forgetting").exists()
    assert is_begun is (number > 4)


def _names(aliases: pl.DataFrame, name: str) -> list[tuple[str, str]]:
    return aliases.filter(name=name).select("name", "address").rows()


def test_names_are_shown_only_when_asked_for(project: Project) -> None:
    hidden = CliRunner().invoke(app, ["people", "list"]).output
    assert "Ann" not in hidden
    assert "magenta" in hidden
    assert "Ann Other" in CliRunner().invoke(app, ["people", "list", "--names"]).output
    assert project.facts.repositories() == [REPOSITORY]


def test_a_person_is_split_and_merged_again_from_the_terminal(project: Project) -> None:
    def persons() -> int:
        return identified(project).people.identity["person"].n_unique()

    assert persons() == 2
    assert CliRunner().invoke(app, ["people", "split", "ann@magenta.dk", "ann@home.example"]).exit_code == 0
    assert persons() == 3
    merged = CliRunner().invoke(app, ["people", "merge", "ann@magenta.dk", "ann@home.example"])
    assert (merged.exit_code, "Noted in people.toml" in merged.output) == (0, True)
    assert persons() == 2
    before = (project.folder / "people.toml").read_text("utf-8")
    again = CliRunner().invoke(app, ["people", "merge", "ann@magenta.dk", "ann@home.example"])
    assert "one person already" in again.output
    assert (project.folder / "people.toml").read_text("utf-8") == before


@pytest.mark.parametrize("verb", ["split", "merge"])
def test_nobody_is_split_from_or_merged_with_whom_nobody_knows(project: Project, verb: str) -> None:
    outcome = CliRunner().invoke(app, ["people", verb, "ann@magenta.dk", "ann@magneta.dk"])
    assert (outcome.exit_code, "matches nobody" in str(outcome.exception)) == (1, True)
    assert not (project.folder / "people.toml").exists()


def test_an_id_names_an_alias_that_people_toml_can_keep_apart(project: Project) -> None:
    identity = identified(project).people.identity.join(identified(project).aliases, on="alias")
    ann, bea = (identity.filter(name=name)["person"][0][:12] for name in ("Ann Other", "Bea Third"))
    assert CliRunner().invoke(app, ["people", "split", ann, bea]).exit_code == 0
    kept = (project.folder / "people.toml").read_text("utf-8")
    assert "Bea Third" in kept
    assert bea not in kept


def test_a_commit_in_two_clones_is_counted_once(project: Project) -> None:
    copy = '[[codebase.repository]]\nurl = "https://github.com/town/copy"\n'
    (project.folder / "sources.toml").write_text(SOURCES + copy, "utf-8")
    shutil.copytree(project.folder / "mirror" / "town" / "app", project.folder / "mirror" / "town" / "copy")
    opened = open_project(project.folder, mirrors=project.mirrors)
    at = datetime(2024, 7, 1)  # noqa: DTZ001 (moments are UTC without a zone)
    order = Order(str(opened.folder), str(opened.data), "20240701T000000Z", at, at.date(), mirrors=project.mirrors)
    assert [crawl_one(order, target).end for target in targets(opened.sources.codebase)] == ["unchanged", "done"]
    # Ann's work address: four commits, and one that Bea made with her.
    counts = {row["address"]: row["commit_count"] for row in identified(opened).aliases.iter_rows(named=True)}
    assert counts == {"ann@magenta.dk": 5, "ann@home.example": 1, "bea@kvalitetsit.dk": 2}


def test_a_table_has_pseudonyms_for_the_erased() -> None:
    table = pl.DataFrame({"author_alias": ["a", "b"], "coauthor_aliases": [["c", "a", "b"], []], "sha": ["a", "b"]})
    found = without_erased(table, {"a": "x", "b": "x"})
    assert found.rows() == [("x", ["c", "x"], "a"), ("x", [], "b")]


LOGIN = "ann-o"


def tell(project: Project, run_id: str) -> None:
    """What the forge tells again in every crawl: Ann opened, merged and reviewed, Bea answered."""
    ann, bea = (Accounts(project.private.key(), "github.com").hash(login) for login in (LOGIN, "bea"))
    at = datetime.strptime(run_id, "%Y%m%dT%H%M%SZ")  # noqa: DTZ007 (moments are UTC without a zone)
    rows: dict[str, dict[str, object]] = {
        "issue": {"number": 1, "author_account": ann, "author_kind": "person", "state": "open", "opened_at": at},
        "change_request": {"number": 2, "author_account": ann, "merged_by_account": ann, "state": "merged"},
        "review": {"number": 2, "review": "7", "reviewer_account": ann, "state": "approved"},
        "response": {"subject_kind": "issue", "number": 1, "responder_account": bea, "responded_at": at},
        "profile": {"account": ann, "company": "Ann's own company", "is_member": True, "is_self_declared": True},
    }
    frames = {
        table: pl.DataFrame([dict.fromkeys(TABLES[table].names()) | {"repository": REPOSITORY} | row], TABLES[table])
        for table, row in rows.items()
    }
    order = Order(str(project.folder), str(project.data), run_id, at, at.date())
    land(order, project, REPOSITORY, ForgeFacts(frames, ()))
    identify_all(order)


def accounts(project: Project) -> dict[str, list[str]]:
    columns = {"issue": "author_account", "change_request": "merged_by_account", "review": "reviewer_account"}
    columns |= {"profile": "account", "response": "responder_account"}
    return {table: project.facts.read(REPOSITORY, table)[column].to_list() for table, column in columns.items()}


@pytest.mark.parametrize("way", [["Ann Other"], ["--account", f"github.com/{LOGIN}"]])
def test_accounts_on_forges_are_erased_and_stay_so_when_the_forge_tells_of_them_again(
    way: list[str], project: Project
) -> None:
    repo = Repo.__new__(Repo)
    repo.path, repo.object_format = project.folder / "mirror" / "town" / "app", "sha1"
    repo.commit({"d": "x"}, author=f"Ann Other <77+{LOGIN}@users.noreply.github.com>", date=1719000000)
    collect(project, "20240701T120000Z")
    tell(project, "20240701T130000Z")
    before = accounts(project)
    (ann,) = before["issue"]
    outcome = CliRunner().invoke(app, ["people", "erase", *way, "--yes"])
    assert outcome.exit_code == 0, outcome.output
    erased = accounts(project)
    (pseudonym,) = erased["issue"]
    assert pseudonym != ann
    assert erased == {**{table: [pseudonym] for table in erased}, "response": before["response"]}
    ledger = project.facts.ledger(REPOSITORY)
    tell(project, "20240702T130000Z")
    assert accounts(project) == erased
    tables = project.facts.ledger(REPOSITORY)
    assert ledger
    assert tables
    assert tables.files["review"] == ledger.files["review"]  # nothing new has landed
    for name, content in everything(project.data).items():
        assert ann not in content, name
        assert LOGIN not in content or way != ["Ann Other"], name
        assert "own company" not in content, name


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("way", [["--account", "ann"], []])
def test_an_account_is_named_with_its_host_and_somebody_is_named(way: list[str]) -> None:
    outcome = CliRunner().invoke(app, ["people", "erase", *way, "--yes"])
    assert isinstance(outcome.exception, DecisionsError)
    assert "login" in str(outcome.exception).lower()
