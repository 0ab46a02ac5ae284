"""From GitHub's GraphQL answers to rows: pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from oshealth.collect.forges.accounts import Actor
from oshealth.collect.forges.answers import NO_ISSUES, Kind, Overview, fork_gaps
from oshealth.collect.forges.releases import releases
from oshealth.collect.forges.rows import Remark, ReviewSaid, Ticket, certain, moment
from oshealth.sources import repository_id

Node = Mapping[str, Any]
_MEMBERS = frozenset({"OWNER", "MEMBER"})


def overview(found: Node, released: Iterable[Node], repository: str, read_at: datetime | None) -> Overview:
    """What the query `github_overview` tells."""
    row = {
        "forge_id": str(found["databaseId"]),
        "url": found["url"],
        "is_archived": found["isArchived"],
        "default_branch": (found["defaultBranchRef"] or {}).get("name"),
        "licence": licence((found["licenseInfo"] or {}).get("spdxId")),
        "topics": [node["topic"]["name"] for node in found["repositoryTopics"]["nodes"]],
        "star_count": found["stargazerCount"],
        "fork_count": found["forkCount"],
    }
    rows = {
        "forge_release": releases(repository, map(_release, (r for r in released if not r["isDraft"]))),
        "fork": [_fork(repository, node) for node in found["forks"]["nodes"]],
    }
    gaps = () if found["hasIssuesEnabled"] else (NO_ISSUES,)
    return Overview(row, found["nameWithOwner"], rows, (*gaps, *fork_gaps(found["forkCount"])), read_at)


def licence(spdx: str | None) -> str | None:
    """The licence that a forge recognises; where it does not, that is no licence's name."""
    return None if spdx in {None, "NOASSERTION"} else spdx


def ticket(node: Node, kind: Kind) -> Ticket:
    """An issue or pull request, with the comments and reviews that came along."""
    is_request = kind == "change_request"
    return Ticket(
        kind=kind,
        number=node["number"],
        forge_id=str(node.get("fullDatabaseId") or node["id"]),
        author=actor(node),
        state=node["state"].lower(),
        opened_at=certain(node["createdAt"]),
        closed_at=moment(node["closedAt"]),
        updated_at=certain(node["updatedAt"]),
        comment_count=node["comments"]["totalCount"],
        labels=() if is_request else tuple(label["name"] for label in (node["labels"] or {"nodes": ()})["nodes"]),
        is_draft=is_request and node["isDraft"],
        merged_at=moment(node["mergedAt"]) if is_request else None,
        merged_by=_who(node["mergedBy"], None) if is_request else None,
        merge_sha=(node["mergeCommit"] or {}).get("oid") if is_request else None,
        base_branch=node["baseRefName"] if is_request else None,
        remarks=remarks(node["comments"]["nodes"]),
        reviews=reviews(node["reviews"]["nodes"]) if is_request and node["reviews"] else (),
    )


def remarks(nodes: Iterable[Node]) -> tuple[Remark, ...]:
    """Comments."""
    return tuple(Remark(actor(node), certain(node["createdAt"])) for node in nodes)


def reviews(nodes: Iterable[Node]) -> tuple[ReviewSaid, ...]:
    """Reviews that were handed in."""
    return tuple(
        ReviewSaid(node["id"], actor(node), node["state"].lower(), moment(node["submittedAt"]))
        for node in nodes
        if node["state"] != "PENDING"
    )


def actor(node: Node) -> Actor | None:
    """Who wrote something, and whether the owner's organisation counts them in."""
    return _who(node["author"], node.get("authorAssociation") in _MEMBERS)


def _who(found: Node | None, is_member: bool | None) -> Actor | None:
    if found is None:
        return None
    return Actor(found["login"], found["__typename"] == "Bot", found.get("company"), is_member)


def _release(node: Node) -> dict[str, Any]:
    return {
        "name": node["tagName"],
        "released_at": moment(node["publishedAt"]),
        "sha": (node["tagCommit"] or {}).get("oid"),
        "is_prerelease": node["isPrerelease"],
    }


def _fork(repository: str, node: Node) -> dict[str, Any]:
    return {
        "repository": repository,
        "fork": repository_id(node["url"]),
        "created_at": moment(node["createdAt"]),
        "pushed_at": moment(node["pushedAt"]),
        "star_count": node["stargazerCount"],
        "is_archived": node["isArchived"],
    }
