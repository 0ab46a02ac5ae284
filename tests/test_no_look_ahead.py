"""No measure sees past its day: what comes later changes nothing, whatever it is."""

from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files

import pytest

from facts_builder import History, moment
from oshealth.derive import ReadAt, Snapshot
from oshealth.derive.findings import findings_of
from oshealth.measure import Measured, Metric, measure
from oshealth.metrics import catalogue
from oshealth.sources import Codebase, Repository

DAY = "2024-06-30"
FORK = Repository(url="https://example.org/town/app", fork_of="https://example.org/other/app")
CODEBASE = Codebase(
    id="product", name="Product", stewards=("club",), suppliers=("firm",), users=("bytown",), repository=(FORK,)
)
MIT = (files("oshealth.licences") / "data" / "texts" / "MIT.txt").read_text(encoding="utf-8")
PEOPLE = ("ann", "ann", "bo", "cy", "ann", "bo", "cy", "dee", "dee", "cy")
OF_ONE_MOMENT = {
    "abandoned_dependencies": "manifests",
    "fork_deployments": "branches",
    "libyears": "manifests",
    "libyears_median": "manifests",
    "licence_conflicts": "manifests",
    "licence_coverage": "manifests",
    "non_open_dependencies": "manifests",
    "open_all_the_way_down": "manifests",
    "open_dependencies": "manifests",
    "pinned_dependencies": "manifests",
}
"""What reads facts of which only one moment is kept: of a day when they were others it is unknown."""
WHY = {
    "manifests": "of the files that name components the newest were read, and on this day others stood there",
    "branches": "its branches are known as they stand since 15 October 2024, and git keeps no past of them",
}


@dataclass(frozen=True)
class Story:
    """A history told to its end, or only up to the day."""

    is_whole: bool
    has_new_needs: bool = True
    """Whether the end tells of another manifest and other branches."""

    def tells(self, day: str) -> bool:
        return self.is_whole or day <= DAY

    def then(self, day: str) -> datetime | None:
        """The moment, where the story comes so far."""
        return moment(day) if self.tells(day) else None

    def history(self) -> History:
        history = History(codebase=CODEBASE)
        organisations = {"firm": "supplier", "club": "association"}
        organisations |= dict.fromkeys(("bytown", "Koper", "Maribor", "Kranj", "Celje"), "municipality")
        for organisation, kind in organisations.items():
            history.organisation(organisation, kind)
        for person, organisation in (("ann", "firm"), ("bo", "firm"), ("cy", "bytown"), ("dee", "club")):
            history.affiliate(person, organisation)
        history.commit("eve", "2023-01-01", adds=["main.py"], is_inherited=True)
        for day in ("2023-02-01", "2023-06-15"):
            history.commit("fay", day, changes=["main.py"])
        history.add("forge_repository", forge="github", status="ok", read_at=moment("2024-12-01"))
        for month, person in enumerate(PEOPLE, start=1):
            self._month(history, f"2024-{month:02}-15", person, month)
        self._needs(history)
        return history

    def _month(self, history: History, day: str, person: str, month: int) -> None:
        if not self.tells(day):
            return
        sha = history.commit(person, day, adds=[f"src/{person}{month}.py"], changes=["main.py"])
        known_at = history.rows["commit"][-1]["known_at"]
        history.add("patch", sha=sha, side="fork", patch_id=f"p{month}", known_at=known_at)
        history.add("patch", sha=f"{month:040}", side="upstream", patch_id=f"p{month % 3}", known_at=known_at)
        history.add("maintainability", sha=sha, value=month / 10)
        if month % 2:
            history.release(f"1.{month}", day, sha=sha, is_signed=month > 6)
        if month in {1, 8}:
            history.document("workflow", f".github/workflows/{month}.yml", day, text=f"{month}")
            history.document(
                "licence" if month == 1 else "readme", "LICENSE" if month == 1 else "README", day, text=MIT
            )
        if month == 8:
            history.document("publiccode", "publiccode.yml", day, text="{legal: {license: EUPL-1.2}, usedBy: [Koper]}")
        self._asked(history, day, person, month, sha)

    def _asked(self, history: History, day: str, person: str, month: int, sha: str) -> None:
        """An issue and a request, which others answer and close three months later."""
        later = f"2024-{month + 2:02}-20"
        asked = {"number": month, "author_account": person, "author_kind": "person", "opened_at": moment(day)}
        history.add("issue", **asked, closed_at=self.then(later))
        history.add("change_request", **asked, merged_at=self.then(later), merged_by_account="zoe", merge_sha=sha)
        if self.tells(later):
            review = {"number": month, "review": str(month), "reviewer_account": "zoe", "reviewer_kind": "person"}
            history.add("review", **review, state="approved", submitted_at=moment(later))
            for kind in ("issue", "change_request"):
                answer = {"subject_kind": kind, "number": month, "responder_account": "zoe"}
                history.add("response", **answer, responded_at=moment(later))

    def _needs(self, history: History) -> None:
        """One package, of which newer versions come out; in the end it is another, under another licence."""
        is_changed = self.is_whole and self.has_new_needs
        history.file("package.json", "2024-01-15", "2024-08-15" if is_changed else None)
        history.dependency("pkg:npm/map@1.0.0", "SSPL-1.0", path="package.json")
        branches = ["koper", "maribor", "kranj"]
        for month in range(1, 11):
            if self.tells(f"2024-{month:02}-10"):
                history.released("pkg:npm/map", f"{month}.0.0", f"2024-{month:02}-10")
        if is_changed:
            history.file("package.json", "2024-08-15")
            history.dependency("pkg:npm/road", "MIT", path="package.json")
            branches.append("celje")
        for name in branches:
            history.add("branch", name=name, is_default=False)
        seen = moment("2024-10-15") if is_changed else moment("2024-03-01")
        history.read_at[FORK.id] = ReadAt(refs_at=seen)


def snapshot(story: Story) -> Snapshot:
    return Snapshot(story.history().facts().of_repository(FORK.id), date.fromisoformat(DAY))


def measured(card: Metric, story: Story) -> Measured:
    return measure(card, snapshot(story))


@pytest.mark.parametrize("card", catalogue(), ids=lambda card: card.id)
def test_what_comes_later_changes_nothing(card: Metric) -> None:
    cut = measured(card, Story(is_whole=False))
    assert measured(card, Story(is_whole=True, has_new_needs=False)) == cut
    whole = measured(card, Story(is_whole=True))
    if card.id in OF_ONE_MOMENT:
        assert whole.reason == WHY[OF_ONE_MOMENT[card.id]]
    else:
        assert whole == cut


@pytest.mark.parametrize("card", catalogue(), ids=lambda card: card.id)
def test_the_story_has_something_for_every_measure(card: Metric) -> None:
    found = measured(card, Story(is_whole=False))
    assert (card.id, found.reason) == (card.id, None)


def test_findings_of_other_manifests_are_none_of_the_day() -> None:
    kinds = [set(findings_of(snapshot(Story(is_whole=is_whole)))["kind"]) for is_whole in (True, False)]
    assert kinds == [set(), {"non_open_dependency"}]


def test_the_story_goes_on_after_the_day() -> None:
    whole, cut = (Story(is_whole=is_whole).history().facts() for is_whole in (True, False))
    assert [facts.table("commit").height for facts in (whole, cut)] == [13, 9]
