"""No measure sees past its day: what comes later changes nothing, whatever it is."""

from dataclasses import dataclass
from datetime import date

import pytest

from facts_builder import History
from oshealth.derive import Snapshot
from oshealth.measure import Metric, measure
from oshealth.metrics import catalogue
from oshealth.sources import Codebase, Repository

DAY = "2024-06-30"
FORK = Repository(url="https://example.org/town/app", fork_of="https://example.org/other/app")
CODEBASE = Codebase(id="product", name="Product", stewards=("club",), suppliers=("firm",), repository=(FORK,))
CARDS = [
    card
    for card in catalogue()
    if card.family in {"Contributor spread", "Release cadence", "Governance", "Upstream and use", "Bus factor"}
]


@dataclass(frozen=True)
class Story:
    """A history told to its end, or only up to the day."""

    is_whole: bool

    def tells(self, day: str) -> bool:
        return self.is_whole or day <= DAY

    def history(self) -> History:
        history = History(codebase=CODEBASE)
        for organisation, kind in (("firm", "supplier"), ("bytown", "municipality"), ("club", "association")):
            history.organisation(organisation, kind)
        for person, organisation in (("ann", "firm"), ("bo", "firm"), ("cy", "bytown"), ("dee", "club")):
            history.affiliate(person, organisation)
        history.commit("eve", "2023-01-01", adds=["main.py"], is_inherited=True)
        people = ("ann", "ann", "bo", "cy", "ann", "bo", "cy", "dee", "dee", "cy")
        for month, person in enumerate(people, start=1):
            self._month(history, f"2024-{month:02}-15", person, month)
        return history

    def _month(self, history: History, day: str, person: str, month: int) -> None:
        if not self.tells(day):
            return
        sha = history.commit(person, day, adds=[f"src/{person}{month}.py"], changes=["main.py"])
        known_at = history.rows["commit"][-1]["known_at"]
        history.add("patch", sha=sha, side="fork", patch_id=f"p{month}", known_at=known_at)
        history.add("patch", sha=f"{month:040}", side="upstream", patch_id=f"p{month % 3}", known_at=known_at)
        if month % 2:
            history.release(f"1.{month}", day, sha=sha, is_signed=month > 6)
        if month in {1, 8}:
            history.document("workflow", f".github/workflows/{month}.yml", day, text=f"{month}")
            history.document("readme" if month == 1 else "licence", "README" if month == 1 else "LICENSE", day)


def measured(card: Metric, story: Story) -> object:
    facts = story.history().facts().of_repository(FORK.id)
    return measure(card, Snapshot(facts, date.fromisoformat(DAY)))


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_what_comes_later_changes_nothing(card: Metric) -> None:
    assert measured(card, Story(is_whole=True)) == measured(card, Story(is_whole=False))


def test_the_story_goes_on_after_the_day() -> None:
    whole, cut = (Story(is_whole=is_whole).history().facts() for is_whole in (True, False))
    assert [facts.table("commit").height for facts in (whole, cut)] == [11, 7]
