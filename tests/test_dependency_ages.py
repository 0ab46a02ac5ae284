"""How old the versions in use are, and which dependencies nobody releases any more."""

import pytest

from facts_builder import History, licensed
from oshealth.metrics.abandoned_dependencies import abandoned_dependencies
from oshealth.metrics.libyears import libyears
from oshealth.metrics.libyears_median import libyears_median
from oshealth.metrics.pinned_dependencies import pinned_dependencies
from test_openness import at


def dated() -> History:
    history = licensed()
    history.dependency("pkg:npm/a@1.0.0", "MIT")
    history.dependency("pkg:npm/b@1.0.0", "MIT")
    history.dependency("pkg:npm/c@1.0.0", "MIT")
    history.dependency("pkg:npm/deep@1.0.0", "MIT", is_direct=False)
    for version, day in (("1.0.0", "2021-01-01"), ("2.0.0", "2023-01-01"), ("3.0.0", "2024-12-31")):
        history.released("pkg:npm/a", version, day)
    history.released("pkg:npm/b", "1.0.0", "2024-01-01")
    history.released("pkg:npm/b", "2.0.0-rc.1", "2024-03-01", is_stable=False)
    history.released("pkg:npm/c", "1.0.0", "2020-01-01")
    return history


def test_libyears_are_counted_as_they_were_on_the_day() -> None:
    # a: from 1 January 2021 to 2 January 2023 (3.0.0 comes after the day), 730 days, 1.9986 years; b and c: 0.
    assert at(libyears, dated()).value == pytest.approx(730 / 365.25)
    assert at(libyears_median, dated()).value == 0
    # The day before 2.0.0 of a, the version in use was the newest: 0. b had not been released.
    early = at(libyears, dated(), "2022-12-31")
    assert (early.value, early.sample_size) == (0, 2)
    assert early.coverage == pytest.approx(2 / 3)
    assert at(libyears, licensed()).reason is not None


def test_the_newest_is_the_highest_version_and_not_the_last_one_released() -> None:
    history = licensed()
    history.dependency("pkg:pypi/ahead@5.1")
    history.dependency("pkg:pypi/behind@4.1.9")
    history.dependency("pkg:pypi/tried@5.2rc1")
    for name in ("ahead", "behind", "tried"):
        for version, day in (("4.1.9", "2022-05-01"), ("5.1", "2024-05-01"), ("4.2.16", "2024-06-01")):
            history.released(f"pkg:pypi/{name}", version, day)
        history.released(f"pkg:pypi/{name}", "5.2rc1", "2024-06-15", is_stable=False)
    measured = at(libyears, history)
    # behind: from 1 May 2022 to 5.1's 1 May 2024, 731 days. The others use the highest, or what comes after it.
    assert measured.value == pytest.approx(731 / 365.25)
    assert [row["newest"] for row in measured.evidence["oldest"]] == ["5.1", "5.1", "5.1"]


def test_ten_comes_after_nine() -> None:
    history = licensed()
    history.dependency("pkg:npm/map@9.0.0")
    for version, day in (("9.0.0", "2023-01-01"), ("10.0.0", "2024-01-01"), ("9.0.1", "2024-06-01")):
        history.released("pkg:npm/map", version, day)
    # From 9.0.0 to 10.0.0: 365 days.
    assert at(libyears, history).value == pytest.approx(365 / 365.25)


def test_a_package_without_a_release_for_two_years_is_abandoned() -> None:
    # On 30 June 2024 only c, last released on 1 January 2020, has been silent for two years: one of three.
    measured = at(abandoned_dependencies, dated())
    assert measured.value == pytest.approx(100 / 3)
    assert [row["name"] for row in measured.evidence["silent"]] == ["c"]


def test_direct_dependencies_are_pinned_by_a_lock_file_or_an_exact_version() -> None:
    history = licensed()
    history.dependency("pkg:npm/a@1.0.0")
    history.dependency("pkg:npm/b", declared_range="^1.0.0")
    history.dependency("pkg:npm/deep", is_direct=False)
    assert at(pinned_dependencies, history).value == 50
