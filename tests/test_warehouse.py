"""The warehouse: its tables and their comments, what is loaded into them, and what its views say."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from facts_builder import moment
from oshealth.facts import TABLES
from oshealth.licences.judging import JUDGED
from oshealth.reports.read import codebase_subject, read_watched, rows
from oshealth.sources import Repository, Sources
from oshealth.store import Ledger
from oshealth.warehouse import Contents, build_in_memory
from oshealth.warehouse.check import run_checks
from oshealth.warehouse.dictionary import dictionary
from warehouse_sample import ANN, APP, BEN, BOB, BOT, FORK, FORMER, LIB, alias, contents, sources

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with build_in_memory(contents()) as made:
        run_checks(made)
        yield made


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


def test_no_column_is_a_moment_with_a_zone(connection: duckdb.DuckDBPyConnection) -> None:
    query = "select table_name, column_name from duckdb_columns() where not internal and data_type like '%ZONE'"
    assert connection.execute(query).fetchall() == []


def test_the_data_dictionary_is_up_to_date() -> None:
    with build_in_memory(Contents(facts={})) as empty:
        assert (ROOT / "docs" / "warehouse.md").read_text() == dictionary(empty), (
            "run `python -m oshealth.warehouse.dictionary > docs/warehouse.md`"
        )


def test_every_view_answers_without_any_facts() -> None:
    with build_in_memory(Contents(facts={})) as empty:
        for (view,) in empty.execute("select view_name from duckdb_views() where not internal").fetchall():
            assert empty.table(view).fetchall() == [], view


def test_repositories_are_own_forks_and_former_homes(connection: duckdb.DuckDBPyConnection) -> None:
    rows = connection.execute("select repository, role, upstream from repository order by role, repository").fetchall()
    assert rows == [(FORK, "fork", APP), (FORMER, "former", APP), (APP, "own", None), (LIB, "own", None)]


def test_an_organisation_that_is_only_named_stands_there_as_unknown() -> None:
    steward = {"codebase": [{"id": "x", "name": "X", "stewards": ["nobody-knows"]}]}
    with build_in_memory(contents(sources=Sources.model_validate(steward), facts={}, ledgers=[])) as made:
        found = made.execute("select name, type from organisation where organisation = 'nobody-knows'").fetchall()
    assert found == [("nobody-knows", "unknown")]


def test_commits_of_upstream_and_of_the_present_home_are_inherited(connection: duckdb.DuckDBPyConnection) -> None:
    query = "select repository, count(*) from commit where not is_inherited group by all order by all"
    # app: five of its own. The fork: one beyond the shared two. The former home: none, its history moved on.
    assert connection.execute(query).fetchall() == [(FORK, 1), (APP, 5)]


def test_contributions_are_counted_for_whom_the_person_worked_then(connection: duckdb.DuckDBPyConnection) -> None:
    query = """
        select authored_at::date, person, kind, is_author, organisation from contribution
        where repository = $app order by authored_at, is_author desc
    """
    assert connection.execute(query, {"app": APP}).fetchall() == [
        (date(2023, 5, 1), ANN, "person", True, "firm"),
        (date(2024, 2, 1), ANN, "person", True, "town"),
        (date(2024, 2, 1), BOB, "person", False, None),
        (date(2024, 3, 1), BEN, "person", True, "firm"),
        (date(2024, 3, 2), BOT, "bot", True, None),
    ]


def test_a_forks_contributions_belong_to_no_codebase(connection: duckdb.DuckDBPyConnection) -> None:
    query = "select codebase, repository, person from contribution where repository != $app"
    assert connection.execute(query, {"app": APP}).fetchall() == [(None, FORK, BOB)]


def test_a_commit_that_two_repositories_of_a_codebase_hold_counts_once_for_it() -> None:
    both = tuple(Repository(url=f"https://{name}") for name in (APP, FORK))
    app = sources().codebase[0].model_copy(update={"repository": both})
    query = "select subject_kind, subject, sum(contribution_count) from contribution_day group by all order by all"
    by_year = "select sum(contribution_count) from contributor_year"
    with build_in_memory(contents(sources=sources().model_copy(update={"codebase": (app,)}))) as made:
        # app: Ann; Ann with Bob; Ben: 4. The other has the first two commits too and one of Bob's: 4, 3 of them shared.
        expected = [("codebase", "app", 4 + 4 - 3), ("repository", FORK, 4), ("repository", APP, 4)]
        assert made.execute(query).fetchall() == expected
        assert made.execute(by_year).fetchone() == (5,)
        municipal = (ROOT / "warehouse" / "queries" / "municipalities.sql").read_text()
        # Ann has worked for the town since 2024: one commit, though it stands in both.
        assert [row[3] for row in made.execute(municipal).fetchall()] == [1]
        subject = codebase_subject(made, read_watched(made), "app")
        of_years = rows(made, "contributions_by_year", kind="codebase", subject="app", as_of=date(2024, 6, 30))
        assert sum(row["contributions"] for row in of_years) == 5
        # 2023: Ann. 2024: Ann, Ben, and Bob twice.
        wrote = "select contribution_count from person where person = $ann"
        assert made.execute(wrote, {"ann": ANN}).fetchone() == (2,)
        assert [(year.year, year.contributions) for year in subject.years] == [(2024, 4), (2023, 1)]


def test_persons_are_keyed_hashes_with_the_span_of_their_work(connection: duckdb.DuckDBPyConnection) -> None:
    query = "select * from person where person = $ann"
    # Ann wrote in 2023 and in February 2024; her merge is no contribution, and the copies elsewhere are not counted.
    expected = (ANN, "person", moment("2023-05-01 12:00"), moment("2024-02-01 12:00"), 2)
    assert connection.execute(query, {"ann": ANN}).fetchall() == [expected]


def test_a_former_home_lends_its_releases_and_a_fork_has_its_own(connection: duckdb.DuckDBPyConnection) -> None:
    query = "select repository, version, days_since_previous from release_list order by released_at"
    # 2023-05-02 to 2023-06-01 are 30 days, to 2024-03-04 another 277.
    assert connection.execute(query).fetchall() == [(APP, "0.9.0", None), (APP, "1.0.0", 30), (APP, "1.1.0", 277)]


def test_the_row_of_the_day_itself_comes_before_one_computed_again(connection: duckdb.DuckDBPyConnection) -> None:
    query = "select as_of, value, run_id, is_own_day from measured where metric = 'truck_factor' order by as_of"
    # 30 June was measured by the run of that day (1) and again by a later one (2); May by two later ones: the newest.
    assert connection.execute(query).fetchall() == [
        (date(2024, 5, 31), 2.0, "later", False),
        (date(2024, 6, 30), 1.0, "day", True),
    ]


def test_latest_has_one_row_per_measure_with_its_card(connection: duckdb.DuckDBPyConnection) -> None:
    query = "select metric, as_of, value, label, grade, title, subject_name from latest order by metric"
    day = date(2024, 6, 30)
    assert connection.execute(query).fetchall() == [
        ("archetype", day, None, "mixed", None, "archetype", "App"),
        ("open_issue_age", day, None, None, None, "open_issue_age", "App"),
        ("truck_factor", day, 1.0, None, "poor", "Truck factor", "App"),
    ]


def test_the_trend_has_the_last_measurement_of_each_month(connection: duckdb.DuckDBPyConnection) -> None:
    query = "select month, value from trend where metric = 'truck_factor' order by month"
    assert connection.execute(query).fetchall() == [(date(2024, 5, 1), 2.0), (date(2024, 6, 1), 1.0)]


def test_the_portfolio_has_every_codebase_with_its_measures(connection: duckdb.DuckDBPyConnection) -> None:
    query = """
        select name, stewards, suppliers, user_count, archetype, repository_count, stale_count, poor_count,
            unknown_count, value_by_metric['truck_factor']
        from portfolio order by position
    """
    assert connection.execute(query).fetchall() == [
        ("App", "guild", "The Firm", 1, "mixed", 1, 0, 1, 1, 1.0),
        ("Lib", "guild", None, 0, None, 1, 1, None, None, None),
    ]


def test_advice_names_what_is_poor_and_what_to_do(connection: duckdb.DuckDBPyConnection) -> None:
    query = "select subject, metric, grade, advice, rank from advice"
    assert connection.execute(query).fetchall() == [("app", "truck_factor", "poor", "Pair.", 1)]


def test_coverage_says_what_is_unknown_and_why(connection: duckdb.DuckDBPyConnection) -> None:
    query = "select metric, is_known, reason from coverage where not is_known"
    assert connection.execute(query).fetchall() == [("open_issue_age", False, "the forge was not asked")]


def test_shares_of_a_year_count_the_unknown_too(connection: duckdb.DuckDBPyConnection) -> None:
    query = "select organisation, contribution_count, share, coverage from contributor_year where year = 2024"
    found = connection.execute(f"{query} order by organisation nulls last").fetchall()
    # 2024: Ann for the town, Ben for the firm, Bob for nobody known: a third each, two thirds known.
    assert found == [("firm", 1, 1 / 3, 2 / 3), ("town", 1, 1 / 3, 2 / 3), (None, 1, 1 / 3, 2 / 3)]


def test_two_copies_of_one_name_keep_the_licences_that_stand_beside_them() -> None:
    copies = [
        {"repository": name, "purl": "pkg:generic/map", "name": "map", "path": "vendor/map/LICENSE", "state": "ok"}
        for name in (APP, FORK)
    ]
    said = [
        {"purl": "pkg:generic/map", "source": "text", "rank": 4, "licence": licence, "openness": openness}
        | {"repository": name}
        for name, licence, openness in ((APP, "MIT", "approved"), (FORK, "BUSL-1.1", "non-open"))
    ]
    facts = {**contents().facts, "dependency": pl.DataFrame(copies, schema=TABLES["dependency"])}
    given = contents(facts=facts, licences=pl.DataFrame(said, schema=JUDGED))
    with build_in_memory(given) as made:
        found = made.execute("select repository, licence from dependency_list order by repository").fetchall()
    assert found == [(FORK, "BUSL-1.1"), (APP, "MIT")]


def test_supplier_dependency_has_shares_of_all_and_of_the_known(connection: duckdb.DuckDBPyConnection) -> None:
    query = "select year, supplier, share, share_of_known, rank from supplier_dependency order by year"
    # 2023: all by the firm's Ann. 2024: one of three, one of the two known.
    assert connection.execute(query).fetchall() == [(2023, "firm", 1.0, 1.0, 1), (2024, "firm", 1 / 3, 1 / 2, 1)]


def test_activity_is_counted_by_month_for_codebases_and_repositories(connection: duckdb.DuckDBPyConnection) -> None:
    query = """
        select subject_kind, subject, contribution_count, person_count, bot_contribution_count from activity_month
        where month = '2024-03-01' order by all
    """
    expected = [("codebase", "app", 1, 1, 1), ("repository", APP, 1, 1, 1)]
    assert connection.execute(query).fetchall() == expected


def test_what_could_not_be_known_is_one_list(connection: duckdb.DuckDBPyConnection) -> None:
    query = "select kind, codebase, subject, what, detail, count from unknown order by kind"
    assert connection.execute(query).fetchall() == [
        ("facts", "app", APP, "commit", "A date is before 1990.", 1),
        ("measure", "app", "app", "open_issue_age", "the forge was not asked", None),
    ]


def test_a_repository_that_was_never_crawled_says_so(connection: duckdb.DuckDBPyConnection) -> None:
    query = "select status, commit_count, facts_at from repository_status where repository = $lib"
    assert connection.execute(query, {"lib": LIB}).fetchall() == [("not crawled", None, None)]


def test_a_stale_repository_keeps_its_rows_and_says_since_when() -> None:
    sample = contents()
    failed = Ledger(
        APP,
        f"https://{APP}",
        moment("2024-07-02 03:00"),
        "unreachable",
        detail="The address did not answer.",
        head="f" * 40,
        crawl="20240702T030000Z",
        rows=sample.ledgers[0].rows,
        files={"commit": ("20240701T030000Z/commit.parquet",)},
    )
    with build_in_memory(contents(ledgers=[*sample.ledgers, failed])) as made:
        run_checks(made)
        status = "select status, detail, is_stale, crawled_at, facts_at, commit_count from repository_status"
        found = made.execute(f"{status} where repository = $app", {"app": APP}).fetchall()
        gaps = made.execute("select what, reason, detail from gap where reason = 'unreachable'").fetchall()
    detail = "The address did not answer."
    assert found == [("unreachable", detail, True, moment("2024-07-02 03:00"), moment("2024-07-01 03:00"), 5)]
    assert gaps == [("crawl", "unreachable", detail)]


def test_an_audit_without_sources_has_repositories_and_no_codebase() -> None:
    sample = contents(sources=None, measurements=contents().measurements.clear())
    with build_in_memory(sample) as made:
        run_checks(made)
        assert made.execute("select count(*), count(codebase) from repository").fetchall() == [(3, 0)]
        assert made.execute("from portfolio").fetchall() == []
        found = made.execute("select subject_kind, subject from activity_month where month = '2023-05-01'").fetchall()
    assert ("repository", APP) in found


def test_an_alias_that_nobody_looked_at_is_a_person_of_its_own() -> None:
    with build_in_memory(contents(people={})) as made:
        run_checks(made)
        assert made.execute("select kind from person where person = $bot", {"bot": alias("bot")}).fetchall() == [
            ("person",)
        ]


def test_a_repository_that_never_answered_has_no_facts() -> None:
    never = Ledger(LIB, f"https://{LIB}", moment("2024-07-01 03:00"), "unreachable", crawl="20240701T030000Z")
    with build_in_memory(contents(ledgers=[*contents().ledgers, never])) as made:
        status = "select status, detail, is_stale, crawled_at, facts_at from repository_status where repository = $lib"
        found = made.execute(status, {"lib": LIB}).fetchall()
    detail = "The address did not answer or was refused."
    assert found == [("unreachable", detail, False, moment("2024-07-01 03:00"), None)]
