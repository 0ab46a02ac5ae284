"""What the forges of the tests answer, by GraphQL and by REST, from a world that was made up."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

import forge_shapes as shapes
from forge_world import Item, stamp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forge_server import ForgeServer


def _listing(state: ForgeServer, name: str, variables: Mapping[str, Any], node: Any) -> dict[str, Any]:
    kind = shapes.FIELDS[name]
    since = variables.get("since")
    found = state.world.listed(
        kind,
        by_update="UPDATED" in str(variables["order"]),
        since=datetime.fromisoformat(since).replace(tzinfo=None) if since else None,
    )
    return shapes.paged(_Lazy(found, node), variables["first"], variables["after"])


class _Lazy(list[Any]):
    """Nodes made when they are asked for."""

    def __init__(self, items: list[Any], node: Any) -> None:
        super().__init__(items)
        self.node = node

    def __getitem__(self, index: Any) -> Any:
        return [self.node(item) for item in super().__getitem__(index)]


def _once(state: ForgeServer, make: Any, item: Item) -> Any:
    """What is made of an item; a number changes its item when the world changes, so that both tell which it is."""
    kept, made = state.cache.get((make.__name__, item.number), (None, None))
    if kept is not item:
        made = make(item)
        state.cache[make.__name__, item.number] = item, made
    return made


def hub_by_graphql(state: ForgeServer, name: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    world = state.world
    if name in shapes.FIELDS:
        field_name = "issues" if name == "Issues" else "pullRequests"
        total = {"totalCount": world.total(shapes.FIELDS[name])}
        return {"repository": {"all": total, field_name: _listing(state, name, variables, shapes.hub_node)}}
    if name == "Overview":
        return {"repository": shapes.hub_overview(world, state.host)}
    item = next(item for item in world.items if f"I_{item.number}" == variables["id"])
    nodes = _once(state, shapes.hub_comments if name == "Comments" else shapes.hub_reviews, item)
    return {"node": {name.lower(): shapes.paged(nodes, 100, variables["after"])}}


def lab_by_graphql(state: ForgeServer, name: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    world = state.world
    if name in shapes.FIELDS:
        field_name = "issues" if name == "Issues" else "mergeRequests"
        count = {"count": world.total(shapes.FIELDS[name])}
        return {"project": {"all": count, field_name: _listing(state, name, variables, shapes.lab_node)}}
    item = next(item for item in world.items if str(item.number) == variables["iid"])
    return {
        "project": {"subject": {"notes": shapes.paged(_once(state, shapes.lab_notes, item), 100, variables["after"])}}
    }


def hub_by_rest(state: ForgeServer, path: str, since: str | None) -> Any:
    world = state.world
    if path == f"/users/{world.path.partition('/')[0]}/repos":
        return [_listed(state, "html_url", name, fork=name.endswith("fork")) for name in state.group]
    tail = path.removeprefix(f"/repos/{world.path}")
    if tail == "":
        urls = {"full_name": world.path, "html_url": f"https://{state.host}/{world.path}"}
        return shapes.recorded("github_repository", id=world.forge_id, stargazers_count=world.stars, **urls)
    if tail == "/releases":
        return [
            shapes.recorded("github_release", tag_name=name, published_at=stamp(hours))
            for name, hours in world.releases
        ]
    if tail == "/issues":
        items = [item for item in world.items if since is None or f"{stamp(item.changed)}" >= since]
        return [shapes.hub_rest_item(item, state.api, world.path) for item in items]
    if asked := re.fullmatch(r"/issues(?:/(\d+))?/comments", tail):
        items = [item for item in world.items if asked[1] in {None, str(item.number)}]
        return shapes.hub_rest_comments(items, state.api, world.path)
    return None


def _listed(state: ForgeServer, key: str, name: str, **values: Any) -> dict[str, Any]:
    owner = state.world.path.partition("/")[0]
    recording = "github_repository" if state.kind == "github" else "gitlab_project"
    return shapes.recorded(recording, **{key: f"https://{state.host}/{owner}/{name}"}, **values)


def lab_by_rest(state: ForgeServer, path: str) -> Any:
    world = state.world
    if path == f"/groups/{world.path.partition('/')[0]}/projects":
        forked = {"forked_from_project": {"id": 1}}
        return [_listed(state, "web_url", n, **(forked if n.endswith("fork") else {})) for n in state.group]
    if path in {f"/projects/{world.path}", f"/projects/{world.forge_id}"}:
        return shapes.lab_project(world, state.host)
    if path == f"/projects/{world.forge_id}/releases":
        commit = {"id": "a" * 40}
        return [
            shapes.recorded("gitlab_release", tag_name=name, released_at=stamp(hours), commit=commit)
            for name, hours in world.releases
        ]
    if path == f"/projects/{world.forge_id}/forks":
        return [
            shapes.recorded("gitlab_fork", path_with_namespace=name, web_url=f"https://{state.host}/{name}")
            for name in world.forks
        ]
    return None
