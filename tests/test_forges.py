"""What forges tell lands complete or not at all, the same from both, and the same after a stop."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import forge_shapes
from forge_crawl import KINDS, answers, crawl, numbers
from forge_server import NOW, PLANTED, Fault, ForgeServer, forge_server
from forge_world import ANN, BO, CY, Item, World, at, large_world, small_world
from oshealth.collect.forges.answers import Forge
from oshealth.collect.forges.pace import Pace
from oshealth.collect.forges.reading import ForgeRequest, read_forge
from oshealth.facts import TABLES
from oshealth.store import PartialFolder


@pytest.fixture(params=KINDS)
def server(request: pytest.FixtureRequest) -> Iterator[ForgeServer]:
    with forge_server(request.param, small_world()) as started:
        yield started


def test_the_first_answer_is_that_of_the_first_other_human(server: ForgeServer) -> None:
    found = crawl(server)
    assert found.error is None
    # 1: Bo after the author's own; 3: not the deleted account's own; 4: not the bot's; 5: after 250 of the author's;
    # 11: a review; 15: a review; 16: of a bot's request; 2, 12, 17, 18: none.
    expected = {1: 5, 3: 4, 4: 10, 5: 59, 6: 1, 7: 1, 11: 10, 13: 2, 14: 2, 15: 2, 16: 2}
    assert answers(found) == expected


def test_states_and_reviews_land(server: ForgeServer) -> None:
    found = crawl(server).frames
    requests = found["change_request"]
    assert numbers(requests, state="merged") == [11, 12, 15, 16]
    assert numbers(requests, state="open") == [14, 18]
    assert requests.filter(number=14)["closed_at"].to_list() == [None]
    assert found["review"].select("number", "state").rows() == [
        (11, "approved"),
        (15, "changes_requested"),
        (15, "approved"),
        (16, "approved"),
    ]
    assert found["issue"].filter(number=3)["author_kind"].to_list() == ["ghost"]
    assert found["issue"].filter(number=6)["author_kind"].to_list() == ["bot"]
    assert found["forge_release"].select("source", "version").rows() == [("forge", "1.0.0")]
    assert found["fork"]["fork"].to_list() == [f"{server.host}/county/app"]
    assert found["forge_repository"].select("status", "licence", "star_count").rows() == [("ok", "MIT", 12)]


def test_no_login_and_no_company_of_anybody_stands_in_the_tables_but_in_profile(server: ForgeServer) -> None:
    found = crawl(server).frames
    text = "".join(frame.write_json() for table, frame in found.items() if table != "profile")
    assert not any(name in text for name in ("Ann-Dal", "ann-dal", '"bo"', '"cy"', "Town of Example"))
    profiles = found["profile"].filter(company="Town of Example")
    assert profiles["is_self_declared"].to_list() == [True]
    assert profiles["account"][0] == found["issue"].filter(number=1)["author_account"][0]


TOKENS = pytest.mark.parametrize("token", [PLANTED, None], ids=["with a token", "without"])
LANDED = ("issue", "change_request", "review", "response", "profile")


@TOKENS
def test_where_nothing_changed_three_requests_are_enough(token: str | None, server: ForgeServer) -> None:
    first = crawl(server, token=token).frames
    for _ in range(2):
        server.now += timedelta(days=1)
        server.asked.clear()
        second = crawl(server, first, token=token)
        assert second.error is None
        assert len(server.asked) <= 3
        for table in LANDED:
            assert second.frames[table].equals(first[table]), table
        first |= second.frames


def test_a_count_that_stops_at_a_thousand_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    with forge_server("gitlab", small_world()) as server:
        real = World.total
        monkeypatch.setattr(World, "total", lambda world, kind: real(world, kind) if kind == "issue" else 1001)
        first = crawl(server).frames
        assert first["forge_repository"]["surplus"].to_list() == [0]
        server.world.items = [item for item in server.world.items if item.number != 7]
        server.world.change(18, closed=24 * 200 + 1.0)
        server.now += timedelta(days=1)
        second = crawl(server, first).frames
        # An issue that left is still noticed: issues are counted to the end.
        assert numbers(second["issue"]) == [1, 2, 3, 4, 5, 6]
        assert numbers(second["change_request"], state="closed") == [13, 17, 18]


@pytest.mark.parametrize("count", [3, 20])
def test_what_changed_without_a_token_is_read_again_and_the_rest_stands(count: int) -> None:
    with forge_server("github", large_world(50)) as server:
        first = crawl(server, token=None).frames
        for number in range(1, 2 * count, 2):
            server.world.change(number, comments=((ANN, 24 * 200 + 1.0), (BO, 24 * 200 + 2.0)))
        server.world.items.append(Item("issue", 1001, CY, 24 * 200 + 3.0))
        server.now += timedelta(days=1)
        server.asked.clear()
        changed = crawl(server, first, token=None)
        assert changed.error is None
        # The repository itself, what changed, and its comments: of three one by one, of twenty with all others.
        assert len(server.asked) == (5 if count == 3 else 4)
        fresh = crawl(server, token=None).frames
        for table in LANDED:
            assert changed.frames[table].equals(fresh[table]), table


def test_what_changed_is_read_again_and_the_rest_stands(server: ForgeServer) -> None:
    first = crawl(server).frames
    later = 24 * 200 + 5.0
    server.world.change(2, comments=((ANN, later),))
    server.world.change(18, merged=later, merged_by=ANN, reviews=((BO, "approved", later),))
    server.world.items.append(Item("issue", 21, CY, later))
    server.now = NOW + timedelta(days=1)
    server.asked.clear()
    changed = crawl(server, first)
    assert len(server.asked) <= 3
    fresh = crawl(server).frames
    for table in ("issue", "change_request", "review", "response", "profile"):
        assert changed.frames[table].equals(fresh[table]), table


def test_a_change_that_the_forges_index_had_not_yet_at_the_last_crawl_is_found(server: ForgeServer) -> None:
    first = crawl(server).frames
    server.world.change(2, comments=((ANN, 24 * 200 - 0.05),))
    server.now = NOW + timedelta(days=1)
    changed = crawl(server, first).frames
    assert changed["response"].equals(crawl(server).frames["response"])
    assert not changed["response"].equals(first["response"])


def test_an_issue_that_went_to_another_repository_leaves(server: ForgeServer) -> None:
    first = crawl(server).frames
    server.world.items = [item for item in server.world.items if item.number != 7]
    server.now = NOW + timedelta(days=1)
    second = crawl(server, first).frames
    assert numbers(second["issue"]) == [1, 2, 3, 4, 5, 6]
    assert 7 not in numbers(second["response"])


@TOKENS
def test_a_first_crawl_takes_at_most_one_request_for_forty_rows(token: str | None) -> None:
    for kind in KINDS:
        with forge_server(kind, large_world(300)) as server:
            found = crawl(server, token=token).frames
            assert found["issue"].height + found["change_request"].height == 600
            # GitHub without a token tells comments, of which there are 900, a hundred at a time.
            asked_count = len([path for path in server.asked if "/comments" not in path])
            assert asked_count <= 600 / 40
            assert len(server.asked) - asked_count in {0, 9}


class Stopped(Exception):  # noqa: N818 (a stop is no error)
    """The crawl was killed."""


def stopping(forge: Forge, server: ForgeServer, number: int) -> Forge:
    """Ends everything when a page is asked for beyond so many requests."""
    real = forge.page

    def page(*args: Any) -> Any:
        if len(server.asked) >= number:
            raise Stopped
        return real(*args)

    vars(forge)["page"] = page
    return forge


def test_a_crawl_stopped_at_any_request_ends_with_the_same_tables(tmp_path: Path) -> None:
    for kind in KINDS:
        with forge_server(kind, large_world(230)) as server:
            whole = crawl(server).frames
            request_count = len(server.asked)
            for number in range(1, request_count):
                pages = PartialFolder(tmp_path / f"{kind}{number}", server.repository)
                server.asked.clear()
                asked = ForgeRequest(server.repository, "town/app", server.now.replace(tzinfo=None))
                with pytest.raises(Stopped):
                    read_forge(stopping(server.forge(), server, number), asked, {}, pages)
                server.asked.clear()
                again = crawl(server, pages=pages).frames
                assert len(server.asked) <= request_count - max(0, number - 3)
                for table in ("issue", "change_request", "review", "response", "profile"):
                    assert again[table].equals(whole[table]), (kind, number, table)
                assert not pages.path.exists()


def test_pages_of_a_crawl_that_was_stopped_long_ago_are_asked_for_again(tmp_path: Path) -> None:
    for kind in KINDS:
        with forge_server(kind, large_world(230)) as server:
            crawl(server)
            request_count = len(server.asked)
            for days, is_kept in ((6, True), (8, False)):
                server.now = NOW
                server.asked.clear()
                pages = PartialFolder(tmp_path / f"{kind}{days}", server.repository)
                asked = ForgeRequest(server.repository, "town/app", server.now.replace(tzinfo=None))
                with pytest.raises(Stopped):
                    read_forge(stopping(server.forge(), server, request_count - 3), asked, {}, pages)
                server.now = NOW + timedelta(days=days)
                server.asked.clear()
                crawl(server, pages=pages)
                assert (len(server.asked) < request_count) == is_kept, (kind, days)


def test_the_tables_have_the_columns_of_the_facts(server: ForgeServer) -> None:
    for table, frame in crawl(server).frames.items():
        assert frame.schema == TABLES[table], table


def test_what_lacks_its_moment_of_closing_was_closed_when_it_was_last_touched(server: ForgeServer) -> None:
    first = crawl(server).frames["issue"].filter(number=2)
    assert first["closed_at"].to_list() == [at(30).replace(tzinfo=None)]
    node = "hub_node" if server.kind == "github" else "lab_node"
    real = getattr(forge_shapes, node)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forge_shapes, node, lambda item: {**real(item), "closedAt": None, "mergedAt": None})
        found = crawl(server).frames
    assert found["issue"].filter(number=2)["closed_at"].to_list() == [at(30).replace(tzinfo=None)]
    requests = found["change_request"].filter(state="merged")
    assert requests["merged_at"].null_count() == 0
    assert requests["closed_at"].null_count() == 0


@pytest.mark.parametrize("number", [2**70, "x", None, -1.5, {}])
def test_nonsense_in_one_answer_is_a_gap(number: object, server: ForgeServer) -> None:
    node, key = ("hub_node", "number") if server.kind == "github" else ("lab_node", "iid")
    real = getattr(forge_shapes, node)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forge_shapes, node, lambda item: {**real(item), key: number})
        found = crawl(server)
    assert found.error is not None
    assert found.error.reason in {
        "unreadable",
        "unreachable",
        "incomplete",
    }  # the server does not find such a number either
    assert not found.frames


def test_a_host_that_is_down_is_not_asked_again_and_again_for_each_repository(server: ForgeServer) -> None:
    pace = Pace()
    server.always = Fault(0)
    first = crawl(server, pace=pace)
    assert first.error is not None
    assert first.error.reason == "unreachable"
    asked = len(server.asked)
    assert crawl(server, pace=pace).error is not None
    assert len(server.asked) == asked + 1
    server.always = None
    assert crawl(server, pace=pace).error is None
    assert not pace.is_down


def test_an_empty_repository_has_empty_tables(server: ForgeServer) -> None:
    server.world = replace(World([]), releases=(), forks=())
    found = crawl(server)
    assert found.error is None
    assert found.frames["issue"].is_empty()
