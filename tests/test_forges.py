"""What forges tell lands complete or not at all, the same from both, and the same after a stop."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import polars as pl
import pytest

import forge_shapes
from forge_server import NOW, Fault, ForgeServer, forge_server
from forge_world import ANN, BO, CY, Item, World, at, large_world, small_world
from oshealth.collect.forge import ForgeFacts, ForgeRequest, NoPages, read_forge
from oshealth.collect.forge_answers import Forge
from oshealth.collect.pace import Pace
from oshealth.facts import FORGE_TABLES, TABLES
from oshealth.store import PartialFolder

Kind = Literal["github", "gitlab"]
KINDS: tuple[Kind, ...] = ("github", "gitlab")
Frames = dict[str, pl.DataFrame]


@pytest.fixture(params=KINDS)
def server(request: pytest.FixtureRequest) -> Iterator[ForgeServer]:
    with forge_server(request.param, small_world()) as started:
        yield started


def crawl(server: ForgeServer, earlier: Frames | None = None, pages: Any = None, **how: Any) -> ForgeFacts:
    asked = ForgeRequest(server.repository, "town/app", server.now.replace(tzinfo=None))
    return read_forge(server.forge(**how), asked, earlier or {}, pages or NoPages())


def numbers(frame: pl.DataFrame, **where: Any) -> list[int]:
    return frame.filter(**where)["number"].to_list()


def answers(found: ForgeFacts) -> dict[int, float]:
    """Hours from the opening to the first answer."""
    opened = pl.concat([found.frames[kind].select("number", "opened_at") for kind in ("issue", "change_request")])
    both = found.frames["response"].join(opened, on="number")
    hours = (pl.col("responded_at") - pl.col("opened_at")).dt.total_seconds() / 3600
    return dict(both.select("number", hours.round(2)).sort("number").iter_rows())


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


def test_the_same_story_gives_the_same_rows_on_both_forges() -> None:
    told: list[Frames] = []
    for kind in KINDS:
        with forge_server(kind, small_world()) as server:
            told.append(crawl(server).frames)
    for table in ("issue", "change_request", "review", "response", "forge_release"):
        first, second = (_without_ids(frames[table]) for frames in told)
        assert first.equals(second), table


def _without_ids(frame: pl.DataFrame) -> pl.DataFrame:
    names = [name for name in frame.columns if name in {"repository", "review"} or name.endswith("_account")]
    return frame.drop(names)


def test_no_login_and_no_company_of_anybody_stands_in_the_tables_but_in_profile(server: ForgeServer) -> None:
    found = crawl(server).frames
    text = "".join(frame.write_json() for table, frame in found.items() if table != "profile")
    assert not any(name in text for name in ("Ann-Dal", "ann-dal", '"bo"', '"cy"', "Town of Example"))
    profiles = found["profile"].filter(company="Town of Example")
    assert profiles["is_self_declared"].to_list() == [True]
    assert profiles["account"][0] == found["issue"].filter(number=1)["author_account"][0]


def test_where_nothing_changed_three_requests_are_enough(server: ForgeServer) -> None:
    first = crawl(server).frames
    server.asked.clear()
    second = crawl(server, first)
    assert len(server.asked) <= 3
    for table in ("issue", "change_request", "review", "response", "profile"):
        assert second.frames[table].equals(first[table]), table


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


def test_an_issue_that_went_to_another_repository_leaves(server: ForgeServer) -> None:
    first = crawl(server).frames
    server.world.items = [item for item in server.world.items if item.number != 7]
    server.now = NOW + timedelta(days=1)
    second = crawl(server, first).frames
    assert numbers(second["issue"]) == [1, 2, 3, 4, 5, 6]
    assert 7 not in numbers(second["response"])


def test_a_first_crawl_takes_at_most_one_request_for_forty_rows() -> None:
    for kind in KINDS:
        with forge_server(kind, large_world(300)) as server:
            found = crawl(server).frames
            assert found["issue"].height + found["change_request"].height == 600
            assert len(server.asked) <= 600 / 40


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
    assert found.error.reason in {"unreadable", "unreachable"}  # the server does not find such a number either
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
