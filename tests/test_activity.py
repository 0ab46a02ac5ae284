"""How much is going on: contributions, their change, bots, and how well the new code can be maintained."""

import pytest

from facts_builder import History
from oshealth.measure import Measured, measure
from oshealth.metrics.activity import activity
from oshealth.metrics.activity_change import activity_change
from oshealth.metrics.bot_share import bot_share
from oshealth.metrics.maintainability_change import maintainability_change

EMPTY = "nobody contributed in the last year"


def at(compute: object, history: History, day: str) -> Measured:
    return measure(compute.metric, history.at(day))  # type: ignore[attr-defined]


def three_years() -> History:
    history = History()
    for day in ("2022-03-01", "2022-03-02", "2023-03-01", "2024-01-01"):
        history.commit("ann", day)
    history.commit("bob", "2024-02-01", coauthors=["ann"])
    history.commit("robot", "2024-03-01")
    history.is_bot("robot")
    return history


def test_activity_counts_authors_and_coauthors_of_the_window() -> None:
    measured = at(activity, three_years(), "2024-12-30")
    assert (measured.value, measured.evidence) == (3, {"commits": 2, "persons": 2})
    assert at(activity, three_years(), "2024-01-31").value == 2  # of March 2023 and of January 2024
    assert at(activity, three_years(), "2030-01-01").reason == EMPTY


def test_the_change_of_activity_is_against_the_year_before() -> None:
    assert at(activity_change, three_years(), "2024-12-30").value == 200  # 3 against 1
    assert at(activity_change, three_years(), "2023-12-31").value == -50  # 1 against 2
    assert at(activity_change, three_years(), "2022-12-31").reason == "nobody contributed in the year before the last"
    assert at(activity_change, three_years(), "2030-01-01").reason == EMPTY


def test_bots_are_counted_apart() -> None:
    assert at(bot_share, three_years(), "2024-12-30").value == 25  # 1 of 4
    assert at(bot_share, three_years(), "2024-02-28").value == 0
    assert at(bot_share, three_years(), "2030-01-01").reason == EMPTY


def looked_at() -> History:
    history = History()
    for day, value in (("2022-01-01", 0.0), ("2024-01-01", 0.4), ("2024-02-01", 0.9), ("2024-03-01", None)):
        sha = history.commit("ann", day)
        history.add("maintainability", sha=sha, value=value, reason=None if value is not None else "no_code")
    history.commit("ann", "2024-03-02")
    return history


def test_maintainability_is_the_median_of_the_commits_looked_at() -> None:
    measured = at(maintainability_change, looked_at(), "2024-12-30")
    assert measured.value == pytest.approx(0.65)  # between 0.4 and 0.9
    assert (measured.sample_size, measured.coverage) == (2, 0.75)  # two with a value; three of four looked at


def test_maintainability_does_not_see_later_commits() -> None:
    assert at(maintainability_change, looked_at(), "2024-01-31").value == 0.4


def test_unknown_maintainability_says_why() -> None:
    history = History()
    sha = history.commit("ann", "2024-01-01")
    assert (
        at(maintainability_change, history, "2024-06-30").reason
        == "none of the last year's changes has been looked at yet"
    )
    history.add("maintainability", sha=sha, value=None, reason="no_code")
    reason = at(maintainability_change, history, "2024-06-30").reason
    assert reason is not None
    assert reason.startswith("none of the changes looked at touches code")
    assert at(maintainability_change, history, "2030-01-01").reason == EMPTY


def test_a_commit_that_two_repositories_of_a_codebase_hold_counts_once() -> None:
    app, lib = "example.org/town/app", "example.org/town/lib"
    history = History(app, lib)
    for name in (app, lib):
        history.commit("ann", "2024-01-01", adds=["map.py"], repository=name, sha="a" * 40)
        history.add("maintainability", repository=name, sha="a" * 40, value=0.25)
    history.commit("ann", "2024-01-02", adds=["road.py"], repository=app, sha="b" * 40)
    found = at(maintainability_change, history, "2024-06-30")
    # One of two commits was looked at.
    assert (found.value, found.sample_size, found.coverage) == (0.25, 1, 0.5)
