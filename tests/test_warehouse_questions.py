"""The questions of warehouse/queries: each asked of a small portfolio."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from oshealth.facts import TABLES
from oshealth.warehouse import build_in_memory
from warehouse_sample import APP, FORK, LIB, contents, measurements, row

FOLDER = Path(__file__).parents[1] / "warehouse" / "queries"
ANSWERS = {
    "bus_factor_trend": [
        ("app", "Truck factor", 2023, 3.0, None, None),
        ("app", "Truck factor", 2024, 1.0, -2.0, None),
    ],
    "dependencies_not_open": [
        ("app", "non-open", "pkg:npm/closed@1.0.0", "BUSL-1.1", "registry", [APP]),
        ("app", "unknown", "pkg:npm/odd@1.0.0", None, None, [APP]),
    ],
    "deployments": [("app", FORK, "hillside", None, 3, None)],
    "documents_missing": [],
    "municipalities": [("app", "town", 2024, 1, date(2024, 2, 1), date(2024, 2, 1))],
    "one_person": [("app", "App", "Truck factor", 1.0, None, date(2024, 1, 31))],
    "organisations_by_year": [
        ("app", 2023, "supplier", 1, 100.0),
        ("app", 2024, "municipality", 1, 33.3),
        ("app", 2024, "supplier", 1, 33.3),
        ("app", 2024, None, 1, 33.3),
    ],
    # Usually 153.5 days between releases; the last one 119 days before the crawl of 1 July 2024: not overdue.
    "releases_overdue": [],
    "stale_repositories": [("lib", LIB, "not crawled", "It has not been crawled yet.", None, None)],
    "supplier_share": [("app", 2023, "The Firm", 1, 100.0, 100.0), ("app", 2024, "The Firm", 1, 33.3, 66.7)],
    "unknown": [
        ("app", "app", "open_issue_age", "the forge was not asked", None),
        ("app", APP, "commit", "A date is before 1990.", 1),
    ],
    "what_to_do": [("App", "Truck factor", "1.0 people", "Pair.")],
}


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    found = measurements(
        row("truck_factor", date(2023, 1, 31), "day", value=3.0, grade="good"),
        row("truck_factor", date(2024, 1, 31), "day", value=1.0, grade="poor"),
        row("open_issue_age", date(2024, 1, 31), "day", reason="the forge was not asked"),
    )
    sample = contents(measurements=found)
    needed = {"repository": APP, "ecosystem": "npm", "path": "package.json", "scope": "runtime", "state": "ok"}
    packages = [{**needed, "name": name, "purl": f"pkg:npm/{name}@1.0.0"} for name in ("closed", "odd")]
    # Of what another repository's lock file says, a measure of this one believes nothing, and nor does the answer.
    packages += [{**needed, "name": "open", "purl": "pkg:npm/open@1.0.0", "declared_licence": "MIT"}]
    facts = {**sample.facts, "dependency": pl.DataFrame(packages, schema=TABLES["dependency"])}
    with build_in_memory(contents(measurements=found, facts=facts)) as made:
        made.execute("""
            insert into package_licence by name
            select 'pkg:npm/closed@1.0.0' as purl, 'registry' as source, 'BUSL-1.1' as licence, 'non-open' as openness
            union all by name
            select 'pkg:npm/open@1.0.0' as purl, 'lock' as source, 'MIT' as licence, 'approved' as openness
            union all by name
            select 'pkg:npm/odd@1.0.0' as purl, 'lock' as source, 'MIT' as licence, 'approved' as openness
        """)
        yield made


def test_every_question_has_an_answer_here() -> None:
    assert set(ANSWERS) == {path.stem for path in FOLDER.glob("*.sql")}


@pytest.mark.parametrize(("name", "answer"), ANSWERS.items())
def test_a_question_is_answered(name: str, answer: object, connection: duckdb.DuckDBPyConnection) -> None:
    assert connection.execute((FOLDER / f"{name}.sql").read_text()).fetchall() == answer


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.sql")), ids=lambda path: path.stem)
def test_a_question_says_what_it_asks_and_its_grain_in_under_80_lines(path: Path) -> None:
    first, second, *_ = lines = path.read_text().splitlines()
    assert first.startswith("-- ")
    assert first.endswith("?")
    assert second.startswith("-- grain: one row per ")
    assert len(lines) < 80


def test_a_release_is_overdue_after_twice_the_usual_interval(connection: duckdb.DuckDBPyConnection) -> None:
    # 30 and 277 days between releases: usually 153.5. From 4 March 2024 to a crawl on 7 January 2025 are 309 days.
    connection.execute("begin")
    connection.execute("update crawl set crawled_at = '2025-01-07'")
    found = connection.execute((FOLDER / "releases_overdue.sql").read_text()).fetchall()
    connection.execute("rollback")
    assert found == [("app", APP, "1.1.0", date(2024, 3, 4), 153.5, 309)]


def test_a_document_that_others_have_is_missing(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("begin")
    connection.execute("insert into repository by name select 'x' as repository, 'own' as role, []::text[] as packages")
    connection.execute("""
        insert into document by name
        select 'x' as repository, 'licence' as kind, 'COPYING' as path, 'b' as blob
    """)
    found = connection.execute((FOLDER / "documents_missing.sql").read_text()).fetchall()
    connection.execute("rollback")
    assert found == [("app", APP, "licence")]
