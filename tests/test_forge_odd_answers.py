"""Forges whose answers have odd fields, numbers that stand twice, or no end."""

from collections.abc import Callable, Iterator
from typing import Any

import polars as pl
import pytest

import forge_shapes
from forge_server import Fault, ForgeServer, forge_server
from forge_world import Item, large_world, small_world
from oshealth.collect.forges import paging
from oshealth.collect.forges.reading import ForgeFacts
from test_forge_hostile import KINDS, Kind, crawl, reason


@pytest.fixture(params=KINDS)
def server(request: pytest.FixtureRequest) -> Iterator[ForgeServer]:
    with forge_server(request.param, large_world(230)) as started:
        yield started


ODD: tuple[object, ...] = (None, True, 2**70, "x", "\ud800", [None], {"nodes": None})


LAB_PROJECT = ("id", "web_url", "archived", "license", "topics", "star_count", "forks_count", "path_with_namespace")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", ["node", "overview"])
def test_any_field_of_any_kind_lands_as_a_table_or_as_a_gap(
    kind: Kind, shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = {"githubnode": "hub_node", "gitlabnode": "lab_node", "githuboverview": "hub_overview"}.get(
        kind + shape, "lab_project"
    )
    real = getattr(forge_shapes, name)
    with forge_server(kind, small_world()) as server:
        example = real(server.world.items[8]) if shape == "node" else real(server.world, server.host)
        for key in LAB_PROJECT if name == "lab_project" else example:
            for value in ODD:
                monkeypatch.setattr(forge_shapes, name, _with(real, key, value))
                _whole_or_gap(crawl(server), (key, value))


@pytest.mark.parametrize("name", ["hub_rest_item", "hub_rest_comments", "recorded"])
def test_any_field_of_any_kind_by_rest_lands_as_a_table_or_as_a_gap(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = getattr(forge_shapes, name)
    keys = (
        "number",
        "state",
        "created_at",
        "user",
        "labels",
        "pull_request",
        "comments",
        "issue_url",
        "full_name",
        "id",
    )
    with forge_server("github", small_world()) as server:
        for key in keys:
            for value in ODD:
                monkeypatch.setattr(forge_shapes, name, _with(real, key, value))
                server.asked.clear()
                _whole_or_gap(crawl(server, token=None), (key, value))


def _with(real: Callable[..., Any], key: str, value: object) -> Callable[..., Any]:
    """The same shape with one value replaced: in the thirteenth, where there are many."""

    def made(*args: Any, **kwargs: Any) -> Any:
        shape = real(*args, **kwargs)
        if isinstance(shape, list):
            return [*shape[:3], {**shape[3], key: value}, *shape[4:]]
        is_other = isinstance(args[0], Item) and args[0].number not in {4, 13}
        return shape if is_other else {**shape, key: value}

    return made


def _whole_or_gap(found: ForgeFacts, what: object) -> None:
    if found.error is None:
        assert {"issue", "forge_repository"} <= set(found.frames) or found.gaps, what
        for frame in found.frames.values():
            pl.from_arrow(frame.to_arrow())
    else:
        reasons = {"unreadable", "unreachable", "incomplete", "http_404", "no_token", "http_400", "rate_limited"}
        assert found.error.reason in reasons, (what, found.error)


def test_two_by_the_same_number_are_not_taken_for_one(server: ForgeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    node, key = ("hub_node", "number") if server.kind == "github" else ("lab_node", "iid")
    real = getattr(forge_shapes, node)
    # The first of each page bears the number of the first of all.
    patched = lambda item: {**real(item), **({key: real(item)[key].__class__(1)} if item.number in {1, 201} else {})}  # noqa: E731
    monkeypatch.setattr(forge_shapes, node, patched)
    assert reason(crawl(server)) == "incomplete"


def test_cursors_that_go_round_are_noticed(server: ForgeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    _next(monkeypatch, lambda start: {0: "100", 100: "200"}.get(start, "100"))
    assert reason(crawl(server)) == "incomplete"
    assert len(server.asked) < 12


def test_pages_without_end_that_bring_nothing_are_left(server: ForgeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    _next(monkeypatch, lambda start: str(start + 100))
    assert reason(crawl(server)) == "incomplete"
    assert len(server.asked) < 15


def test_pages_without_end_that_bring_news_are_left(server: ForgeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "MOST_ROWS", 150)
    assert reason(crawl(server)) == "too_many"
    assert len(server.asked) < 8


def _next(patch: pytest.MonkeyPatch, following: Callable[[int], str]) -> None:
    real = forge_shapes.paged

    def paged(nodes: Any, first: int, after: str | None) -> Any:
        page = real(nodes, first, after)
        is_listing = first == 100
        info = {"hasNextPage": True, "endCursor": following(int(after or 0))}
        return {**page, "pageInfo": info} if is_listing else page

    patch.setattr(forge_shapes, "paged", paged)


def test_a_listing_by_rest_that_never_ends_is_left() -> None:
    with forge_server("gitlab", small_world()) as server:
        server.fail(2, *(Fault(200, {"X-Next-Page": "1"}, [{}]) for _ in range(300)))
        assert reason(crawl(server)) == "incomplete"
        assert len(server.asked) < 120
    with forge_server("github", small_world()) as server:
        link = f'<{server.api}/repositories/1/releases?page=1>; rel="next"'
        server.fail(2, *(Fault(200, {"Link": link, "X-RateLimit-Remaining": "60"}, [{}]) for _ in range(300)))
        assert reason(crawl(server, token=None)) == "incomplete"
        assert len(server.asked) < 120
