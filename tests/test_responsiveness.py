"""The family Responsiveness: each measure on a worked example, unknown, and blind to what comes later."""

from typing import Any

import pytest

from facts_builder import History, moment
from oshealth.measure import Metric, measure
from oshealth.metrics import catalogue

CARDS = [card for card in catalogue() if card.family == "Responsiveness"]
BY_ID = {card.id: card for card in CARDS}
READ: dict[str, Any] = {"forge": "github", "status": "ok", "read_at": moment("2024-06-30 23:00")}


class Forge(History):
    """A history with what its forge tells."""

    def __init__(self, *, is_read: bool = True) -> None:
        super().__init__()
        if is_read:
            self.add("forge_repository", **READ)

    def issue(self, number: int, author: str | None, opened: str, **row: Any) -> None:
        self._ask("issue", number, author, opened, row)

    def request(self, number: int, author: str | None, opened: str, **row: Any) -> None:
        self._ask("change_request", number, author, opened, row)

    def approve(self, number: int, reviewer: str, day: str, kind: str = "person") -> None:
        who = {"reviewer_account": reviewer, "reviewer_kind": kind}
        self.add(
            "review", number=number, review=f"{number}{reviewer}", state="approved", submitted_at=moment(day), **who
        )

    def _ask(self, table: str, number: int, author: str | None, opened: str, row: dict[str, Any]) -> None:
        given = {key: _moment(value) for key, value in row.items()}
        answered = given.pop("answered", None)
        kind = given.pop("kind", "person" if author else "ghost")
        if given.get("merged_at"):
            given["closed_at"] = given["merged_at"]
        state = "merged" if given.get("merged_at") else "closed" if given.get("closed_at") else "open"
        whole = {"number": number, "author_account": author, "author_kind": kind, "state": state, **given}
        self.add(table, opened_at=moment(opened), **whole)
        if answered:
            self.add("response", subject_kind=table, number=number, responder_account="z", responded_at=answered)


def _moment(value: Any) -> Any:
    return moment(value) if isinstance(value, str) and value.startswith("20") else value


def value(metric: str, history: History, day: str = "2024-06-30") -> float | None:
    found = measure(BY_ID[metric], history.at(day))
    assert found.value is not None or found.reason
    return found.value


def told() -> Forge:
    """Ann asks three times, Bo once, a bot once; of 2023 nothing counts but for who is new."""
    forge = Forge()
    forge.issue(1, "ann", "2023-01-01", answered="2023-01-02", closed_at="2023-02-01")
    forge.issue(2, "ann", "2024-05-01", answered="2024-05-02")  # 24 hours
    forge.issue(3, "bo", "2024-05-01", answered="2024-05-04")  # 72 hours, Bo's first
    forge.issue(4, "ann", "2024-06-10")  # nobody answers; 21 days old minus half a day at the end of 30 June
    forge.issue(5, "robot", "2024-06-01", kind="bot", answered="2024-06-01 13:00")
    forge.request(6, "ann", "2024-05-01", answered="2024-05-03", merged_at="2024-05-05", merged_by_account="cy")
    forge.request(7, "bo", "2024-05-01", merged_at="2024-05-02", merged_by_account="bo")  # asked nobody
    forge.request(8, "cy", "2024-05-20")  # Cy's first; nobody answers
    forge.approve(6, "cy", "2024-05-04")
    forge.approve(7, "bo", "2024-05-02")
    return forge


def test_the_first_answer_is_a_median_of_what_was_answered() -> None:
    # 24, 48 and 72 hours; 4 and 8 are not answered, 5 is a bot's, 7 asked nobody.
    assert value("first_response", told()) == 48
    assert measure(BY_ID["first_response"], told().at("2024-06-30")).sample_size == 3


def test_newcomers_are_those_whose_first_question_lies_in_the_window() -> None:
    # Bo's first is 3 (72 hours), or 7 of the same moment; Cy's first has no answer.
    assert value("first_response_newcomer", told()) == 72


def test_unanswered_is_a_share_of_what_was_asked() -> None:
    # 4 and 8 of 2, 3, 4, 6 and 8.
    assert value("unanswered", told()) == 40


def test_closure_divides_closed_by_opened() -> None:
    # 6 and 7 of 6, 7 and 8.
    assert value("change_request_closure", told()) == pytest.approx(2 / 3)


def test_an_approval_of_ones_own_does_not_count() -> None:
    # 6 of 6 and 7.
    assert value("reviewed_changes", told()) == 50


def test_an_approval_by_a_bot_or_after_the_merge_does_not_count() -> None:
    forge = told()
    forge.request(9, "ann", "2024-06-01", merged_at="2024-06-02", merged_by_account="cy")
    forge.approve(9, "robot", "2024-06-01 13:00", kind="bot")
    forge.approve(9, "dee", "2024-06-03")
    assert value("reviewed_changes", forge) == pytest.approx(100 / 3)


def test_open_issues_age_from_their_opening() -> None:
    # 2 and 3 are 60.5 days old at the end of 30 June, 4 is 20.5: the median is 60.5.
    assert value("open_issue_age", told()) == 60.5


def test_without_a_token_requests_are_left_out_of_the_answers() -> None:
    forge = told()
    forge.add("gap", what="review", reason="no_token", detail="Reviews are not known.")
    found = measure(BY_ID["first_response"], forge.at("2024-06-30"))
    # 2 and 3 alone: 24 and 72 hours. Told of are 2, 3 and 4 of 2, 3, 4, 6 and 8.
    assert found.value == 48
    assert found.coverage == pytest.approx(3 / 5)
    assert measure(BY_ID["reviewed_changes"], forge.at("2024-06-30")).reason == "Reviews are not known"


def test_where_nobody_tells_who_merged_no_request_counts_as_answered_or_not() -> None:
    forge = Forge()
    forge.request(1, "ann", "2024-05-01", merged_at="2024-05-05")  # by whom is not told without a token
    (row,) = forge.at("2024-06-30").questions.rows.to_dicts()
    assert row["is_merged_by_author"] is None
    forge.add("gap", what="review", reason="no_token", detail="Reviews and who merged are not known.")
    for metric in ("first_response", "first_response_newcomer", "unanswered", "reviewed_changes"):
        found = measure(BY_ID[metric], forge.at("2024-06-30"))
        assert found.reason == "Reviews and who merged are not known"
    forge.issue(2, "ann", "2024-05-01")
    found = measure(BY_ID["unanswered"], forge.at("2024-06-30"))
    # Of the issue and the request only the issue is told of: nobody answered it.
    assert (found.value, found.coverage, found.evidence["not_told"]) == (100, 0.5, 1)
    assert value("change_request_closure", forge) == 1


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_a_forge_that_was_not_asked_leaves_every_measure_unknown(card: Metric) -> None:
    assert measure(card, Forge(is_read=False).at("2024-06-30")).reason == "its forge was not asked"
    silent = Forge(is_read=False)
    silent.add("gap", what="forge", reason="http_401", detail="The forge does not accept the token.")
    assert measure(card, silent.at("2024-06-30")).reason == "The forge does not accept the token"


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_a_local_repository_says_that_it_has_no_forge(card: Metric) -> None:
    assert measure(card, History("local/app").at("2024-06-30")).reason == "a local repository has no forge"


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_a_forge_where_nobody_asked_leaves_every_measure_unknown_too(card: Metric) -> None:
    found = measure(card, Forge().at("2024-06-30"))
    assert found.value is None
    assert found.reason


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_what_comes_later_is_not_seen(card: Metric) -> None:
    later = told()
    later.issue(20, "dee", "2024-07-01", answered="2024-07-02")
    later.request(21, "dee", "2024-07-01", merged_at="2024-07-02", merged_by_account="ann")
    later.approve(21, "ann", "2024-07-01 13:00")
    row = next(row for row in later.rows["issue"] if row["number"] == 4)
    row |= {"closed_at": moment("2024-07-03"), "state": "closed"}
    answer = {"subject_kind": "issue", "number": 4, "responder_account": "z"}
    later.add("response", **answer, responded_at=moment("2024-07-02"))
    assert measure(card, later.at("2024-06-30")) == measure(card, told().at("2024-06-30"))


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_a_card_needs_a_forge_and_gives_advice(card: Metric) -> None:
    assert not card.has_history
    assert card.advice


def test_a_release_of_the_forge_joins_the_tag_of_the_same_version() -> None:
    forge = told()
    forge.release("1.0.0", "2024-01-01")
    row = {"source": "forge", "is_prerelease": False, "released_at": moment("2024-01-02")}
    forge.add("forge_release", name="v1.0.0", version="1.0.0", **row)
    forge.add("forge_release", name="v1.1.0", version="1.1.0", **row)
    found = forge.at("2024-06-30").releases.select("version", "sources").rows()
    assert found == [("1.0.0", ["tag", "forge"]), ("1.1.0", ["forge"])]


def test_requests_that_the_forge_does_not_show_are_unknown_and_issues_are_half_of_what_is_known() -> None:
    history = Forge()
    history.issue(1, "ann", "2024-05-01", answered=moment("2024-05-01 18:00"))
    history.add("gap", what="change_request", reason="http_403", detail="Its change requests are not shown.")
    for metric in ("change_request_closure", "reviewed_changes"):
        assert measure(BY_ID[metric], history.at("2024-06-30")).reason == "Its change requests are not shown"
    first = measure(BY_ID["first_response"], history.at("2024-06-30"))
    assert (first.value, first.coverage) == (6.0, 0.5)
