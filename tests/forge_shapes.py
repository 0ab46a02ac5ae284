"""The world in the shapes of the forges' answers; those by REST are filled up from recorded ones."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from forge_world import Item, Kind, Person, World, stamp

RECORDED = Path(__file__).parent / "recorded"
Body = dict[str, Any]


def recorded(name: str, /, **values: Any) -> Body:
    """A recorded answer with some of its values replaced."""
    return {**_recording(name), **values}


@cache
def _recording(name: str) -> Body:
    found: Body = json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))
    return found


def paged(nodes: Sequence[Body], first: int, after: str | None) -> Body:
    """A connection of GraphQL: a stretch of the nodes, and where the next begins."""
    start = int(after) if after else 0
    end = start + first
    page = {"hasNextPage": end < len(nodes), "endCursor": str(min(end, len(nodes))) if nodes else None}
    return {"pageInfo": page, "nodes": list(nodes[start:end])}


# GitHub


def hub_who(person: Person | None) -> Body | None:
    if person is None:
        return None
    if person.is_bot:
        return {"__typename": "Bot", "login": person.login}
    return {"__typename": "User", "login": person.login, "company": person.company}


def hub_comments(item: Item) -> list[Body]:
    return [
        {"createdAt": stamp(hours), "authorAssociation": "NONE", "author": hub_who(who)} for who, hours in item.comments
    ]


def hub_reviews(item: Item) -> list[Body]:
    return [
        {
            "id": f"PRR_{item.number}_{index}",
            "state": state.upper(),
            "submittedAt": stamp(hours),
            "authorAssociation": "NONE",
            "author": hub_who(who),
        }
        for index, (who, state, hours) in enumerate(item.reviews)
    ]


def hub_node(item: Item) -> Body:
    closed = item.closed if item.merged is None else item.merged
    node: Body = {
        "id": f"I_{item.number}",
        "fullDatabaseId": str(9_000_000_000 + item.number),
        "number": item.number,
        "state": item.state.upper(),
        "createdAt": stamp(item.opened),
        "closedAt": stamp(closed),
        "updatedAt": stamp(item.changed),
        "authorAssociation": "NONE",
        "author": hub_who(item.author),
        "comments": {"totalCount": len(item.comments), **paged(hub_comments(item), 10, None)},
    }
    if item.kind == "issue":
        return {**node, "labels": {"nodes": [{"name": name} for name in item.labels]}}
    return {
        **node,
        "isDraft": False,
        "mergedAt": stamp(item.merged),
        "baseRefName": "main",
        "mergeCommit": {"oid": f"{item.number:040x}"} if item.merged else None,
        "mergedBy": hub_who(item.merged_by),
        "reviews": paged(hub_reviews(item), 20, None),
    }


def hub_overview(world: World, host: str) -> Body:
    releases = [
        {
            "tagName": name,
            "name": name,
            "isDraft": False,
            "isPrerelease": False,
            "publishedAt": stamp(hours),
            "tagCommit": {"oid": "a" * 40},
        }
        for name, hours in world.releases
    ]
    forks = [
        {
            "url": f"https://{host}/{name}",
            "createdAt": stamp(1),
            "pushedAt": stamp(2),
            "stargazerCount": 0,
            "isArchived": False,
        }
        for name in world.forks
    ]
    return {
        "databaseId": world.forge_id,
        "nameWithOwner": world.path,
        "url": f"https://{host}/{world.path}",
        "isArchived": False,
        "hasIssuesEnabled": True,
        "stargazerCount": world.stars,
        "forkCount": len(forks),
        "defaultBranchRef": {"name": "main"},
        "licenseInfo": {"spdxId": "MIT"},
        "repositoryTopics": {"nodes": [{"topic": {"name": "library"}}]},
        "releases": {"pageInfo": {"hasNextPage": False, "endCursor": None}, "nodes": releases},
        "forks": {"nodes": forks},
    }


def hub_user(person: Person | None) -> Body | None:
    if person is None:
        return None
    return recorded("github_user", login=person.login, type="Bot" if person.is_bot else "User")


def hub_rest_item(item: Item, api: str, path: str) -> Body:
    """An issue, or a pull request among the issues."""
    closed = item.closed if item.merged is None else item.merged
    values: Body = {
        "id": 9_000_000_000 + item.number,
        "number": item.number,
        "state": "open" if item.state == "open" else "closed",
        "created_at": stamp(item.opened),
        "closed_at": stamp(closed),
        "updated_at": stamp(item.changed),
        "comments": len(item.comments),
        "user": hub_user(item.author),
        "labels": [recorded("github_label", name=name) for name in item.labels],
    }
    if item.kind == "change_request":
        links = dict.fromkeys(("url", "html_url", "diff_url", "patch_url"), f"{api}/repos/{path}/pulls/{item.number}")
        values |= {"pull_request": {**links, "merged_at": stamp(item.merged)}, "draft": False}
    return recorded("github_issue", **values)


def hub_rest_comments(items: Sequence[Item], api: str, path: str) -> list[Body]:
    return [
        recorded(
            "github_comment",
            issue_url=f"{api}/repos/{path}/issues/{item.number}",
            created_at=stamp(hours),
            user=hub_user(who),
        )
        for item in items
        for who, hours in item.comments
    ]


# GitLab


def lab_who(person: Person | None) -> Body:
    """GitLab has a stand-in for those who left."""
    who = person or Person("ghost")
    return {"username": who.login, "bot": who.is_bot, "organization": who.company}


def lab_notes(item: Item) -> list[Body]:
    actions = {"approved": "approved", "changes_requested": "requested_changes"}
    said = [(who, hours, None) for who, hours in item.comments]
    said += [(who, hours, actions[state]) for who, state, hours in item.reviews]  # type: ignore[misc]
    return [
        {
            "id": f"gid://gitlab/Note/{item.number}_{index}",
            "system": action is not None,
            "createdAt": stamp(hours),
            "author": lab_who(who),
            "systemNoteMetadata": {"action": action} if action else None,
        }
        for index, (who, hours, action) in enumerate(sorted(said, key=lambda entry: entry[1]))
    ]


def lab_node(item: Item) -> Body:
    kind = "Issue" if item.kind == "issue" else "MergeRequest"
    node: Body = {
        "id": f"gid://gitlab/{kind}/{9_000_000_000 + item.number}",
        "iid": str(item.number),
        "state": "opened" if item.state == "open" else item.state,
        "createdAt": stamp(item.opened),
        "closedAt": stamp(item.closed),
        "updatedAt": stamp(item.changed),
        "userNotesCount": len(item.comments),
        "author": lab_who(item.author),
    }
    if item.kind == "issue":
        notes = paged(lab_notes(item), 10, None)
        return {**node, "labels": {"nodes": [{"title": name} for name in item.labels]}, "notes": notes}
    return {
        **node,
        "draft": False,
        "mergedAt": stamp(item.merged),
        "targetBranch": "main",
        "mergeCommitSha": f"{item.number:040x}" if item.merged else None,
        "mergeUser": lab_who(item.merged_by) if item.merged else None,
        "notes": paged(lab_notes(item), 50, None),
    }


def lab_project(world: World, host: str) -> Body:
    return recorded(
        "gitlab_project",
        id=world.forge_id,
        path_with_namespace=world.path,
        web_url=f"https://{host}/{world.path}",
        star_count=world.stars,
        forks_count=len(world.forks),
    )


FIELDS: dict[str, Kind] = {"Issues": "issue", "ChangeRequests": "change_request"}
