"""The warehouse: its tables, how it is filled, and how a file is published."""

import duckdb
import pytest

from oshealth.warehouse import Contents, build_in_memory


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    return build_in_memory(Contents(facts={}))


def test_every_table_and_view_says_what_it_is_and_its_grain(connection: duckdb.DuckDBPyConnection) -> None:
    query = """
        select table_name, comment from duckdb_tables()
        union all select view_name, comment from duckdb_views() where not internal
    """
    found = connection.execute(query).fetchall()
    assert len(found) > 40
    assert [name for name, comment in found if not comment or "\nOne row per " not in comment] == []


def test_every_column_has_a_comment(connection: duckdb.DuckDBPyConnection) -> None:
    query = "select table_name, column_name from duckdb_columns() where not internal and comment is null"
    assert connection.execute(query).fetchall() == []
