"""The warehouse as a file: published at once or not at all, while others read it."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import cast

import duckdb
import polars as pl
import pytest

from facts_builder import moment
from oshealth.facts import TABLES
from oshealth.store import FactsFolder, Ledger
from oshealth.warehouse import CheckError, Contents, WarehouseError, open_warehouse, publish, read_contents
from warehouse_sample import APP, CRAWLED_AT, FORK, FORMER, changed, contents, doubled, row, sources

COUNT = "select count(*) from commit"


def count(path: Path) -> int:
    with open_warehouse(path) as connection:
        return cast("int", connection.execute(COUNT).fetchall()[0][0])


def test_a_published_file_holds_everything_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    publish(tmp_path / "data" / "oshealth.duckdb", contents())
    assert count(tmp_path / "data" / "oshealth.duckdb") == 11
    left = [path.name for path in (tmp_path / "data").iterdir() if not path.name.endswith(".lock")]
    assert left == ["oshealth.duckdb"]


def test_an_older_duckdb_opens_the_file(tmp_path: Path) -> None:
    publish(tmp_path / "x.duckdb", contents())
    with open_warehouse(tmp_path / "x.duckdb") as connection:
        tags = connection.execute("select tags['storage_version'] from duckdb_databases() where path is not null")
        assert tags.fetchall() == [("v1.5.0+",)]


def test_views_call_nothing_that_an_older_duckdb_does_not_know(tmp_path: Path) -> None:
    publish(tmp_path / "x.duckdb", contents())
    with open_warehouse(tmp_path / "x.duckdb") as connection:
        # DuckDB 2 keeps if(…) as a call of "if", which DuckDB 1.5 looks for among its functions in vain.
        sql = """select view_name from duckdb_views() where contains(sql, '"if"(')"""
        assert connection.execute(sql).fetchall() == []


def test_a_reader_goes_on_reading_while_a_new_file_is_published(tmp_path: Path) -> None:
    target = tmp_path / "x.duckdb"
    publish(target, contents())
    code = f"""
import sys
from oshealth.warehouse import open_warehouse
with open_warehouse({str(target)!r}) as connection:
    print("open", flush=True)
    sys.stdin.readline()
    print(connection.execute({COUNT!r}).fetchall()[0][0])
"""
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout
        assert reader.stdout.readline() == "open\n"
        publish(target, contents(facts={}, ledgers=[]))
        assert count(target) == 0
        assert reader.communicate("go\n", timeout=60)[0] == "11\n"


FAULTS = {
    "future_moment": changed(contents(), "commit", authored_at=moment("2030-01-01")),
    "Constraint Error": changed(contents(), "change", path=None),
    "duplicate_rows": doubled(contents(), "change"),
    "duplicate key": doubled(contents(), "branch"),
}


@pytest.mark.parametrize(("why", "fault"), FAULTS.items(), ids=FAULTS)
def test_a_repository_whose_rows_contradict_themselves_is_left_out_alone(
    why: str, fault: Contents, tmp_path: Path
) -> None:
    target = tmp_path / "x.duckdb"
    left_out = publish(target, fault)
    assert set(left_out) == {APP}
    assert why in left_out[APP]
    with open_warehouse(target) as connection:
        assert connection.execute("select distinct repository from commit order by 1").fetchall() == [
            (FORK,),
            (FORMER,),
        ]
        assert connection.execute("select repository, detail from gap").fetchall() == [(APP, left_out[APP])]
        status = connection.execute("select detail from repository_status where repository = $app", {"app": APP})
        assert status.fetchall() == [(left_out[APP],)]


@pytest.mark.parametrize(("why", "fault"), FAULTS.items(), ids=FAULTS)
def test_where_nobody_else_would_be_left_yesterdays_file_stays(why: str, fault: Contents, tmp_path: Path) -> None:
    target = tmp_path / "x.duckdb"
    publish(target, contents())
    before = target.read_bytes()
    with pytest.raises(WarehouseError, match=why):
        publish(target, fault.without({FORK: "Gone.", FORMER: "Gone."}))
    assert target.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == [".x.duckdb.lock", "x.duckdb"]


def test_what_belongs_to_no_repository_leaves_yesterdays_file(tmp_path: Path) -> None:
    target = tmp_path / "x.duckdb"
    publish(target, contents())
    before = target.read_bytes()
    with pytest.raises(CheckError, match="duplicate_rows"):
        publish(target, replace(contents(), measurements=pl.concat([contents().measurements] * 2)))
    assert target.read_bytes() == before


def test_a_build_that_is_killed_leaves_yesterdays_file_and_is_cleared_away_by_the_next(tmp_path: Path) -> None:
    target = tmp_path / "x.duckdb"
    building = tmp_path / ".x.duckdb.building"
    publish(target, contents())
    code = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parent)!r})
from oshealth.warehouse import publish
from warehouse_sample import contents
while True:
    publish(Path({str(target)!r}), contents())
"""
    with subprocess.Popen([sys.executable, "-c", code]) as builder:
        while not building.exists() and builder.poll() is None:
            time.sleep(0.01)
        builder.kill()
    assert count(target) == 11
    publish(target, contents())
    assert not building.exists()


def test_a_log_left_beside_the_old_file_is_not_played_into_the_new_one(tmp_path: Path) -> None:
    target = tmp_path / "x.duckdb"
    publish(target, contents())
    (tmp_path / "x.duckdb.wal").write_bytes(b"left over")
    publish(target, contents())
    assert count(target) == 11


def test_no_file_is_one_sentence_with_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="no such file; `oshealth run` makes it"):
        open_warehouse(tmp_path / "x.duckdb")


def test_a_file_that_is_no_warehouse_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "x.duckdb").write_bytes(b"no database" * 1000)
    with pytest.raises(WarehouseError, match=r"x\.duckdb: cannot be opened: "):
        open_warehouse(tmp_path / "x.duckdb")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with the facts of two repositories, as crawls leave it."""
    sample = contents()
    folder = FactsFolder(tmp_path)
    for name in (APP, FORK):
        tables = {table: sample.fact(table).filter(repository=name) for table in TABLES}
        folder.write(Ledger(name, f"https://{name}", CRAWLED_AT, "ok", head="f" * 40), tables)
    folder.write_people(
        {name: sample.of_people(name) for name in ("identity", "affiliation", "organisation")}, CRAWLED_AT
    )
    return tmp_path


def test_a_data_folder_becomes_a_warehouse(data: Path) -> None:
    publish(data / "x.duckdb", read_contents(data, sources(), []))
    assert count(data / "x.duckdb") == 8


def test_one_broken_file_leaves_its_repository_out_with_a_gap(data: Path) -> None:
    broken = next(data.glob("facts/*county*/*/change.parquet"))
    broken.write_bytes(b"\0" * broken.stat().st_size)
    publish(data / "x.duckdb", read_contents(data, sources(), []))
    with open_warehouse(data / "x.duckdb") as connection:
        assert connection.execute("select distinct repository from commit").fetchall() == [(APP,)]
        gaps = connection.execute("select repository, what, reason from gap where what = 'facts'").fetchall()
        status = connection.execute("select detail from repository_status where repository = $fork", {"fork": FORK})
        assert status.fetchall() == [("Its facts could not be read (ComputeError); the next crawl writes them anew.",)]
    assert gaps == [(FORK, "facts", "unreadable_facts")]


def test_a_file_with_other_columns_leaves_its_repository_out(data: Path) -> None:
    ledger = FactsFolder(data).ledger(FORK)
    assert ledger
    path = data / "facts" / "example.org+county+app" / ledger.files["commit"][0]
    pl.read_parquet(path).drop("position").write_parquet(path)
    written = path.parent / "ledger.json"
    size = ledger.sizes[ledger.files["commit"][0]]
    written.write_text(written.read_text().replace(f": {size}", f": {path.stat().st_size}"))
    assert set(read_contents(data, sources(), []).unreadable) == {FORK}


def test_a_run_that_only_left_measurements_is_a_run(data: Path) -> None:
    measured = contents().measurements.filter(run_id="day")
    FactsFolder(data).append_measurements(measured, "day", moment("2024-06-30 04:00"))
    publish(data / "x.duckdb", read_contents(data, sources(), []))
    with open_warehouse(data / "x.duckdb") as connection:
        query = "select run_id, started_at, as_of, status, measurement_count from run_list"
        day = moment("2024-06-30").date()
        assert connection.execute(query).fetchall() == [("day", moment("2024-06-30 04:00"), day, "ok", 4)]


def test_measurements_that_cannot_be_read_are_one_sentence(data: Path) -> None:
    FactsFolder(data).append_measurements(contents().measurements, "day", moment("2024-06-30 04:00"))
    path = data / "facts" / "+measurements" / "day" / "measurement.parquet"
    path.write_bytes(b"\0" * path.stat().st_size)
    with pytest.raises(WarehouseError, match="measurements or people cannot be read"):
        read_contents(data, sources(), [])


def test_one_measurement_that_contradicts_itself_stops_publishing(tmp_path: Path) -> None:
    wrong = row("truck_factor", moment("2024-06-30").date(), "day", value=1.0, reason="and yet")
    frame = pl.concat([contents().measurements.clear(), pl.DataFrame([wrong], schema=contents().measurements.schema)])
    with pytest.raises(WarehouseError, match="Constraint Error"):
        publish(tmp_path / "x.duckdb", replace(contents(), measurements=frame))


def test_two_connections_of_one_process_read_at_the_same_time(tmp_path: Path) -> None:
    publish(tmp_path / "x.duckdb", contents())
    with open_warehouse(tmp_path / "x.duckdb") as one, open_warehouse(tmp_path / "x.duckdb") as other:
        assert one.execute(COUNT).fetchall() == other.execute(COUNT).fetchall()
        with pytest.raises(duckdb.Error, match="read-only"):
            one.execute("delete from commit")
