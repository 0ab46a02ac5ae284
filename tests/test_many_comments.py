"""Ten thousand comments on one issue or request: read only as far as the first answer, and never without end."""

from collections.abc import Iterator
from typing import Any, Literal

import pytest

from forge_server import ForgeServer, forge_server
from forge_world import ANN, BO, ROBOT, Item, Kind, Who, World
from oshealth.collect.forges.reading import ForgeFacts, ForgeRequest, NoPages, read_forge

COUNT = 10_000
LISTINGS = 5
"""Requests for the repository itself, its releases, its forks, and a page of each listing: so many at most."""
Forge = Literal["github", "gitlab"]
KINDS: tuple[Kind, ...] = ("issue", "change_request")


@pytest.fixture(params=["github", "gitlab"])
def server(request: pytest.FixtureRequest) -> Iterator[ForgeServer]:
    with forge_server(request.param, World([])) as started:
        yield started


def said(answer_at: int | None) -> tuple[tuple[Who, float], ...]:
    """Comments of the author and of a bot in turn; Bo's is the one of that number."""
    talk = [(ROBOT if number % 7 == 0 else ANN, 1 + number / 1000) for number in range(COUNT)]
    if answer_at is not None:
        talk[answer_at] = (BO, talk[answer_at][1])
    return tuple(talk)


def crawl(server: ForgeServer, kind: Kind, answer_at: int | None, **item: Any) -> ForgeFacts:
    server.world.items = [Item(kind, 1, ANN, 0, comments=said(answer_at), **item)]
    asked = ForgeRequest(server.repository, "town/app", server.now.replace(tzinfo=None))
    found = read_forge(server.forge(), asked, {}, NoPages())
    assert found.error is None
    assert found.frames[kind]["comment_count"].to_list() == [COUNT]
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_an_early_answer_needs_no_further_comment(kind: Kind, server: ForgeServer) -> None:
    found = crawl(server, kind, answer_at=3)
    assert found.frames["response"].height == 1
    # GitLab tells approvals as notes among the comments: of a request all of them are read, a hundred at a time.
    needs_all = server.kind == "gitlab" and kind == "change_request"
    assert len(server.asked) <= LISTINGS + (COUNT // 100 if needs_all else 0)


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_in_the_middle_is_read_up_to(kind: Kind, server: ForgeServer) -> None:
    found = crawl(server, kind, answer_at=4_000)
    (responded_at,) = found.frames["response"]["responded_at"]
    (opened_at,) = found.frames[kind]["opened_at"]
    assert (responded_at - opened_at).total_seconds() == 5 * 3600  # 1 hour and 4,000 thousandths
    needs_all = server.kind == "gitlab" and kind == "change_request"
    assert len(server.asked) <= LISTINGS + (COUNT if needs_all else 4_100) // 100


@pytest.mark.parametrize("kind", KINDS)
def test_without_an_answer_all_are_read_once(kind: Kind, server: ForgeServer) -> None:
    found = crawl(server, kind, answer_at=None)
    assert found.frames["response"].is_empty()
    assert COUNT // 100 - 1 <= len(server.asked) <= LISTINGS + COUNT // 100


def test_a_review_behind_all_comments_is_found(server: ForgeServer) -> None:
    found = crawl(server, "change_request", None, merged=30.0, merged_by=ANN, reviews=((BO, "approved", 20.0),))
    assert found.frames["review"]["state"].to_list() == ["approved"]
    (responded_at,) = found.frames["response"]["responded_at"]
    assert (responded_at - found.frames["change_request"]["opened_at"][0]).total_seconds() == 20 * 3600


def test_without_a_token_they_are_more_than_sixty_requests_hold() -> None:
    with forge_server("github", World([Item("issue", 1, ANN, 0, comments=said(3))])) as server:
        asked = ForgeRequest(server.repository, "town/app", server.now.replace(tzinfo=None))
        found = read_forge(server.forge(token=None), asked, {}, NoPages())
        assert len(server.asked) <= 60
        assert "issue" not in found.frames
        assert {gap.reason for gap in found.gaps if gap.what == "issue"} == {"no_token"}
