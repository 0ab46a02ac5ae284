"""What stands beside a figure on a page: what it was counted from, what must be known lest it mislead, what to do."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from oshealth.reports import words
from oshealth.reports.basis import basis
from oshealth.reports.figures import QUESTIONS, Figure, Section, pace, with_notes
from oshealth.reports.portfolio import Entry
from oshealth.reports.read import Subject
from oshealth.reports.todo import tasks

N = words.THIN
AS_OF = date(2026, 11, 23)
CADENCE, OPENNESS = "Release cadence", "Dependency openness"


def figure(metric: str, value: float | None, grade: str | None = None, family: str = CADENCE, **more: Any) -> Figure:
    card = (metric, metric, family, "definition", "count", "source", "Good: 1 or less.", "advice")
    rest = (None, grade, None if value is not None else "nobody asked", None, None, AS_OF)
    return replace(Figure(*card, value, *rest), **more)


def finding(kind: str, subject: str, detail: str, grade: str = "watch") -> dict[str, Any]:
    where = {"repository": "example.org/town/desk", "path": "a.txt", "line": 3}
    return {"kind": kind, "subject": subject, "detail": detail, "grade": grade, "advice": "Ask."} | where


@pytest.mark.parametrize(
    ("counted", "said"),
    [
        # 14 ÷ 0.1186 = 118: the sample is the part that is known.
        (("libyears", OPENNESS, 0, 14, 14 / 118), f"Counted from 14 of 118 direct dependencies (12{N}%)."),
        (("libyears", OPENNESS, 0, 14, 1.0), "Counted from all 14 direct dependencies."),
        (("truck_factor", "Bus factor", 3, 95, 0.95), f"Counted from 95 of 100 files (95{N}%)."),
        (
            ("supplier_share", "Contributor spread", 3, 132, 0.02),
            f"Counted from 132 contributions; on whose behalf is known for 2{N}% of them.",
        ),
        (("licence_coverage", OPENNESS, 3, 69, None), "Counted from 69 components."),
        (("licence_declared", OPENNESS, None, None, 0.5), f"Known for 50{N}% of its repositories."),
        (("leavers", "Bus factor", 3, 5, None), "Of 5 people who contributed the year before."),
        (("leavers", "Bus factor", 3, 3, None), "All 3 people who contributed the year before."),
        (("nobody_thought_of", "Of it", 3, 2, 0.5), f"Counted from 2 entries; known for 50{N}% of them."),
        (("first_response", "Responsiveness", 3, None, None), ""),
    ],
)
def test_a_figure_says_of_what_it_was_counted(counted: tuple[Any, ...], said: str) -> None:
    assert basis(*counted) == said


def test_what_rests_on_too_little_says_why_it_is_not_called_good() -> None:
    few = figure("libyears_median", 0, family=OPENNESS, sample_size=14, coverage=14 / 118)
    assert few.basis.endswith(f"(12{N}%). That is too little to call it good.")
    assert "too little" not in replace(few, given_grade="watch").basis


def test_an_interval_of_long_ago_is_not_called_good() -> None:
    # 627 days before 23 November 2026 is 6 March 2025.
    between = figure("days_between_releases", 72, "good")
    interval, since = with_notes([between, figure("days_since_release", 627, "poor")])
    assert (interval.grade, interval.note) == ("none", "none since 6 March 2025")
    assert since.note == ""
    [interval, _] = with_notes([between, figure("days_since_release", 90, "good")])
    assert (interval.grade, interval.note) == ("good", "")


def test_none_found_is_none_among_those_we_know() -> None:
    [found] = with_notes([figure("municipalities_contributing", 0, "poor", coverage=0.77)])
    assert found.note == "among those we know"


def test_signs_stand_by_weight_and_only_where_they_differ() -> None:
    figures = [figure("a", 1, "good"), figure("b", None), figure("c", 1, "poor")]
    section = Section(QUESTIONS[0], "", figures)
    assert [f.grade for f in section.signs] == ["poor", "good", "unknown"]
    assert section.profile == "1 poor, 1 good, 1 not known"
    assert Section(QUESTIONS[0], "", figures[1:2]).signs == []


def test_a_licence_is_shown_by_its_name_with_what_it_is_worth() -> None:
    own = figure("licence_declared", None, "good", OPENNESS, label="approved", evidence={"licence": ["GPL-3.0-only"]})
    assert own.text == "GPL-3.0-only (approved by the OSI)"
    assert replace(own, label="none", evidence={"licence": []}).text == "none"


def test_a_fork_that_lacks_nothing_says_so() -> None:
    assert figure("fork_days_since_synchronised", 0, evidence={"lacking": 0}).text == "none lacking"
    assert figure("fork_days_since_synchronised", 0, evidence={"lacking": 2}, unit="days").text == "0 days"


def test_how_much_less_was_done_is_said_where_it_is_much() -> None:
    change = figure("activity_change", -72, family="Activity", evidence={"now": 132, "before": 472})
    assert pace([change]) == f"72{N}% less was done: 132 contributions, 472 in the year before"
    assert pace([replace(change, value=-3)]) == pace([]) == ""


def test_poor_measures_come_before_poor_findings_and_both_before_what_is_to_be_watched() -> None:
    figures = [figure("a", 1, "watch"), figure("b", 1, "poor")]
    found = [finding("licence_conflict", "pkg:npm/x@1", "x 1 is under MIT.", "poor"), finding("odd", "y", "y is odd.")]
    assert [t.title for t in tasks(figures, found)] == ["b: 1.", "x 1 is under MIT.", "a: 1.", "y is odd."]


def test_a_licence_without_which_nobody_may_use_the_code_comes_first() -> None:
    own = figure("licence_declared", None, "poor", OPENNESS, label="none")
    found = [finding("no_licence", "town/desk", "desk has no licence.", "poor")]
    assert [t.title for t in tasks([figure("b", 1, "poor"), own], found)] == ["desk has no licence.", "b: 1."]
    assert [t.metric for t in tasks([figure("b", 1, "poor"), own], [])] == ["licence_declared", "b"]
    sections = [Section(QUESTIONS[n], "", [figure(name, 1, "poor")]) for n, name in enumerate("abc")]
    desk = Subject("codebase", "desk", "Desk", "", None, (), (), (), ())
    entry = Entry(desk, "desk.html", [*sections, Section(QUESTIONS[3], "", [own])])
    assert [t.metric for t in entry.todo] == ["licence_declared", "a"]


def test_findings_that_are_alike_are_one_task_without_error_codes() -> None:
    found = [finding("unreadable_manifest", name, f"{name} cannot be read (invalid_yaml: line 5).") for name in "ab"]
    found += [finding("closed_service", name, f"z is a client of {name}: closed.") for name in ("Facebook", "Twitter")]
    files, services = tasks([], found)
    assert files.title == "2 files that name components cannot be read: what they name is not known."
    assert (files.advice, len(files.places)) == ("Ask the developers to look at them.", 2)
    assert services.title == "It talks to two services that are not open: Facebook and Twitter."
    [alone] = tasks([], found[:1])
    assert alone.title == "A file that names components cannot be read: what it names is not known."
    assert alone.places == ["town/desk, a.txt, line 3"]


def test_what_the_findings_name_is_not_counted_again() -> None:
    counted = [figure("licence_conflicts", 1, "poor", OPENNESS)]
    assert len(tasks(counted, [finding("licence_conflict", "pkg:npm/x@1", "x 1 clashes.", "poor")])) == 1
    many = [finding("licence_conflict", f"pkg:npm/x{n}@1", f"x{n} 1 clashes.", "poor") for n in range(9)]
    [together] = tasks(counted, many)
    assert (together.title, len(together.places)) == ("9 findings of one kind, such as: x0 1 clashes.", 9)
