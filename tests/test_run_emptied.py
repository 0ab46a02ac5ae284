"""Runs over repositories that hold nothing, from the first night on or since last night."""

import shutil
from pathlib import Path

import pytest

from oshealth.facts import TABLES
from project_folder import Folder, desk_and_map
from repositories import Repo
from test_run import ends

CLIENT = "github.com/example/client"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return desk_and_map(tmp_path / "project")


def emptied(folder: Folder) -> None:
    shutil.rmtree(folder.repositories["client"].path)
    Repo(folder.repositories["client"].path)


def test_a_repository_that_holds_nothing_yet_is_empty_and_not_broken(folder: Folder) -> None:
    emptied(folder)
    outcomes = folder.run()
    ledger = folder.project.facts.ledger(CLIENT)
    assert ledger
    assert (ledger.status, ledger.detail) == ("empty", "The repository holds no branch and no tag.")
    assert set(ends(outcomes, "measure").values()) == {"done"}


def test_a_repository_that_was_emptied_keeps_no_row_of_what_stood_there(folder: Folder) -> None:
    folder.repositories["client"].commit({"requirements.txt": "town==1.0\n"})
    folder.run()
    assert folder.project.facts.read(CLIENT, "dependency").height == 1
    emptied(folder)
    folder.run()
    left = {table for table in TABLES if not folder.project.facts.read(CLIENT, table).is_empty()}
    assert left == {"gap"}
