"""A former home lends its issues and who answered them: each counts once, with the repository that followed it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from facts_builder import History, moment
from forge_line import Line, forge_line
from forge_server import Fault
from forge_world import Item
from oshealth.pipeline.running.stages import forges
from oshealth.pipeline.watched.former_homes import LENT, TOLD, Frames, lent
from oshealth.pipeline.watched.order import order_for

pytestmark = pytest.mark.filterwarnings("default::ResourceWarning")
TODAY, FORMER, ELSEWHERE = "code.example.org/town/app", "code.example.org/firm/app", "git.example.net/firm/app"


def home(name: str, *issues: tuple[int, str, str, str]) -> History:
    """A repository of one commit, with issues: number, the forge's id, author and day; each answered, one reviewed."""
    history = History(name)
    history.commit("ann", "2024-01-01", sha="a" * 40)
    history.add("forge_repository", forge="github", forge_id=name, url=f"https://{name}", status="ok")
    for number, forge_id, author, day in issues:
        known = {"forge_id": forge_id, "author_account": author, "opened_at": moment(day)}
        history.add("issue", number=number, state="open", **known)
        history.add("response", subject_kind="issue", number=number, responded_at=moment(day))
    return history


def frames(history: History) -> Frames:
    return {name: history.facts().table(name) for name in (*LENT, *TOLD)}


def numbers(own: History, former: History) -> list[int]:
    found = lent(frames(own), frames(former), TODAY)
    assert found["response"]["number"].to_list() == found["issue"]["number"].to_list()
    assert set(found["issue"]["repository"]) <= {former.repositories[0]}
    return found["issue"]["number"].to_list()


def test_issues_of_both_homes_bear_the_same_numbers_and_all_count() -> None:
    own, former = home(TODAY, (1, "11", "ann", "2024-05-01")), home(FORMER, (1, "7", "bo", "2023-05-01"))
    assert numbers(own, former) == [1]


def test_an_issue_that_was_transferred_or_copied_counts_where_it_stands_today() -> None:
    own = home(TODAY, (1, "7", "ann", "2024-05-01"), (2, "12", "bo", "2023-05-02"), (3, "13", "cy", "2023-05-03"))
    former = home(
        FORMER,
        (5, "7", "dee", "2023-01-01"),  # the same id
        (6, "8", "bo", "2023-05-02"),  # the same author at the same moment
        (3, "9", "cy-elsewhere", "2023-05-03"),  # the same number at the same moment
        (8, "10", "bo", "2023-06-01"),
    )
    assert numbers(own, former) == [8]


def test_the_numbers_that_two_forges_give_are_not_compared() -> None:
    own, former = home(TODAY, (1, "7", "ann", "2024-05-01")), home(ELSEWHERE, (5, "7", "bo", "2023-05-01"))
    assert numbers(own, former) == [5]


def test_what_lives_on_after_the_move_lends_only_what_came_before() -> None:
    own, former = home(TODAY), home(FORMER, (1, "7", "bo", "2024-01-01"), (2, "8", "bo", "2024-02-01"))
    assert numbers(own, former) == [1, 2]
    former.commit("bo", "2024-03-01", sha="b" * 40)
    # Both have the commit of 1 January; of what was asked after it nobody knows for which of them.
    assert numbers(own, former) == [1]


def test_a_repository_that_the_forge_takes_for_the_same_lends_nothing_twice() -> None:
    own, former = home(TODAY), home(FORMER, (1, "7", "bo", "2023-05-01"))
    former.rows["forge_repository"][0]["forge_id"] = TODAY
    assert "issue" not in lent(frames(own), frames(former), TODAY)


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    """The repository on the GitHub lived on the GitLab before."""
    with forge_line(tmp_path, monkeypatch) as made:
        hub, lab = made.servers
        text = (made.path / "sources.toml").read_text()
        old, new = f'url = "https://{lab.host}/county/map"', f'url = "https://{hub.host}/town/app"'
        text = text.replace(f"[[codebase.repository]]\n{old}", "")
        (made.path / "sources.toml").write_text(text.replace(new, f'{new}\nformer = ["https://{lab.host}/county/map"]'))
        yield made


def first_answers(line: Line) -> list[tuple[object, ...]]:
    told = "select subject_kind, sample_size from latest where metric = 'first_response' order by 1"
    return line.rows(told)


def test_a_former_home_is_asked_and_counts_in_the_measures_of_today(line: Line) -> None:
    lab = line.servers[1]
    line.run()
    # The GitLab's issues and requests are copies: numbers and moments are the same, so that each counts once.
    alone = first_answers(line)
    assert alone == [("codebase", 9), ("repository", 9)]
    others = [replace(item, number=item.number + 100, opened=item.opened - 1 / 60) for item in lab.world.items]
    lab.world.items = [item for item in others if item.comments or item.reviews]
    lab.world.items.append(Item("issue", 30, None, 24.0))
    lab.now = lab.now.replace(year=lab.now.year + 1)
    line.run()
    assert first_answers(line) == [("codebase", 18), ("repository", 18)]
    subjects = "select distinct subject from latest where subject_kind = 'repository'"
    assert line.rows(subjects) == [("localhost/town/app",)]


def test_an_address_that_leads_to_todays_home_is_not_read_twice(line: Line) -> None:
    hub = line.servers[0]
    text = (line.path / "sources.toml").read_text()
    moved = text.replace(f"{line.servers[1].host}/county/map", f"{hub.host}/old/app")
    (line.path / "sources.toml").write_text(moved)
    outcomes = [outcome for outcome in line.run() if outcome.stage == "forge"]
    assert sorted((o.end, o.detail) for o in outcomes) == [("done", ""), ("unchanged", "")]
    assert sum("graphql" in path for path in hub.asked) <= 8
    assert line.rows("select count(*) from issue") == [(7,)]
    assert line.rows("select count(*) from gap where reason in ('moved', 'same')") == [(0,)]


def test_a_former_home_that_is_gone_is_no_failure_and_what_it_lent_stands(line: Line) -> None:
    lab = line.servers[1]
    lab.world.items = [Item("issue", 40, None, 30.0)]
    line.run()
    lab.always = Fault(404, {}, {"message": "Not Found"})
    ends = [outcome.end for outcome in line.run() if outcome.stage == "forge"]
    assert "failed" not in ends
    assert line.rows("select number from issue where repository = 'localhost/county/map'") == [(40,)]
    assert isinstance(line.rows("select count(*) from gap"), list)


def test_former_homes_are_asked_after_all_homes_of_today(line: Line) -> None:
    text = (line.path / "sources.toml").read_text()
    hub, lab = (server.host for server in line.servers)
    (line.path / "sources.toml").write_text(f'{text}\n[[codebase.repository]]\nurl = "https://{lab}/town/other"\n')
    order = order_for(str(line.path), None, (), "2024-06-30", mirrors=line.mirrors)
    assert forges(order) == [f"https://{hub}/town/app", f"https://{lab}/town/other", f"https://{lab}/county/map"]
