"""Facts land complete or not at all, and are found again."""

import json
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from oshealth.facts import ALIAS, CHANGE, MEASUREMENT, PEOPLE, SCHEMA_VERSION, TABLES
from oshealth.store import FactsFolder, Ledger, PrivateFolder, StoreError, folder_name, repository_of

REPOSITORY = "forge.example/town/product"
MONDAY = datetime(2026, 11, 23, 3, 15)  # noqa: DTZ001 (moments are UTC without a zone)
TUESDAY = datetime(2026, 11, 24, 3, 15)  # noqa: DTZ001
NEXT_YEAR = datetime(2027, 11, 24, 3, 15)  # noqa: DTZ001


def ledger(at: datetime = MONDAY) -> Ledger:
    return Ledger(REPOSITORY, f"https://{REPOSITORY}", at, "ok", head="1" * 40, default_branch="main")


def changes(*paths: str) -> pl.DataFrame:
    rows = [(REPOSITORY, "1" * 40, path, None, "A", False, None, None) for path in paths]
    return pl.DataFrame(rows, schema=CHANGE, orient="row")


def test_a_crawl_is_read_as_it_was_written(tmp_path: Path) -> None:
    store = FactsFolder(tmp_path)
    written = store.write(ledger(), {"change": changes("a", "b")})
    assert store.ledger(REPOSITORY) == written
    assert written.rows == {"change": 2}
    assert written.files == {"change": ("20261123T031500Z/change.parquet",)}
    assert store.repositories() == [REPOSITORY]
    assert store.read(REPOSITORY, "change").equals(changes("a", "b"))
    assert store.scan(REPOSITORY, "change").filter(pl.col("path") == "b").collect().height == 1


def test_what_was_never_crawled_has_no_rows(tmp_path: Path) -> None:
    store = FactsFolder(tmp_path)
    assert store.ledger(REPOSITORY) is None
    assert store.repositories() == []
    assert store.read(REPOSITORY, "commit").is_empty()
    assert store.scan(REPOSITORY, "commit").collect().is_empty()


def test_tables_are_appended_to_and_carried_forward(tmp_path: Path) -> None:
    store = FactsFolder(tmp_path)
    store.write(ledger(), {"change": changes("a")})
    appended = store.write(ledger(TUESDAY), {"change": changes("b")}, append=["change"])
    assert appended.rows == {"change": 2}
    carried = store.write(ledger(TUESDAY), {}, carry=["change"])
    assert carried.crawl == "20261124T031500Z-2"
    assert store.read(REPOSITORY, "change")["path"].to_list() == ["a", "b"]


def test_tables_made_later_are_added_to_a_crawl(tmp_path: Path) -> None:
    store = FactsFolder(tmp_path)
    with pytest.raises(StoreError, match="no facts yet"):
        store.add(REPOSITORY, {}, MONDAY)
    written = store.write(ledger(), {"change": changes("a")})
    added = store.add(REPOSITORY, {"gap": TABLES["gap"].to_frame()}, TUESDAY)
    assert (added.head, added.files["change"]) == (written.head, written.files["change"])
    assert store.ledger(REPOSITORY) == added


def test_many_small_files_become_one(tmp_path: Path) -> None:
    store = FactsFolder(tmp_path)
    for number in range(40):
        written = store.write(ledger(), {"change": changes(str(number))}, append=["change"])
    assert written.rows == {"change": 40}
    assert len(written.files["change"]) < 17
    assert store.read(REPOSITORY, "change")["path"].to_list() == [str(number) for number in range(40)]


def test_a_frame_of_another_shape_is_refused_and_nothing_lands(tmp_path: Path) -> None:
    store = FactsFolder(tmp_path)
    with pytest.raises(StoreError, match="the table change must have"):
        store.write(ledger(), {"change": changes("a").drop("old_path")})
    assert not store.path.exists()


@pytest.mark.parametrize("harm", ["no ledger", "ledger cut short", "table cut short", "older schema", "table gone"])
def test_a_crawl_that_is_not_whole_does_not_exist(tmp_path: Path, harm: str) -> None:
    store = FactsFolder(tmp_path)
    store.write(ledger(), {"change": changes("a")})
    written = store.write(ledger(TUESDAY), {"change": changes("b")})
    folder = store.path / folder_name(REPOSITORY) / written.crawl
    file, table = folder / "ledger.json", folder / "change.parquet"
    if harm == "no ledger":
        file.unlink()
    elif harm == "ledger cut short":
        file.write_bytes(file.read_bytes()[:40])
    elif harm == "table cut short":
        table.write_bytes(table.read_bytes()[:-1])
    elif harm == "table gone":
        table.unlink()
    else:
        file.write_text(json.dumps(json.loads(file.read_text()) | {"schema_version": SCHEMA_VERSION - 1}))
    assert store.read(REPOSITORY, "change")["path"].to_list() == ["a"]


def test_what_was_never_finished_is_removed_after_a_day_and_what_is_named_is_kept(tmp_path: Path) -> None:
    store = FactsFolder(tmp_path)
    folder = store.path / folder_name(REPOSITORY)
    store.write(ledger(), {"change": changes("a")})
    unfinished = folder / "20261123T040000Z"
    unfinished.mkdir()
    store.write(ledger(TUESDAY), {}, carry=["change"])
    assert unfinished.exists()
    store.write(ledger(NEXT_YEAR), {}, carry=["change"])
    assert not unfinished.exists()
    assert sorted(path.name for path in folder.iterdir()) == ["20261123T031500Z", "20271124T031500Z"]
    assert store.read(REPOSITORY, "change")["path"].to_list() == ["a"]


def test_rows_of_a_repository_that_no_longer_answers_stand_and_are_stale(tmp_path: Path) -> None:
    store = FactsFolder(tmp_path)
    unreachable = Ledger(REPOSITORY, "", TUESDAY, "unreachable", "the host did not answer")
    assert store.write_unread(unreachable).rows == {"gap": 1}
    store.write(ledger(TUESDAY), {"change": changes("a")})
    written = store.write_unread(unreachable)
    assert written.is_stale
    assert written.head == "1" * 40
    assert store.write_unread(unreachable).rows == {"change": 1, "gap": 1}
    assert store.read(REPOSITORY, "gap").select("what", "reason").rows() == [("crawl", "unreachable")]
    assert store.read(REPOSITORY, "change").height == 1


@pytest.mark.parametrize("name", ["", "../x", "a//b", ".git/x", "/etc", "x" * 300])
def test_a_repository_id_that_would_leave_the_folder_is_refused(name: str) -> None:
    with pytest.raises(StoreError):
        folder_name(name)


@pytest.mark.parametrize("name", [REPOSITORY, "forge.example/a+b/c%2B", "forge.example/grüße/🙂", "x/\n/\x00"])
def test_every_repository_has_a_folder_of_its_own(name: str) -> None:
    assert repository_of(folder_name(name)) == name
    assert "/" not in folder_name(name)


def test_people_are_read_as_they_were_written_last(tmp_path: Path) -> None:
    store = FactsFolder(tmp_path)
    assert store.read_people()["identity"].is_empty()
    frames = {table: schema.to_frame() for table, schema in PEOPLE.items()}
    for person in ("a", "b"):
        identity = pl.DataFrame([("a", person, "person")], schema=PEOPLE["identity"], orient="row")
        store.write_people({**frames, "identity": identity}, MONDAY)
    assert store.read_people()["identity"]["person"].to_list() == ["b"]
    assert store.repositories() == []


def test_measurements_of_all_runs_are_kept_in_their_order(tmp_path: Path) -> None:
    store = FactsFolder(tmp_path)
    assert store.read_measurements().is_empty()
    row = dict.fromkeys(MEASUREMENT)
    for run, at in (("b", MONDAY), ("a", TUESDAY)):
        frame = pl.DataFrame([row | {"metric": "activity", "run_id": run}], schema=MEASUREMENT)
        store.append_measurements(frame, run, at)
    assert store.read_measurements()["run_id"].to_list() == ["b", "a"]


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    private = PrivateFolder(tmp_path)
    key = private.key()
    assert PrivateFolder(tmp_path).key() == key
    assert len(key) == 32
    assert private.path.stat().st_mode & 0o777 == 0o700
    assert (private.path / "hmac.key").stat().st_mode & 0o777 == 0o600


def test_a_given_key_is_written_nowhere(tmp_path: Path) -> None:
    private = PrivateFolder(tmp_path)
    assert private.key("ab" * 32) == b"\xab" * 32
    assert [path.name for path in private.path.iterdir()] == ["key.digest"]
    assert "ab" * 32 not in (private.path / "key.digest").read_text()
    assert private.key("AB" * 32) == b"\xab" * 32


def test_another_key_than_the_first_is_refused_and_so_is_none(tmp_path: Path) -> None:
    private = PrivateFolder(tmp_path)
    private.key("ab" * 32)
    with pytest.raises(StoreError, match="OSHEALTH_KEY is another key"):
        private.key("cd" * 32)
    with pytest.raises(StoreError, match="OSHEALTH_KEY, which is not set"):
        private.key()
    assert not (private.path / "hmac.key").exists()


def test_the_key_that_was_made_may_be_given_from_elsewhere(tmp_path: Path) -> None:
    private = PrivateFolder(tmp_path)
    key, file = private.key(), private.path / "hmac.key"
    (private.path / "key.digest").unlink()  # as in a folder of old
    with pytest.raises(StoreError, match="OSHEALTH_KEY is another key"):
        private.key("cd" * 32)
    file.unlink()
    assert private.key(key.hex()) == key


@pytest.mark.parametrize("key", ["short", "zz" * 32, "ab" * 31])
def test_a_key_that_is_none_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(StoreError, match="OSHEALTH_KEY holds no key"):
        PrivateFolder(tmp_path).key(key)


def aliases(at: datetime, commit_count: int = 2) -> pl.DataFrame:
    return pl.DataFrame([("0a", "Ada Dal", "ada@town.example", at, commit_count)], schema=ALIAS, orient="row")


def test_aliases_of_a_repository_replace_its_earlier_ones(tmp_path: Path) -> None:
    private = PrivateFolder(tmp_path)
    private.write_aliases(REPOSITORY, MONDAY, aliases(TUESDAY))
    private.write_aliases(REPOSITORY, TUESDAY, aliases(TUESDAY))
    private.write_aliases(f"{REPOSITORY}/2", TUESDAY, aliases(MONDAY))
    assert private.read_aliases().rows() == [("0a", "Ada Dal", "ada@town.example", MONDAY, 4)]
    files = list((private.path / "alias").iterdir())
    assert len(files) == 2
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


@pytest.mark.parametrize("below", ["2", "2024", "20241123T031500Z", "2024/20241123T031500Z", "0*[0-9]"])
def test_aliases_of_a_repository_leave_those_of_repositories_below_it_alone(tmp_path: Path, below: str) -> None:
    private = PrivateFolder(tmp_path)
    private.write_aliases(f"{REPOSITORY}/{below}", MONDAY, aliases(MONDAY, 1))
    private.write_aliases(REPOSITORY, MONDAY, aliases(MONDAY, 2))
    private.write_aliases(REPOSITORY, TUESDAY, aliases(MONDAY, 4))
    assert private.read_aliases()["commit_count"].to_list() == [1 + 4]


def test_names_that_a_crash_left_half_written_go_with_the_next_crawl(tmp_path: Path) -> None:
    private = PrivateFolder(tmp_path)
    private.write_aliases(REPOSITORY, MONDAY, aliases(MONDAY))
    (left,) = (private.path / "alias").iterdir()
    left.rename(left.with_name(f".{left.name}.0a1b2c3d"))
    private.write_aliases(REPOSITORY, TUESDAY, aliases(MONDAY))
    assert len(list((private.path / "alias").iterdir())) == 1
