"""From GitHub's REST answers to rows: pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from oshealth.collect.forges.accounts import Actor
from oshealth.collect.forges.answers import NO_ISSUES, Kind, Row
from oshealth.collect.forges.github_rows import licence
from oshealth.collect.forges.releases import releases
from oshealth.collect.forges.rows import Remark, Ticket, certain, moment
from oshealth.facts import Gap

Node = Mapping[str, Any]
_MEMBERS = frozenset({"OWNER", "MEMBER"})


def repository(found: Node) -> Row:
    """Columns of `facts.forge.FORGE_REPOSITORY` of the answer to /repos/owner/name."""
    return {
        "forge_id": str(found["id"]),
        "url": found["html_url"],
        "is_archived": found["archived"],
        "default_branch": found["default_branch"],
        "licence": licence((found["license"] or {}).get("spdx_id")),
        "topics": list(found.get("topics") or ()),
        "star_count": found["stargazers_count"],
        "fork_count": found["forks_count"],
    }


def issue_gaps(found: Node) -> tuple[Gap, ...]:
    """What this repository does not tell."""
    return () if found["has_issues"] else (NO_ISSUES,)


def released(found: Iterable[Node], name: str) -> list[Row]:
    """Rows of forge_release; drafts are none."""
    named = [
        {
            "name": node["tag_name"],
            "released_at": moment(node["published_at"]),
            "sha": None,
            "is_prerelease": node["prerelease"],
        }
        for node in found
        if not node["draft"]
    ]
    return releases(name, named)


def by_number(comments: Iterable[Node]) -> dict[int, tuple[Remark, ...]]:
    """Comments by the number of what they answer."""
    found: dict[int, list[Remark]] = {}
    for comment in comments:
        number = int(comment["issue_url"].rpartition("/")[2])
        found.setdefault(number, []).append(Remark(_who(comment), certain(comment["created_at"])))
    return {number: tuple(said) for number, said in found.items()}


def ticket(item: Node, kind: Kind, said: tuple[Remark, ...]) -> Ticket:
    """An issue, or a pull request as the listing of issues tells it."""
    merged_at = moment((item.get("pull_request") or {}).get("merged_at"))
    return Ticket(
        kind=kind,
        number=item["number"],
        forge_id=str(item["id"]),
        author=_who(item),
        state="merged" if merged_at else item["state"],
        opened_at=certain(item["created_at"]),
        closed_at=moment(item["closed_at"]),
        updated_at=certain(item["updated_at"]),
        comment_count=item["comments"],
        labels=tuple(label if isinstance(label, str) else label["name"] for label in item["labels"]),
        is_draft=bool(item.get("draft")),
        merged_at=merged_at,
        remarks=said,
    )


def _who(node: Node) -> Actor | None:
    user = node["user"]
    if user is None:
        return None
    return Actor(user["login"], user["type"] == "Bot", None, node.get("author_association") in _MEMBERS)
