"""Release cadence: worked examples, the unknown, and that no day sees the next."""

import pytest

from facts_builder import History
from oshealth.measure import Measured, measure
from oshealth.metrics.days_between_releases import days_between_releases
from oshealth.metrics.days_since_release import days_since_release
from oshealth.metrics.release_lag import release_lag
from oshealth.metrics.release_regularity import release_regularity
from oshealth.metrics.releases_per_year import releases_per_year
from oshealth.metrics.signed_tags import signed_tags
from oshealth.metrics.unreleased_commits import unreleased_commits

ALL_BUT_COUNT = [
    days_between_releases,
    days_since_release,
    release_lag,
    release_regularity,
    signed_tags,
    unreleased_commits,
]


def at(compute: object, history: History, day: str) -> Measured:
    return measure(compute.metric, history.at(day))  # type: ignore[attr-defined]


def product() -> History:
    """Three stable releases and a pre-release, the last on 10 June 2024; two commits wait."""
    history = History()
    tip = history.commit("ann", "2024-01-01", adds=["a.py"])
    history.release("1.0", "2024-01-11", sha=tip, is_signed=True)
    history.commit("ann", "2024-01-21", changes=["a.py"])
    tip = history.commit("bo", "2024-01-26", changes=["a.py"])
    history.release("1.1", "2024-01-31", sha=tip)
    history.release("1.2-rc1", "2024-02-15", sha=tip, is_prerelease=True)
    tip = history.commit("bo", "2024-03-02", changes=["a.py"])
    history.release("1.2", "2024-06-10", sha=tip, is_signed=True)
    history.commit("ann", "2024-07-01", changes=["a.py"])
    history.commit("ann", "2024-07-02", changes=["a.py"])
    return history


def test_releases_per_year_counts_the_stable_ones_of_365_days() -> None:
    measured = at(releases_per_year, product(), "2024-07-31")
    assert (measured.value, len(measured.evidence["releases"])) == (3, 3)
    # 11 January 2024 is the 365th day before the end of 9 January 2025, and falls out on the next.
    assert at(releases_per_year, product(), "2025-01-09").value == 3
    assert at(releases_per_year, product(), "2025-01-10").value == 2


def test_days_between_releases_is_the_median_interval() -> None:
    # 11 to 31 January: 20 days; to 10 June: 131 days; the median of two is their mean.
    measured = at(days_between_releases, product(), "2024-07-31")
    assert (measured.value, measured.sample_size) == (75.5, 2)


def test_only_the_last_ten_releases_make_intervals() -> None:
    history = History()
    history.release("0.1", "2020-01-01")
    for month in range(1, 11):
        history.release(f"1.{month}", f"2023-{month:02}-01")
    # Ten releases, nine intervals: 31, 28, 31, 30, 31, 30, 31, 31, 30.
    measured = at(days_between_releases, history, "2024-01-01")
    assert (measured.value, measured.sample_size) == (31, 9)


def test_releases_of_several_maintained_lines_on_one_day_are_one_moment() -> None:
    history = History()
    tip = history.commit("ann", "2024-01-01", adds=["a.py"])
    for month in (1, 2, 3):
        for line in (5, 6, 7):
            history.release(f"{line}.0.{month}", f"2024-0{month}-10", sha=tip)
    # 10 January, 10 February, 10 March: 31 and 29 days, whose median is 30; nine releases all the same.
    assert at(days_between_releases, history, "2024-06-30").value == 30
    assert at(releases_per_year, history, "2024-06-30").value == 9


def test_work_on_a_branch_waits_for_no_release_until_it_is_merged() -> None:
    history = History()
    tip = history.commit("ann", "2024-01-01", adds=["a.py"])
    side = history.commit("bo", "2024-02-01", changes=["a.py"], is_first_parent=False)
    history.release("1.0", "2024-03-01", sha=tip)
    assert at(unreleased_commits, history, "2024-04-30").value == 0
    history.commit("ann", "2024-05-01", merges=[side])
    assert at(unreleased_commits, history, "2024-04-30").value == 0
    assert at(unreleased_commits, history, "2024-05-01").value == 1


def test_versions_that_one_commit_named_are_one_moment() -> None:
    history = History()
    tip = history.commit("ann", "2024-01-01", adds=["CHANGELOG.md"])
    for version in ("0.1", "0.2", "0.3"):
        history.release(version, "2024-01-01", sha=tip, source="changelog", is_signed=None)
    history.release("0.4", "2024-01-11", source="changelog", is_signed=None)
    assert at(days_between_releases, history, "2024-02-01").value == 10
    assert (
        at(signed_tags, history, "2024-02-01").reason
        == "it has no version tags: its releases are named in other places"
    )


def test_intervals_lie_within_a_repository() -> None:
    history = History("example.org/town/app", "example.org/town/api")
    for repository in history.repositories:
        for day in ("2024-01-01", "2024-01-31"):
            history.release(day, day, repository=repository)
    # Both were released on the same days: 30 and 30 days, not 0, 30 and 0.
    assert at(days_between_releases, history, "2024-02-01").value == 30


def test_regularity_is_the_deviation_over_the_mean() -> None:
    # 20 and 131 days: mean 75.5, each 55.5 away: 55.5 / 75.5.
    measured = at(release_regularity, product(), "2024-07-31")
    assert measured.value == pytest.approx(55.5 / 75.5)
    assert at(release_regularity, product(), "2024-03-01").reason == "fewer than three releases"


def test_days_since_release_counts_from_the_last_stable_one() -> None:
    measured = at(days_since_release, product(), "2024-06-30")
    assert (measured.value, measured.evidence["version"]) == (20, "1.2")
    # The day before it came, the pre-release of February does not count: 31 January to 9 June are 130 days.
    assert at(days_since_release, product(), "2024-06-09").value == 130


def test_unreleased_commits_are_in_no_release_by_ancestry() -> None:
    measured = at(unreleased_commits, product(), "2024-07-31")
    assert (measured.value, measured.sample_size) == (2, 6)
    # On 9 June the commit of 2 March still waits, alone.
    assert at(unreleased_commits, product(), "2024-06-09").value == 1


def test_what_was_never_released_is_told_beside_what_waits() -> None:
    history = product()
    history.commit("ann", "2024-03-03", adds=["c.py"], repository="example.org/town/scripts")
    measured = at(unreleased_commits, history, "2024-07-31")
    assert measured.evidence["never_released"] == {"example.org/town/scripts": 1}


def test_release_lag_is_the_median_from_commit_to_release() -> None:
    # 1 January to the 11th: 10 days; 21 and 26 to 31 January: 10 and 5; 2 March to 10 June: 100; two wait.
    measured = at(release_lag, product(), "2024-07-31")
    assert (measured.value, measured.sample_size, measured.coverage) == (10, 4, 4 / 6)
    # On 9 June three of four are released: 10, 10 and 5 days.
    assert at(release_lag, product(), "2024-06-09").coverage == 3 / 4


def test_release_lag_without_a_commit_in_the_window_is_unknown() -> None:
    assert at(release_lag, product(), "2026-01-01").reason == "nobody contributed in the last year"
    history = product()
    history.commit("ann", "2026-01-01", changes=["a.py"])
    assert at(release_lag, history, "2026-01-01").reason == "no change of the last year is in a release yet"


def test_signed_tags_are_a_share_of_all_version_tags() -> None:
    # Of four tags, the pre-release among them, two are signed; by the end of February one of three.
    assert at(signed_tags, product(), "2024-07-31").value == 50
    assert at(signed_tags, product(), "2024-02-29").value == pytest.approx(100 / 3)


def test_never_released_is_zero_a_year_and_unknown_elsewhere() -> None:
    history = History()
    history.commit("ann", "2024-01-01", adds=["a.py"])
    assert at(releases_per_year, history, "2024-02-01").value == 0
    for compute in ALL_BUT_COUNT:
        measured = at(compute, history, "2024-02-01")
        assert (measured.value, measured.reason) == (None, "never released")


@pytest.mark.parametrize("compute", ALL_BUT_COUNT)
def test_the_day_before_the_first_release_knows_none(compute: object) -> None:
    assert at(compute, product(), "2024-01-10").reason == "never released"
    assert at(releases_per_year, product(), "2024-01-10").value == 0


def test_a_release_elsewhere_than_on_the_default_branch_is_told() -> None:
    history = History()
    history.commit("ann", "2024-01-01", adds=["a.py"])
    history.release("1.0", "2024-01-02", sha="f" * 40)
    reason = "none of its releases can be found in the history of the main line"
    assert at(unreleased_commits, history, "2024-02-01").reason == reason
