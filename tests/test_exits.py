"""What if they leave: a worked example of files, folders and work that would have nobody."""

import polars as pl
import pytest

from facts_builder import History
from oshealth.derive.exits import exit_of, file_holders, folders_held_alone, shares_held_alone
from oshealth.measure import Measured, measure
from oshealth.metrics.municipalities_contributing import municipalities_contributing
from oshealth.metrics.supplier_exit import NO_SUPPLIER, supplier_exit
from oshealth.metrics.supplier_share import supplier_share
from oshealth.metrics.two_busiest_exit import two_busiest_exit


def town() -> History:
    """Ann and Bo of the firm and Cy of the town; dee is nobody's. Each file has its adder as author."""
    history = History()
    history.organisation("firm", "supplier")
    history.organisation("town", "municipality")
    for person in ("ann", "bo"):
        history.affiliate(person, "firm")
    history.affiliate("cy", "town")
    history.commit("ann", "2024-01-01", adds=["src/a.py", "src/b.py"])
    history.commit("bo", "2024-01-02", adds=["src/c.py"])
    history.commit("cy", "2024-01-03", adds=["docs/a.md"])
    return history


def at(compute: object, history: History, day: str) -> Measured:
    return measure(compute.metric, history.at(day))  # type: ignore[attr-defined]


def test_any_set_of_persons_may_leave() -> None:
    snapshot = town().at("2024-02-01")
    alone = exit_of({"ann"}, snapshot.authorship, snapshot.window_contributions)
    # Ann alone authors 2 of 4 files; in src, Bo's file still has somebody; she made 1 of 3 commits.
    assert (alone.files, alone.folders, alone.work) == pytest.approx((0.5, 0.0, 1 / 3))
    both = exit_of({"ann", "bo"}, snapshot.authorship, snapshot.window_contributions)
    assert (both.files, both.folders, both.work) == pytest.approx((0.75, 0.5, 2 / 3))


def test_nobody_leaving_loses_nothing_and_an_empty_history_has_no_share() -> None:
    snapshot = town().at("2024-02-01")
    assert exit_of(set(), snapshot.authorship, snapshot.window_contributions).files == 0
    empty = town().at("2023-02-01")
    assert exit_of({"ann"}, empty.authorship, empty.window_contributions).files is None


def test_work_done_together_still_has_somebody() -> None:
    history = town()
    history.commit("ann", "2024-01-04", changes=["src/a.py"], coauthors=["cy"])
    snapshot = history.at("2024-02-01")
    # Four commits; Ann alone made one of them.
    assert exit_of({"ann"}, snapshot.authorship, snapshot.window_contributions).work == 0.25


def test_all_organisations_at_once_agree_with_their_people_leaving() -> None:
    snapshot = town().at("2024-02-01")
    holders = file_holders(snapshot.authorship, snapshot.author_organisations, ["ann", "bo", "cy"])
    assert shares_held_alone(holders) == {"firm": 0.75, "town": 0.25}
    assert (folders_held_alone(holders, "firm"), folders_held_alone(holders, "town")) == (0.5, 0.5)


def test_two_busiest_exit_counts_what_only_they_know() -> None:
    # The busiest by contributions, ties by id, are Ann and Bo: 3 of 4 files.
    measured = at(two_busiest_exit, town(), "2024-02-01")
    assert (measured.value, measured.sample_size, measured.evidence["folders"]) == (75, 4, 0.5)
    assert at(two_busiest_exit, town(), "2024-01-02").value == 100
    assert at(two_busiest_exit, town(), "2023-01-02").reason == "nobody contributed in the last year"


def test_supplier_exit_is_the_share_of_files_only_the_supplier_knows() -> None:
    measured = at(supplier_exit, town(), "2024-02-01")
    assert (measured.value, measured.sample_size, measured.coverage) == (75, 4, 1)
    assert measured.evidence["supplier"] == "firm"
    # src is the firm's alone, docs the town's.
    assert measured.evidence["folders"] == 0.5


def test_supplier_exit_tells_what_has_nobody_active_then() -> None:
    # In 2025 only Ann works on; of four files none has another author who contributed in the window.
    history = town()
    history.commit("ann", "2025-06-01", changes=["src/a.py"])
    measured = at(supplier_exit, history, "2025-06-01")
    assert (measured.value, measured.evidence["files_then_without_an_active_author"]) == (75, 1)


def test_supplier_exit_does_not_see_past_the_day() -> None:
    history = town()
    history.commit("cy", "2024-03-01", adds=[f"docs/{n}.md" for n in range(4)])
    assert at(supplier_exit, history, "2024-02-29").value == 75
    assert at(supplier_exit, history, "2024-03-01").value == 37.5


def test_a_person_belongs_to_whom_that_person_last_contributed_for() -> None:
    history = History()
    history.organisation("firm", "supplier")
    history.organisation("town", "municipality")
    history.affiliate("ann", "firm", until="2024-02-01")
    history.affiliate("ann", "town", since="2024-02-01")
    history.affiliate("bo", "firm")
    history.commit("ann", "2024-01-01", adds=["a.py"])
    history.commit("bo", "2024-01-02", adds=["b.py"])
    assert at(supplier_exit, history, "2024-01-31").value == 100
    history.commit("ann", "2024-03-01", adds=["c.py"])
    # Ann works for the town now, and takes a.py along: of three files the firm alone knows b.py.
    assert at(supplier_exit, history, "2024-03-01").value == pytest.approx(100 / 3)


def test_supplier_exit_is_unknown_without_a_supplier_or_without_work() -> None:
    history = History()
    history.organisation("town", "municipality")
    history.affiliate("cy", "town")
    history.commit("cy", "2024-01-03", adds=["docs/a.md"])
    assert at(supplier_exit, history, "2024-02-01").reason == NO_SUPPLIER
    assert at(supplier_exit, history, "2026-02-01").reason == "nobody contributed in the last year"


def test_supplier_exit_is_unknown_where_half_of_the_authors_are() -> None:
    history = town()
    history.commit("dee", "2022-01-01", adds=[f"old/{n}.py" for n in range(4)])
    assert "authors" in str(at(supplier_exit, history, "2024-02-01").reason)


def test_spread_is_cut_at_the_day() -> None:
    assert at(municipalities_contributing, town(), "2024-01-02").value == 0
    assert at(municipalities_contributing, town(), "2024-01-03").value == 1
    assert at(supplier_share, town(), "2024-01-02").value == 100
    assert at(supplier_share, town(), "2024-01-03").value == pytest.approx(200 / 3)


def test_the_shares_of_each_year_are_cut_at_the_day() -> None:
    history = town()
    history.commit("cy", "2025-01-03", changes=["docs/a.md"])
    assert list(history.at("2024-12-31").spreads_by_year) == [2024]
    assert list(history.at("2025-01-03").spreads_by_year) == [2024, 2025]
    assert isinstance(history.at("2025-01-03").author_organisations, pl.DataFrame)
