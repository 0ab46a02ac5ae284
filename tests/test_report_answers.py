"""What the pages answer in sentences, on figures made up one by one."""

from datetime import date
from typing import Any

from oshealth.reports import words
from oshealth.reports.answers import sections
from oshealth.reports.figures import Figure
from oshealth.reports.todo import to_do
from oshealth.reports.years import Year, years_of

N = words.THIN
AS_OF = date(2024, 10, 1)
ORDER = {"leave": 0, "work": 1}


def figure(metric: str, value: float | None, family: str, grade: str | None = None, **evidence: Any) -> Figure:
    """A figure whose reason, where it has no value, is that nobody came."""
    reason = None if value is not None else "nobody came"
    card = ("definition", "count", "source", None, "advice", value, None, grade, reason, None, None, AS_OF)
    return Figure(metric, metric, family, *card, evidence=evidence)


def work(**values: float) -> str:
    found = [figure(metric, value, "Contributor spread") for metric, value in values.items()]
    return sections(found)[ORDER["work"]].answer


def test_where_hardly_anybodys_organisation_is_known_the_answer_says_what_to_do() -> None:
    assert work(affiliation_coverage=3) == (
        f"Not known: on whose behalf people work is known for only 3{N}% of the last year’s contributions. "
        "Ask whoever runs oshealth to write down for whom the busiest of them work."
    )
    assert "known for hardly any of the last" in work(affiliation_coverage=0.9)
    assert "known for none of the last" in work(affiliation_coverage=0)


def test_the_largest_supplier_is_named() -> None:
    alone = [
        figure("supplier_share", 100, "Contributor spread"),
        figure("top_supplier_share", 100, "Contributor spread", supplier="Soft Makers"),
        figure("municipalities_contributing", 1, "Contributor spread", municipalities=["North Town"]),
    ]
    assert sections(alone)[ORDER["work"]].answer == (
        "Soft Makers, a supplier, made all of the last year’s contributions; one municipality (North Town) wrote code "
        "itself."
    )


def test_activity_is_told_against_the_year_before() -> None:
    found = [figure("activity", 40, "Activity", persons=2), figure("activity_change", -50, "Activity")]
    said = f"40 contributions in the last year, by two people: 50{N}% fewer than the year before."
    assert sections(found)[-1].answer == said


def test_where_nothing_happens_any_more_the_answers_tell_of_the_last_year_of_work() -> None:
    found = [figure("truck_factor", 2, "Bus factor"), figure("supplier_share", None, "Contributor spread")]
    last = Year(2022, 4, 4, [{"name": "Soft Makers", "type": "supplier", "contributions": 4}], date(2022, 3, 7), 1)
    leave, did = (section.answer for section in sections(found, date(2022, 3, 7), last)[:2])
    assert leave.startswith("Nobody has contributed since 7 March 2022.")
    assert leave.endswith("if two people left, more than half of the files would have no author left.")
    assert did.endswith(f"Who did the work in 2022, until then: Soft Makers 100{N}% (supplier).")


def test_an_answer_begins_with_the_last_contribution_where_that_is_some_months_old() -> None:
    found = [figure("contributor_absence_factor", 2, "Bus factor"), figure("activity_change", -72, "Activity")]
    last = Year(2024, 4, 4, [], date(2024, 4, 6), None)
    said = sections(found, None, last)[ORDER["leave"]].answer
    begin = f"The last contribution is of 6 April 2024; 72{N}% fewer contributions than the year before. Two people"
    assert said.startswith(begin)
    # 90 days before 1 October is 3 July: that is no news yet.
    recent = Year(2024, 4, 4, [], date(2024, 7, 3), None)
    assert sections(found, None, recent)[ORDER["leave"]].answer.startswith("Two people")


def test_of_a_year_of_which_little_is_known_the_rest_is_named_too() -> None:
    parts = [{"name": "Soft Makers", "type": "supplier", "contributions": 6}]
    said = []
    for total in (100, 8, 6):
        last = Year(2022, total, 6, parts, date(2022, 3, 7), None)
        said.append(sections([], date(2022, 3, 7), last)[ORDER["work"]].answer.partition("until then")[2])
    # 6 of 100 are 6 %, 6 of 8 are 75 %, 6 of 6 all.
    assert said == [
        f", is not known for 94{N}% of it; known: Soft Makers 6{N}% (supplier).",
        f": Soft Makers 75{N}% (supplier); of 25{N}% it is not known.",
        f": Soft Makers 100{N}% (supplier).",
    ]


def test_that_none_was_found_is_said_of_those_who_are_known() -> None:
    assert work(municipalities_contributing=0, affiliation_coverage=85) == (
        f"No municipality is among those we know (85{N}%)."
    )
    assert work(municipalities_contributing=0, affiliation_coverage=77).startswith(
        "No municipality is among those we know. On whose behalf the work was done is known for 77"
    )
    assert work(municipalities_contributing=0, affiliation_coverage=100) == "No municipality wrote code itself."


def test_what_was_never_released_is_named_beside_what_waits() -> None:
    never = {"example.org/town/scripts": 604}
    found = [figure("releases_per_year", 2, "Release cadence"), figure("days_since_release", 9, "Release cadence")]
    found.append(figure("unreleased_commits", 1, "Release cadence", never_released=never))
    assert sections(found)[2].answer.endswith(
        "1 recorded change is in no release yet; scripts (604 changes) was never released."
    )


def test_silence_is_not_advised_against_measure_by_measure() -> None:
    poor = [figure(metric, 1, "Bus factor", "poor") for metric in ("orphaned_files", "truck_factor")]
    assert [f.metric for f in to_do(poor, is_quiet=True)] == ["truck_factor"]
    assert len(to_do(poor)) == len(poor)


def test_a_year_counts_the_unknown_in_the_whole_and_names_four_at_most() -> None:
    # 5 + 4 + 3 + 2 + 1 known of 20: 75 %; the largest has 5 of 20, 25 %.
    rows: list[dict[str, Any]] = [
        {"year": 2023, "name": name, "type": "supplier", "contributions": count, "last_on": date(2023, count, 1)}
        for name, count in zip("abcde", range(5, 0, -1), strict=True)
    ]
    rows += [{"year": 2023, "name": None, "type": "unknown", "contributions": 5, "last_on": date(2023, 9, 1)}]
    [year] = years_of(rows, [(date(2023, 11, 30), 2.0), (date(2023, 12, 31), 3.0)])
    assert (year.contributions, year.coverage, year.half, year.last_on) == (20, 0.75, 3.0, date(2023, 9, 1))
    assert year.said.startswith(f"a 25{N}% (supplier), b 20{N}%")
    assert year.said.endswith("and 1 other")
