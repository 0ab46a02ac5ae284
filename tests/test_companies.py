"""What a profile on a forge says of its owner's company."""

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from oshealth.collect.forges.accounts import Accounts
from oshealth.facts import TABLES
from oshealth.people.companies import named_by, organisation_names
from oshealth.people.registry import load_registry
from oshealth.pipeline.computing.identifying import identified
from oshealth.store import FactsFolder
from project_folder import desk_and_map

NAMES = organisation_names(load_registry().organisations)


@pytest.mark.parametrize(
    ("company", "organisation"),
    [
        ("@Magenta", "magenta"),
        ("Magenta ApS", "magenta"),
        ("Sønderborg Kommune", "dk-540"),
        ("Sønderborg", None),
        ("Some other firm", None),
        ("", None),
    ],
)
def test_a_company_names_an_organisation_exactly_or_none(company: str, organisation: str | None) -> None:
    assert named_by(company, NAMES) == organisation


def test_a_profile_says_for_whom_its_owner_works(tmp_path: Path) -> None:
    folder = desk_and_map(tmp_path / "project")
    noreply = "Cy Tal <7+cytal@users.noreply.github.com>"
    folder.repositories["map"].commit({"map.py": "c\n"}, author=noreply, date=datetime(2024, 5, 1))  # noqa: DTZ001
    folder.run()
    project = folder.project
    account = Accounts(project.private.key(), "github.com").hash("cytal")
    row: dict[str, object] = {"repository": "github.com/example/map", "account": account, "company": "Magenta A/S"}
    row |= {"is_member": None, "is_self_declared": True, "seen_at": datetime(2024, 5, 2)}  # noqa: DTZ001
    frame = pl.DataFrame([row], schema=TABLES["profile"])
    FactsFolder(project.data).add("github.com/example/map", {"profile": frame}, datetime(2024, 5, 2))  # noqa: DTZ001
    people = identified(project).people
    found = people.affiliation.filter(pl.col("organisation") == "magenta")
    assert set(found["evidence"]) <= {"profile", "nearby"}
    assert found.height >= 1
