"""Measurements as rows: of a day, of every month since the first commit, of repositories made a codebase."""

import json
from datetime import date

import polars as pl

from facts_builder import History, moment
from oshealth.derive import Facts, Subject
from oshealth.facts import MEASUREMENT
from oshealth.measure import Bands, Measured, Metric, at_least, at_most, unknown
from oshealth.metrics import FAMILIES, catalogue, measure_history, measure_subject, month_ends, of_subject
from oshealth.metrics._evidence import as_json
from oshealth.metrics._pooling import combined

APP, IMAGE = "example.org/town/app", "example.org/town/image"


def two_repositories() -> History:
    history = History(APP, IMAGE)
    history.commit("ann", "2024-01-31", adds=["a.py"])
    history.commit("bob", "2024-03-01", changes=["a.py"])
    history.commit("ann", "2024-02-15", adds=["b.py"], repository=IMAGE)
    return history


def card(pooling: str, bands: Bands | None = None, **more: object) -> Metric:
    def nothing() -> Measured:
        return unknown("nothing")

    return Metric("m", "M", "F", "", "", "", nothing, bands=bands, pooling=pooling, **more)  # type: ignore[arg-type]


def test_every_metric_has_a_card_that_a_steward_can_read() -> None:
    assert len({metric.id for metric in catalogue()}) == len(catalogue()) > 10
    for metric in catalogue():
        assert metric.family in FAMILIES
        assert metric.title
        assert metric.definition
        assert metric.source
        assert metric.advice, metric.id


def test_rows_have_the_columns_of_the_table_and_one_of_value_label_and_reason() -> None:
    rows = measure_subject(two_repositories().facts(), date(2024, 3, 31), catalogue(), "run1", "0.1")
    assert rows.schema == MEASUREMENT
    assert rows["metric"].to_list() == [metric.id for metric in catalogue() if not metric.of_forks_only]
    assert (rows.select("value", "label", "reason").transpose().null_count().row(0)) == (2,) * len(rows)
    assert rows["subject_kind"].unique().to_list() == ["codebase"]


def test_months_reach_from_the_first_commit_to_the_last_month_end_before_the_day() -> None:
    facts = two_repositories().facts()
    assert month_ends(facts, date(2024, 3, 31)) == [date(2024, 1, 31), date(2024, 2, 29)]
    assert month_ends(facts, date(2024, 1, 31)) == []
    assert month_ends(History().facts(), date(2024, 1, 31)) == []


def test_a_month_of_history_is_measured_as_on_its_own_day() -> None:
    facts = two_repositories().facts()
    days = month_ends(facts, date(2024, 6, 30))
    history = measure_history(facts, days, catalogue(), "run1", "0.1")
    dated = [metric for metric in catalogue() if metric.has_history]
    alone = [measure_subject(two_repositories().facts(), day, dated, "run1", "0.1") for day in days]
    assert history.drop("evidence").equals(pl.concat(alone).drop("evidence"))
    assert history["evidence"].unique().to_list() == ["{}"]


def test_a_codebases_only_repository_lends_it_its_rows() -> None:
    rows = measure_subject(two_repositories().facts(), date(2024, 3, 31), catalogue(), "run1", "0.1")
    lent = of_subject(rows, Subject("repository", APP, (APP,)))
    assert lent.schema == MEASUREMENT
    assert lent["subject"].unique().to_list() == [APP]


def test_each_takes_what_all_have_in_common() -> None:
    assert combined(card("each"), {"a": Measured(label="MIT"), "b": Measured(label="MIT")}).label == "MIT"
    assert combined(card("each"), {"a": Measured(label="MIT"), "b": Measured(label="0BSD")}).label is not None
    named = {name: Measured(label="approved", evidence={"licence": [name]}) for name in ("MIT", "0BSD")}
    assert combined(card("each"), named).evidence["licence"] == ["MIT", "0BSD"]
    graded = card("each", label_grades={"approved": "good", "none": "poor"})
    measured = {"a": Measured(label="approved"), "b": Measured(label="none"), "c": unknown("no file")}
    found = combined(graded, measured)
    assert (found.label, found.coverage) == ("none", 2 / 3)
    assert found.evidence == {"repositories": {"a": "approved", "b": "none", "c": None}}


def test_when_no_repository_is_known_the_codebase_is_not_either() -> None:
    assert combined(card("each"), {"a": unknown("no file"), "b": unknown("no tag")}).reason == "no file"


def test_what_is_known_of_less_than_half_is_never_graded_good() -> None:
    graded = card("pooled", at_most(10, 25), label_grades={"approved": "good", "none": "poor"})
    assert [graded.grade(Measured(value, coverage=0.12)) for value in (0, 20, 60)] == [None, "watch", "poor"]
    assert graded.grade(Measured(0, coverage=0.5)) == graded.grade(Measured(0)) == "good"
    assert graded.grade(Measured(label="approved", coverage=1 / 3)) is None
    assert graded.grade(Measured(label="none", coverage=1 / 3)) == "poor"


def test_how_much_is_known_is_graded_by_itself() -> None:
    by_id = {metric.id: metric for metric in catalogue()}
    assert by_id["affiliation_coverage"].grade(Measured(3, coverage=0.03)) == "poor"
    assert by_id["licence_coverage"].grade(Measured(12)) == "poor"


def test_evidence_is_short_and_the_same_each_time() -> None:
    evidence = {"b": [1 / 3] * 60, "a": {str(n): n for n in range(60)}, "on": date(2024, 1, 1), "never": float("nan")}
    text = as_json(evidence)
    read = json.loads(text)
    assert list(read) == ["a", "b", "never", "on"]
    assert (len(read["a"]), len(read["b"]), read["b"][0]) == (50, 50, 0.333333)
    assert (read["never"], read["on"]) == (None, "2024-01-01")
    assert " " not in text


def busy() -> History:
    """Something of every kind, before and after June 2024."""
    history = History(APP, IMAGE)
    history.organisation("maker", "supplier")
    history.affiliate("ann", "maker")
    for month in range(1, 13):
        day = f"2024-{month:02}-10"
        history.commit(
            "ann", day, adds=[f"src/{month}.py"], changes=["src/1.py"] if month > 1 else (), coauthors=["bob"]
        )
        history.commit("robot", day, adds=[f"img/{month}.py"], repository=IMAGE)
        tagged = history.commit(f"new{month}", f"2024-{month:02}-11", renames={f"src/{month}.py": f"lib/{month}.py"})
        history.release(f"1.{month}.0", f"2024-{month:02}-12", sha=tagged)
        history.document("readme", f"README.{month}.md", day)
        history.add("maintainability", sha=tagged, value=month / 12)
    history.is_bot("robot")
    return history


def test_no_metric_sees_past_its_day() -> None:
    day, end = date(2024, 6, 20), moment("2024-06-21 00:00")
    whole = busy().facts()
    tables = {**whole.tables, "commit": whole.table("commit").filter(pl.col("known_at") < end)}
    for table in ("change", "maintainability"):
        tables[table] = whole.table(table).join(tables["commit"], on=["repository", "sha"], how="semi")
    for table in ("file", "document"):
        until = pl.when(pl.col("until_at") < end).then(pl.col("until_at")).alias("until_at")
        tables[table] = whole.table(table).filter(pl.col("from_at") < end).with_columns(until)
    tables["release"] = whole.table("release").filter(pl.col("released_at") < end)
    cut = Facts(whole.subject, tables)
    seen, known = (measure_subject(facts, day, catalogue(), "run1", "0.1") for facts in (whole, cut))
    assert seen.rows() == known.rows()
    assert seen["value"].count() > 15


def test_of_a_subject_without_facts_hardly_anything_is_known() -> None:
    rows = measure_subject(History().facts(), date(2024, 6, 20), catalogue(), "run1", "0.1")
    assert rows.filter(pl.col("metric").is_in(["truck_factor", "activity", "newcomers"]))["reason"].null_count() == 0
    assert rows.drop_nulls("value")["value"].sum() == 0


def test_bands_in_words_name_each_limit_once() -> None:
    assert str(at_least(3, 2)) == "good ≥3, watch ≥2, else poor"
    assert str(at_most(10, 25)) == "good ≤10, watch ≤25, else poor"
    assert str(at_least(80, 80)) == "good ≥80, else poor"
