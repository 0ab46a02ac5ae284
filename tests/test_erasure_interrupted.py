"""An erasure that is ended at any moment and done again ends as one that nothing disturbed."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from interruption import Killed, killed_before_write
from oshealth.facts import ALIAS, COMMIT, MEASUREMENT, PEOPLE, SCHEMA_VERSION
from oshealth.people.erasure import Erased, add_erased, hold, read_erased
from oshealth.store import FactsFolder, Ledger, PrivateFolder

REPOSITORY = "forge.example/town/app"
MONDAY = datetime(2026, 11, 23, 3, 15)  # noqa: DTZ001 (moments are UTC without a zone)
GONE, KEPT = "5f0c1d9a7b3e4826a1d4c7e92b6f8035", "b" * 32
PSEUDONYM = "c" * 32
"""Compressed, these differ in size: a file with the one is not as long as a file with the other."""
WRITES = 50
"""More than an erasure of what is made here does."""


def commits(sha: str) -> pl.DataFrame:
    row = dict.fromkeys(COMMIT) | {"repository": REPOSITORY, "sha": sha, "author_alias": GONE, "committer_alias": KEPT}
    return pl.DataFrame([row], schema=COMMIT)


def land_facts(data: Path) -> None:
    """Two crawls, of which the second adds to the first; people; a run, a history and a run that has not landed."""
    facts, private = FactsFolder(data), PrivateFolder(data)
    for day in (0, 1):
        ledger = Ledger(REPOSITORY, "", MONDAY + timedelta(days=day), "ok", head=str(day) * 40)
        facts.write(ledger, {"commit": commits(str(day))}, append=["commit"] if day else [])
    names = [(GONE, "Ann Other", "ann@town.example"), (KEPT, "Bea Third", "bea@town.example")]
    aliases = pl.DataFrame([(*name, MONDAY, 2) for name in names], schema=ALIAS, orient="row")
    private.write_aliases(REPOSITORY, MONDAY, aliases)
    identity = pl.DataFrame([(GONE, GONE, "person"), (KEPT, KEPT, "person")], schema=PEOPLE["identity"], orient="row")
    facts.write_people({table: schema.to_frame() for table, schema in PEOPLE.items()} | {"identity": identity}, MONDAY)
    row = dict.fromkeys(MEASUREMENT) | {"metric": "truck_factor", "evidence": f'{{"persons": ["{GONE}"]}}'}
    measured = pl.DataFrame([row], schema=MEASUREMENT)
    facts.append_measurements(measured, "20261123T031500Z", MONDAY)
    facts.write_history("desk", measured, "x", MONDAY)
    (facts.path / "+measuring" / "open").mkdir(parents=True)
    measured.write_parquet(facts.path / "+measuring" / "open" / "desk.parquet")
    private.write_merged(private.read_aliases())


def erase(data: Path) -> int:
    private = PrivateFolder(data)
    if not read_erased(private):
        add_erased(private, Erased((GONE,), PSEUDONYM, "person", ()))
    return hold(FactsFolder(data), private, read_erased(private))


def told(data: Path) -> dict[str, object]:
    """What readers find, and every row that lies anywhere below the folder."""
    facts, private = FactsFolder(data), PrivateFolder(data)
    found: dict[str, object] = {name: facts.read(name, "commit").rows() for name in facts.repositories()}
    found |= {table: frame.rows() for table, frame in facts.read_people().items()}
    found["measurements"] = facts.read_measurements().rows()
    found["runs"] = facts.run_names()
    found["names"] = [private.read_aliases().rows(), pl.read_parquet(private.path / "alias.parquet").rows()]
    found["everything"] = {str(pl.read_parquet(path).rows()) for path in data.rglob("*.parquet")}
    return found


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("whole")
    land_facts(data)
    return data


@pytest.mark.parametrize("is_torn", [False, True])
def test_ended_after_any_write_and_repeated_it_ends_as_one_that_nothing_disturbed(
    whole: Path, tmp_path: Path, is_torn: bool
) -> None:
    undisturbed = shutil.copytree(whole, tmp_path / "undisturbed")
    # Commits of two crawls; identity; measurements of a run, of the history, of an open run; names, and all names.
    assert erase(undisturbed) == 2 + 1 + 3 + 2
    expected = told(undisturbed)
    assert len(expected["measurements"]) == 2  # type: ignore[arg-type]
    assert GONE not in str(expected)
    for number in range(WRITES):
        data = shutil.copytree(whole, tmp_path / str(number))
        try:
            with killed_before_write(number, data, is_torn=is_torn):
                erase(data)
        except Killed:
            assert FactsFolder(data).repositories() == [REPOSITORY], number
            assert FactsFolder(data).read_measurements().height == 2, number
            erase(data)
            assert told(data) == expected, number
        else:
            assert number > 20
            return
        shutil.rmtree(data)
    raise AssertionError("it never came to its end")


def test_files_that_no_ledger_names_are_held_as_well(whole: Path, tmp_path: Path) -> None:
    data = shutil.copytree(whole, tmp_path / "data")
    folder = data / "facts" / "forge.example+town+app"
    (folder / "20261125T031500Z").mkdir()
    commits("3").write_parquet(folder / "20261125T031500Z" / "commit.parquet")
    (folder / "20261125T031500Z" / "change.parquet").write_bytes(b"PAR1")
    older = folder / "20261123T031500Z" / "ledger.json"
    older.write_text(older.read_text().replace(f'"schema_version": {SCHEMA_VERSION}', '"schema_version": 0'))
    erase(data)
    assert GONE not in str([pl.read_parquet(path).rows() for path in folder.rglob("commit*.parquet")])
    assert FactsFolder(data).read(REPOSITORY, "commit").height == 2
