"""Who came, who stayed and who left."""

from facts_builder import History
from oshealth.metrics.leavers import leavers
from oshealth.metrics.newcomers import newcomers
from oshealth.metrics.newcomers_staying import newcomers_staying
from test_bus_factor import at


def coming_and_going() -> History:
    """On 30 June 2024 the window begins on 1 July 2023 and the year before it on 1 July 2022."""
    history = History()
    history.commit("old", "2020-01-01")
    history.commit("gone", "2020-01-01")
    history.commit("gone", "2023-06-30")
    history.commit("stayed", "2022-08-01")
    history.commit("stayed", "2022-11-01")
    history.commit("tried", "2022-08-01")
    history.commit("tried", "2022-10-31")
    history.commit("old", "2023-07-02")
    history.commit("new", "2024-06-30")
    return history


def test_a_newcomers_first_contribution_lies_in_the_window() -> None:
    measured = at(newcomers, coming_and_going(), "2024-06-30")
    assert (measured.value, measured.sample_size) == (1, 2)  # new; old was here before
    assert at(newcomers, coming_and_going(), "2024-06-29").value == 0


def test_a_leavers_last_contribution_lies_in_the_year_before_the_window() -> None:
    measured = at(leavers, coming_and_going(), "2024-06-30")
    assert (measured.value, measured.sample_size) == (3, 3)  # gone, stayed and tried
    assert at(leavers, coming_and_going(), "2023-06-30").reason == "nobody contributed in the year before the last"


def test_those_stay_who_contribute_again_after_three_months() -> None:
    # Came 12 to 24 months ago: stayed (again exactly three months later) and tried (a day less): 1 of 2.
    measured = at(newcomers_staying, coming_and_going(), "2024-06-30")
    assert (measured.value, measured.sample_size) == (50, 2)


def test_staying_is_unknown_when_nobody_came() -> None:
    assert at(newcomers_staying, coming_and_going(), "2023-06-30").reason == "nobody new came one to two years ago"


def test_staying_does_not_see_later_contributions() -> None:
    history = History()
    history.commit("ann", "2023-01-01")
    history.commit("ann", "2024-07-01")
    assert at(newcomers_staying, history, "2024-06-30").value == 0
    assert at(newcomers_staying, history, "2024-12-30").value == 100
