"""Asking the warehouse: answers as table, CSV and JSON, and what a question must not do."""

import csv
import io
import json
from pathlib import Path

import pytest

from oshealth.warehouse import Format, QueryError, WarehouseError, publish, run_query
from warehouse_sample import contents

VALUES = """
    select 1 as number, null as nothing, true as yes, 0.5 as share, date '2024-06-30' as day,
    timestamp '2024-06-30 04:05:06' as moment, ['a', null] as list, {'x': 1} as struct, map {'k': 2.0} as map
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("warehouse") / "x.duckdb"
    publish(target, contents())
    return target


def ask(path: Path, sql: str, form: Format = "csv") -> str:
    out = io.StringIO()
    run_query(path, sql, form, out)
    return out.getvalue()


def test_json_has_dates_in_iso_and_null_as_null(path: Path) -> None:
    assert json.loads(ask(path, VALUES, "json")) == [
        {
            "number": 1,
            "nothing": None,
            "yes": True,
            "share": 0.5,
            "day": "2024-06-30",
            "moment": "2024-06-30T04:05:06",
            "list": ["a", None],
            "struct": {"x": 1},
            "map": {"k": 2.0},
        }
    ]


def test_json_of_no_row_is_an_empty_list(path: Path) -> None:
    assert json.loads(ask(path, "select 1 where false", "json")) == []


def test_json_keeps_two_columns_of_one_name(path: Path) -> None:
    assert json.loads(ask(path, "select 1 as a, 2 as a, 3 as a", "json")) == [{"a": 1, "a_2": 2, "a_3": 3}]


def test_what_is_no_number_is_empty_as_text(path: Path) -> None:
    assert ask(path, "select 'nan'::double as a, 'infinity'::double as b, 1 as c") == "a,b,c\n,,1\n"
    assert "None" not in ask(path, "select 'infinity'::double as a", "table")


def test_a_number_that_is_none_is_null_in_json(path: Path) -> None:
    assert json.loads(ask(path, "select 'nan'::double as a, 'infinity'::double as b", "json")) == [
        {"a": None, "b": None}
    ]


def test_csv_has_a_header_and_empty_for_null(path: Path) -> None:
    found = list(csv.reader(io.StringIO(ask(path, VALUES))))
    values = ["1", "", "true", "0.5", "2024-06-30", "2024-06-30T04:05:06", '["a", null]', '{"x": 1}', '{"k": 2.0}']
    assert found == [["number", "nothing", "yes", "share", "day", "moment", "list", "struct", "map"], values]


def test_csv_writes_more_rows_than_one_batch(path: Path) -> None:
    assert len(ask(path, "from range(2500)").splitlines()) == 2501


def test_a_table_is_80_columns_wide_at_most(path: Path) -> None:
    lines = ask(path, "select repeat('word ', 50) as text, 1/3 as share", "table").splitlines()
    assert max(map(len, lines)) <= 80
    assert "0.3333" in "".join(lines)
    assert lines[-1] == "1 row"


def test_a_tables_columns_get_what_they_need_first(path: Path) -> None:
    sql = "select repeat('word ', 50) as text, 'consul-democracy' as codebase, 12 as contribution_count_per_year"
    lines = ask(path, sql, "table").splitlines()
    assert {len(line) for line in lines[:-1]} == {80}
    assert "contribution_" in "".join(lines)


def test_a_row_of_too_many_columns_is_a_block_of_lines(path: Path) -> None:
    lines = ask(path, "from latest", "table").splitlines()
    assert max(map(len, lines)) <= 80
    assert any("subject_name" in line and "App" in line for line in lines)


def test_a_table_shows_200_rows_and_says_how_many_there_are(path: Path) -> None:
    assert ask(path, "from range(250)", "table").splitlines()[-1].startswith("250 rows, the first 200 shown")


def test_control_characters_do_nothing_in_a_terminal(path: Path) -> None:
    assert "\x1b" not in ask(path, "select chr(27) || '[2J[red]x' as name", "table")
    assert "[red]x" in ask(path, "select chr(27) || '[2J[red]x' as name", "table")


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("select * from comit", 'Table with name comit does not exist! Did you mean "commit"'),
        ("selec 1", "syntax error"),
        ("", "expected one question, found 0"),
        ("select 1; select 2", "expected one question, found 2"),
        ("drop table commit", "only read"),
        ("attach ':memory:' as other", "only read"),
        ("copy commit to '{folder}/out.csv'", "only read"),
        ("set memory_limit = '99GB'", "only read"),
        ("install httpfs", "only read"),
        ("select * from read_text('{folder}/secret')", "disabled by configuration"),
        ("select * from read_csv('https://example.org/x.csv')", "disabled by configuration"),
        ("select list(range) from range(200000000)", "more than 1GB of memory"),
    ],
)
def test_a_question_that_cannot_be_answered_is_one_sentence(path: Path, sql: str, words: str) -> None:
    (path.parent / "secret").write_text("secret")
    with pytest.raises(QueryError) as caught:
        ask(path, sql.format(folder=path.parent))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (path.parent / "out.csv").exists()


def test_a_missing_warehouse_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="no such file"):
        ask(tmp_path / "none.duckdb", "select 1")
