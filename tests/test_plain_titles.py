"""Titles, first sentences and advice are read by people who know neither git nor programming."""

import pytest

from oshealth.measure import Metric
from oshealth.metrics import catalogue

JARGON = ("commit", "factor", "window", "as_of", "upstream", "entropy", "coefficient", "median", "`")


@pytest.mark.parametrize("card", catalogue(), ids=lambda card: card.id)
def test_a_title_says_what_is_counted_in_plain_words(card: Metric) -> None:
    assert not [word for word in JARGON if word in card.title.lower()]
    assert "'s" not in card.title.replace("year's", "").replace("fork's", "")


@pytest.mark.parametrize("card", catalogue(), ids=lambda card: card.id)
def test_what_can_be_graded_poor_says_what_to_do(card: Metric) -> None:
    assert card.advice or (card.bands is None and not card.label_grades)
    assert "evidence" not in card.advice, "the page does not call it so"
    assert "named here" not in card.advice, "no person is named on a page"


def test_no_two_measures_have_one_title() -> None:
    titles = [card.title for card in catalogue()]
    assert len(titles) == len(set(titles))
