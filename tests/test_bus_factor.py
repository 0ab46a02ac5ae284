"""Each measure of the family Bus factor: its value on a worked example, its unknown, and that it sees no later day."""

from math import exp, log
from typing import Any

import pytest

from facts_builder import History, moment
from oshealth.measure import Measured, measure
from oshealth.metrics.contributor_absence_factor import contributor_absence_factor
from oshealth.metrics.newcomers import newcomers
from oshealth.metrics.orphaned_files import orphaned_files
from oshealth.metrics.recent_bus_factor import recent_bus_factor
from oshealth.metrics.truck_factor import truck_factor


def at(compute: object, history: History, day: str) -> Measured:
    return measure(compute.metric, history.at(day))  # type: ignore[attr-defined]


def test_two_of_eight_make_more_than_half_in_the_vector_of_chaoss() -> None:
    # 1000 + 202 + 90 + 33 + 332 + 343 + 42 + 433 = 2475; half is 1237.5; 1000 < 1237.5 < 1000 + 433.
    history = History()
    for person, count in enumerate((1000, 202, 90, 33, 332, 343, 42, 433)):
        for _ in range(count):
            history.commit(f"p{person}", "2024-06-01", sha=f"{len(history.rows['commit'])}")
    measured = at(contributor_absence_factor, history, "2024-06-30")
    assert (measured.value, measured.sample_size) == (2, 2475)


def test_exactly_half_is_not_more_than_half() -> None:
    history = History()
    for person in ("ann", "ann", "bob", "eve"):
        history.commit(person, "2024-06-01")
    assert at(contributor_absence_factor, history, "2024-06-30").value == 2  # 2 of 4 is half, 3 of 4 is more


def test_bots_do_not_do_half_of_the_work() -> None:
    history = History()
    for person in ("robot", "robot", "robot", "ann"):
        history.commit(person, "2024-06-01")
    history.is_bot("robot")
    assert at(contributor_absence_factor, history, "2024-06-30").value == 1


@pytest.mark.parametrize("compute", [contributor_absence_factor, newcomers])
def test_an_empty_window_is_unknown_and_not_zero(compute: object) -> None:
    history = History()
    history.commit("ann", "2020-01-01", adds=["a.py"])
    measured = at(compute, history, "2024-06-30")
    assert (measured.value, measured.reason) == (None, "nobody contributed in the last year")


def three_files() -> History:
    """Ann adds three files; Bob changes two of them ten times, one of them after June."""
    history = History()
    history.commit("ann", "2024-01-01", adds=["a.py", "b.py", "c.py"])
    for day in range(10):
        history.commit("bob", f"2024-02-{day + 1:02}", changes=["a.py"])
        history.commit("bob", f"2024-07-{day + 1:02}", changes=["b.py"])
    return history


def test_degree_of_authorship_follows_the_formula() -> None:
    authorship = three_files().at("2024-06-30").authorship.filter(file="a.py").sort("person")
    ann = 3.293 + 1.098 * 1 + 0.164 * 0 - 0.321 * log(1 + 10)  # 3.621
    bob = 3.293 + 1.098 * 0 + 0.164 * 10 - 0.321 * log(1 + 0)  # 4.933
    assert authorship["doa"].to_list() == pytest.approx([ann, bob])
    # 3.621 / 4.933 = 0.734, so that Ann is an author of a.py no more.
    assert authorship["is_author"].to_list() == [False, True]


def test_the_truck_factor_counts_who_leaves_until_less_than_half_is_left() -> None:
    # To June: Ann is the author of b.py and c.py, Bob of a.py. Without Ann 1 of 3 files has an author: less than half.
    before = at(truck_factor, three_files(), "2024-06-30")
    assert (before.value, before.evidence["files_with_author_left"]) == (1, [3, 1])
    # To July: Bob has two files. Without him 1 of 3 is left.
    after = at(truck_factor, three_files(), "2024-07-31")
    assert (after.value, after.evidence["people"]) == (1, ["bob"])


def test_two_people_with_half_of_the_files_each_both_have_to_leave() -> None:
    history = History()
    history.commit("ann", "2024-01-01", adds=["a.py"])
    history.commit("bob", "2024-01-02", adds=["b.py"])
    # Without Ann 1 of 2 files has an author: half is still enough. Without both none has.
    assert at(truck_factor, history, "2024-06-30").evidence["files_with_author_left"] == [2, 1, 0]


def test_of_two_with_as_many_files_the_one_with_more_changes_leaves_first() -> None:
    history = History()
    history.commit("ann", "2024-01-01", adds=["a.py"])
    history.commit("bob", "2024-01-02", adds=["b.py", "c.py"])
    history.commit("ann", "2024-01-03", adds=["d.py"])
    history.commit("bob", "2024-01-04", changes=["b.py"])
    history.commit("eve", "2024-01-05", adds=["e.py"])
    # Ann and Bob have two files each, Bob one change: he goes first, 3 of 5 are left; then Ann, 1 of 5.
    measured = at(truck_factor, history, "2024-06-30")
    assert (measured.value, measured.evidence["files_with_author_left"]) == (2, [5, 3, 1])


def test_a_rename_carries_authorship_along_and_is_a_change() -> None:
    history = History()
    history.commit("ann", "2024-01-01", adds=["old.py"])
    history.commit("bob", "2024-01-02", renames={"old.py": "new.py"})
    rows = history.at("2024-06-30").authorship.sort("person").select("file", "person", "changes", "is_first_author")
    assert rows.rows() == [("new.py", "ann", 0, True), ("new.py", "bob", 1, False)]


def test_whoever_adds_a_file_again_is_a_first_author_too() -> None:
    history = History()
    history.commit("ann", "2024-01-01", adds=["a.py"])
    history.commit("eve", "2024-01-02", deletes=["a.py"])
    history.commit("bob", "2024-01-03", adds=["a.py"])
    rows = history.at("2024-06-30").authorship.sort("person").select("person", "changes", "is_first_author")
    assert rows.rows() == [("ann", 0, True), ("bob", 0, True)]


def test_a_coauthor_of_an_adding_commit_made_a_change_and_added_nothing() -> None:
    history = History()
    history.commit("ann", "2024-01-01", adds=["a.py"], coauthors=["bob"])
    rows = history.at("2024-06-30").authorship.sort("person").select("person", "changes", "is_first_author", "doa")
    ann, bob = 3.293 + 1.098 - 0.321 * log(1 + 1), 3.293 + 0.164
    assert rows.rows() == [("ann", 0, True, pytest.approx(ann)), ("bob", 1, False, pytest.approx(bob))]


def test_files_that_only_bots_touched_are_left_out() -> None:
    history = History()
    history.commit("robot", "2024-01-01", adds=["a.py", "b.py", "c.py"])
    history.commit("ann", "2024-01-02", adds=["d.py"])
    history.is_bot("robot")
    measured = at(truck_factor, history, "2024-06-30")
    assert (measured.value, measured.sample_size, measured.coverage) == (1, 1, 0.25)


def test_without_files_the_truck_factor_is_unknown() -> None:
    assert at(truck_factor, History(), "2024-06-30").reason == "no file that a person is known to have worked on"


def test_without_an_authored_half_the_truck_factor_is_unknown() -> None:
    # A bot adds; then ten people make one change each: each has 3.293 + 0.164 − 0.321·ln(1 + 9) = 2.718 < 3.293.
    history = History()
    history.commit("robot", "2024-01-01", adds=["a.py"])
    history.is_bot("robot")
    for person in range(10):
        history.commit(f"p{person}", "2024-01-02", changes=["a.py"])
    assert at(truck_factor, history, "2024-06-30").reason == "fewer than half of the files have an author to begin with"


def test_recent_knowledge_follows_the_formula() -> None:
    # The last commit is Bob's of 30 June. Ann's lies 90 whole days before it: it weighs exp(−1).
    history = History()
    history.commit("ann", "2024-04-01", adds=["a.py"])
    history.commit("bob", "2024-06-30", changes=["a.py"])
    ann, bob = exp(-1), 1.0
    total = 1 + ann + bob
    expected = [ann + 2.4 * log(total / (total - ann)), 3 * bob + bob + 2.4 * log(total / (total - bob))]
    rows = history.at("2024-06-30").knowledge.sort("person")
    assert rows["knowledge"].to_list() == pytest.approx(expected)
    assert rows["knows"].to_list() == [False, True]
    assert at(recent_bus_factor, history, "2024-06-30").value == 1


def reviewed(account: str = "eve@forge", **review: Any) -> History:
    """Ann wrote a.py on a side branch, which a merge brought; Eve, who has an account, reviewed it 90 days before."""
    history = History()
    history.commit("bob", "2024-01-01", adds=["b.py"])
    base = history.rows["commit"][-1]["sha"]
    side = history.commit("ann", "2024-04-01", adds=["a.py"], is_first_parent=False)
    history.file("a.py", "2024-04-02")
    merge = history.commit("bob", "2024-04-02", merges=[side])
    history.rows["commit"][-1]["parents"] = [base, side]
    history.commit("bob", "2024-06-30", changes=["b.py"])
    history.identity("eve@forge", "eve")
    history.add("change_request", number=1, author_account="ann@forge", merge_sha=merge)
    given = {"review": "1", "reviewer_kind": "person", "submitted_at": moment("2024-04-01")}
    history.add("review", number=1, reviewer_account=account, **{**given, **review})
    return history


def knowledge_of_a(history: History, day: str = "2024-06-30") -> dict[str, float]:
    rows = history.at(day).knowledge.filter(file="a.py")
    return dict(rows.select("person", "knowledge").iter_rows())


def test_who_reviewed_a_change_knows_its_files() -> None:
    # Both lie 90 days before the last commit, and weigh w = exp(−1). Ann: 3w + w + 2.4·ln((1 + w)/1);
    # Eve: 0.5w + 1.2·ln((1 + w)/1).
    weight = exp(-1)
    expected = {"ann": 4 * weight + 2.4 * log(1 + weight), "eve": 0.5 * weight + 1.2 * log(1 + weight)}
    assert knowledge_of_a(reviewed()) == pytest.approx(expected)
    evidence = at(recent_bus_factor, reviewed(), "2024-06-30").evidence
    assert (evidence["reviews_counted"], evidence["reviews_left_out"]) == (1, 0)
    assert evidence["reviews_not_known"] == ["its forge was not asked"]


def test_two_reviews_of_one_file_share_it() -> None:
    history = reviewed()
    history.identity("una@forge", "una")
    when = {"reviewer_kind": "person", "submitted_at": moment("2024-04-01")}
    history.add("review", number=1, review="2", reviewer_account="una@forge", **when)
    weight = exp(-1)
    # ΣR = 2w: each has 0.5w + 1.2·ln((1 + 2w)/(1 + w)).
    each = 0.5 * weight + 1.2 * log((1 + 2 * weight) / (1 + weight))
    assert {who: known for who, known in knowledge_of_a(history).items() if who != "ann"} == pytest.approx(
        {"eve": each, "una": each}
    )


def test_a_squashed_request_is_reviewed_as_its_one_commit() -> None:
    history = reviewed()
    history.rows["change_request"][0]["merge_sha"] = history.rows["commit"][1]["sha"]
    assert set(knowledge_of_a(history)) == {"ann", "eve"}


REVIEWS: dict[str, dict[str, Any]] = {
    "a bot's": {"reviewer_kind": "bot"},
    "the author's own": {"account": "ann@forge"},
    "nobody knows whose": {"account": "stranger@forge"},
    "long ago": {"submitted_at": moment("2022-01-01")},
    "later": {"submitted_at": moment("2024-07-01")},
}


@pytest.mark.parametrize("review", REVIEWS.values(), ids=REVIEWS)
def test_reviews_that_do_not_count(review: dict[str, Any]) -> None:
    assert set(knowledge_of_a(reviewed(**review))) == {"ann"}


def test_a_review_is_not_seen_before_it_was_handed_in() -> None:
    assert set(knowledge_of_a(reviewed(submitted_at=moment("2024-05-01")), "2024-04-30")) == {"ann"}
    assert at(recent_bus_factor, reviewed(account="stranger@forge"), "2024-06-30").evidence["reviews_left_out"] == 1


def test_people_leave_while_half_of_the_recent_files_are_known() -> None:
    history = History()
    for person, path in (("ann", "a.py"), ("bob", "b.py"), ("eve", "c.py"), ("eve", "d.py")):
        history.commit(person, "2024-06-01", adds=[path])
    # Eve leaves: 2 of 4 are known, half. Bob, active after Ann, leaves: 1 of 4.
    measured = at(recent_bus_factor, history, "2024-06-30")
    assert (measured.value, measured.evidence["files_known_left"]) == (2, [4, 2, 1])
    assert measured.evidence["people"] == ["bob", "eve"]


def test_files_unchanged_for_547_days_are_not_recent() -> None:
    history = History()
    history.commit("ann", "2022-01-01", adds=["old.py"])
    history.commit("bob", "2024-01-01", adds=["new.py"])
    history.commit("eve", "2024-01-02", renames={"old.py": "moved.py"})
    assert history.at("2024-06-30").knowledge["file"].to_list() == ["new.py"]


def test_without_a_recent_change_recent_knowledge_is_unknown() -> None:
    measured = at(recent_bus_factor, History(), "2024-06-30")
    assert measured.reason == "no file was changed in the 547 days before the last commit"


def test_recent_knowledge_does_not_see_later_days() -> None:
    assert at(recent_bus_factor, three_files(), "2024-02-20").evidence["people"] == ["ann"]
    assert history_files(three_files(), "2024-02-20") == ["a.py", "b.py", "c.py"]


def history_files(history: History, day: str) -> list[str]:
    return history.at(day).knowledge["file"].unique().sort().to_list()


def test_files_are_orphaned_when_no_author_contributed_in_the_window() -> None:
    history = three_files()
    # By the end of 2024 all is within the window. By mid January 2025 Ann's commit has left it: of a.py and b.py Bob
    # is the author, c.py has Ann alone: 1 of 3.
    assert at(orphaned_files, history, "2024-12-30").value == 0
    measured = at(orphaned_files, history, "2025-01-15")
    assert measured.value == pytest.approx(100 / 3)
    assert measured.evidence["folders"] == [{"repository": "example.org/town/app", "folder": ".", "orphaned": 1}]
    assert at(orphaned_files, history, "2026-12-31").value == 100


def test_without_files_orphans_are_unknown() -> None:
    assert at(orphaned_files, History(), "2024-06-30").reason == "no file that a person is known to have worked on"
