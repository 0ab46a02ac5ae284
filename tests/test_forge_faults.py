"""Forges that fail, refuse, wait, move or never end: what passes changes nothing, the rest is told in a sentence."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import forge_shapes
from forge_crawl import KINDS, Frames, answers, crawl, numbers
from forge_server import NOW, Fault, ForgeServer, forge_server
from forge_world import large_world, small_world
from oshealth.collect.forges.reading import ForgeFacts
from oshealth.facts import FORGE_TABLES
from oshealth.store import PartialFolder


@pytest.fixture(params=KINDS)
def server(request: pytest.FixtureRequest) -> Iterator[ForgeServer]:
    with forge_server(request.param, small_world()) as started:
        yield started


FAULTS: dict[str, list[Fault]] = {
    "server error": [Fault(500), Fault(502), Fault(503)],
    "connection cut": [Fault(0), Fault(0)],
    "body cut": [Fault(200, is_half=True)],
    "secondary limit": [Fault(403, {"Retry-After": "0"}, {"message": "You have exceeded a secondary rate limit."})],
    "too many": [Fault(429, {"Retry-After": "0"}), Fault(429, {"Retry-After": "0"})],
}


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS)
def test_faults_that_pass_change_nothing_whichever_page_they_strike(faults: list[Fault], server: ForgeServer) -> None:
    whole = crawl(server).frames
    for number in range(1, len(server.asked) + 1):
        server.asked.clear()
        server.faults.clear()
        server.fail(number, *faults)
        again = crawl(server)
        assert again.error is None, number
        for table in FORGE_TABLES:
            assert again.frames[table].equals(whole[table]), (number, table)


REFUSALS: dict[str, tuple[Fault, str, str]] = {
    "401": (Fault(401, {}, {"message": "Bad credentials"}), "http_401", "OSHEALTH_TEST_TOKEN"),
    "403": (Fault(403, {}, {"message": "Resource not accessible"}), "http_403", "refuses access"),
    "451": (Fault(451, {}, {"message": "Repository access blocked"}), "http_451", "legal reasons"),
    "404": (Fault(404, {}, {"message": "Not Found"}), "http_404", "knows no repository"),
    "500 for ever": (Fault(500), "http_500", "status 500"),
    "nonsense": (Fault(200, {}, {"data": {"repository": 7, "project": 7}, "id": "x"}), "unreadable", "promises"),
}


STATUSES = {"http_403": "blocked", "http_451": "blocked", "http_404": "missing"}


@pytest.mark.parametrize(("fault", "reason", "words"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_is_one_sentence_and_what_was_known_stands(
    fault: Fault, reason: str, words: str, server: ForgeServer
) -> None:
    first = crawl(server).frames
    server.always = fault
    found = crawl(server, first)
    assert found.error is not None
    assert found.error.reason == reason
    assert words in str(found.error)
    assert set(found.frames) <= {"forge_repository"}
    assert [gap.reason for gap in found.gaps] == [reason]
    told = found.frames.get("forge_repository", first["forge_repository"])["status"].to_list()
    assert told == [STATUSES.get(reason, "ok")]


@pytest.mark.parametrize("server", ["github"], indirect=True)
def test_a_kind_that_the_token_may_not_see_is_a_gap_until_it_may(server: ForgeServer) -> None:
    whole = crawl(server).frames
    server.refused = "ChangeRequests"
    found = crawl(server)
    assert found.error is None
    assert "change_request" not in found.frames
    assert found.frames["issue"].equals(whole["issue"])
    (gap,) = [gap for gap in found.gaps if gap.reason == "http_403"]
    assert (gap.what, gap.detail.partition(".")[0]) == ("change_request", "Its change requests are not shown")
    # Nothing of what happened meanwhile is missing once it may.
    server.refused = None
    after = crawl(server, found.frames)
    for table in ("issue", "change_request", "review", "response"):
        assert after.frames[table].equals(whole[table]), table


@pytest.mark.parametrize("server", ["github"], indirect=True)
def test_requests_that_are_refused_later_stand_with_their_answers(server: ForgeServer) -> None:
    first = crawl(server).frames
    server.refused = "ChangeRequests"
    later = crawl(server, first)
    known = {**first, **later.frames}
    for table in ("issue", "change_request", "review", "response"):
        assert known[table].equals(first[table]), table
    assert known["forge_repository"]["read_at"].equals(first["forge_repository"]["read_at"])


def test_what_is_missing_on_two_days_is_gone_and_its_history_stands(server: ForgeServer) -> None:
    first = crawl(server).frames
    server.always = Fault(404, {}, {"message": "Not Found"})
    missing = crawl(server, first)
    assert missing.frames["forge_repository"]["status"].to_list() == ["missing"]
    known = {**first, **missing.frames}
    assert "forge_repository" not in crawl(server, known).frames  # the same day again
    server.now = NOW + timedelta(days=1)
    gone = crawl(server, known)
    assert gone.frames["forge_repository"]["status"].to_list() == ["gone"]
    assert gone.error is not None
    assert gone.error.reason == "gone"
    server.always = None
    back = crawl(server, {**known, **gone.frames})
    assert back.frames["forge_repository"].select("status", "missing_since").rows() == [("ok", None)]


def test_a_spent_limit_is_waited_for_and_others_wait_with_it(server: ForgeServer) -> None:
    reset = str(int(server.now.timestamp()) + 0)
    limit = {"X-RateLimit-Remaining": "0", "RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
    server.fail(2, Fault(429, {**limit, "RateLimit-Reset": reset}, {"message": "API rate limit exceeded"}))
    found = crawl(server)
    assert found.error is None


def test_a_limit_longer_than_the_patience_leaves_pages_to_go_on_from(tmp_path: Path, server: ForgeServer) -> None:
    pages = PartialFolder(tmp_path, server.repository)
    server.world = large_world(150)
    server.fail(5 if server.kind == "github" else 6, Fault(429, {"Retry-After": "3000"}))
    found = crawl(server, pages=pages)
    assert found.error is not None
    assert found.error.reason == "rate_limited"
    assert "50 minutes" in str(found.error)
    assert pages.path.exists()


def test_a_move_is_told_with_what_to_write(server: ForgeServer) -> None:
    first = crawl(server).frames
    server.world.path = "county/app"
    # The old address answers for the new one, as both forges do for GraphQL and after a redirect.
    found = crawl_moved(server, first)
    assert found.frames["forge_repository"]["moved_to"].to_list() == [f"https://{server.host}/county/app"]
    assert f'url = "https://{server.host}/county/app"' in found.gaps[0].detail
    assert found.frames["issue"].equals(first["issue"])


def crawl_moved(server: ForgeServer, earlier: Frames) -> ForgeFacts:
    if server.kind == "gitlab":
        where = f"{server.url}/api/v4/projects/county%2Fapp"
        server.fail(len(server.asked) + 1, Fault(301, {"Location": where}))
    return crawl(server, earlier)


def test_another_repository_of_the_same_name_is_not_taken_for_it(server: ForgeServer) -> None:
    first = crawl(server).frames
    server.world.forge_id, server.world.stars = 99, 0
    found = crawl(server, first)
    assert found.error is not None
    assert found.error.reason == "replaced"
    assert found.frames["forge_repository"]["forge_id"].to_list() == ["4711"]


def test_a_token_is_not_sent_to_another_host(server: ForgeServer) -> None:
    with forge_server(server.kind, small_world()) as other:
        server.always = Fault(301, {"Location": f"http://localhost:{other.port}/api/v4/projects/1"})
        found = crawl(server)
        assert found.error is not None
        assert found.error.reason == "redirected"
        assert not other.asked
    assert any("planted-token" in heard for heard in server.heard)


def test_without_a_token_github_tells_what_sixty_requests_hold() -> None:
    with forge_server("github", small_world()) as server:
        found = crawl(server, token=None)
        assert found.error is None
        assert answers(found) == {1: 5, 3: 4, 4: 10, 5: 59, 6: 1, 7: 1}
        assert numbers(found.frames["change_request"], state="merged") == [11, 12, 15, 16]
        assert {gap.what: gap.reason for gap in found.gaps} == {"review": "no_token", "fork": "no_token"}
        assert "OSHEALTH_TEST_TOKEN" in found.gaps[0].detail


def test_without_a_token_a_large_repository_is_a_gap_not_a_part() -> None:
    with forge_server("github", large_world(3100)) as server:
        found = crawl(server, token=None)
        assert len(server.asked) == 3
        assert found.error is None
        assert set(found.frames) == {"forge_repository", "forge_release"}
        assert {gap.what for gap in found.gaps if "sixty requests" in gap.detail} == {"issue", "change_request"}


def test_a_server_whose_pages_never_end_is_left(server: ForgeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forge_shapes, "paged", _endless(forge_shapes.paged))
    found = crawl(server)
    assert found.error is not None
    assert found.error.reason == "incomplete"


def _endless(paged: Callable[..., Any]) -> Callable[..., Any]:
    def again(*args: Any) -> Any:
        page = paged(*args)
        return {**page, "pageInfo": {"hasNextPage": True, "endCursor": "0"}}

    return again
