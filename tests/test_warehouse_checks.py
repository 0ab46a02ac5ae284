"""Each check of the warehouse, shown to catch its fault."""

from pathlib import Path

import duckdb
import pytest

from oshealth.warehouse import CheckError, build_in_memory, sql_files
from oshealth.warehouse.check import run_checks
from warehouse_sample import contents

FOLDERS = ("schema", "views", "checks", "load", "dictionary_queries")
FAULTS = {
    "contradicting_licence": "insert into package_licence (purl, source, openness) values ('p', 'lock', 'open')",
    "contradicting_measurement": "update measurement set value = 'nan'::double where value is not null",
    "contradicting_state": "update issue set state = 'closed' where number = 1",
    "coverage_range": "update measurement set coverage = 1.5",
    "dangling_answer": "delete from issue where number = 1",
    "dangling_commit": "update change set sha = 'f' where path = 'a.py'",
    "dangling_forge_row": "delete from repository where role = 'own'",
    "dangling_organisation": "delete from organisation where organisation = 'town'",
    "dangling_person": "delete from person",
    "dangling_repository": "delete from repository where role = 'own'",
    "duplicate_rows": "insert into change from change limit 1",
    "future_moment": "update commit set authored_at = '2024-07-02 03:00:01'",
    "ledger_count": "delete from change",
    "newest_crawl": "update crawl set is_newest = false",
    "overlapping_affiliation": "update affiliation set until_at = null",
    "raw_address": "update contribution set person = 'somebody@example.org' where is_author",
    "uncounted_contribution": "update commit set is_merge = true where position = 0",
}


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    return build_in_memory(contents())


def test_every_check_has_a_fault_here() -> None:
    assert set(FAULTS) == set(sql_files.read("checks"))


@pytest.mark.parametrize(("name", "fault"), FAULTS.items())
def test_a_check_catches_its_fault(name: str, fault: str, connection: duckdb.DuckDBPyConnection) -> None:
    run_checks(connection)
    connection.execute(fault)
    with pytest.raises(CheckError, match=rf"(?m)^{name}: ."):
        run_checks(connection)


def test_a_failing_check_shows_its_first_rows_and_not_the_address(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("update contribution set person = 'somebody@example.org' where is_author")
    with pytest.raises(CheckError, match=r"column_name contribution\.person, row_count 5") as caught:
        run_checks(connection)
    raw_address = str(caught.value).split("raw_address: ")[1].split("\n\n")[0]
    assert "somebody" not in raw_address


def test_the_schema_refuses_a_measurement_with_a_value_and_a_reason(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.ConstraintException):
        connection.execute("update measurement set reason = 'why' where value is not null")


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_statement_says_what_it_is_and_its_grain_in_under_80_lines(folder: str) -> None:
    for name, text in sql_files.read(folder).items():
        first, second, *_ = lines = text.splitlines()
        assert first.startswith("-- "), name
        assert second.startswith("-- grain: one row per "), name
        assert len(lines) < 80, name


def test_the_statements_ship_with_the_package() -> None:
    room = Path(sql_files.__file__).parent
    shipped = {path.relative_to(room).as_posix() for path in room.rglob("*.sql")}
    read = {
        f"{name}/{x}.sql"
        for name in ("schema", "views", "checks", "load", "dictionary_queries")
        for x in sql_files.read(name)
    }
    assert shipped == read
