"""From GitLab's answers to rows: pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from oshealth.collect.forges.accounts import Actor
from oshealth.collect.forges.answers import NO_ISSUES, Kind, Row, Rows, fork_gaps
from oshealth.collect.forges.releases import releases
from oshealth.collect.forges.rows import Remark, ReviewSaid, Ticket, certain, moment
from oshealth.facts import Gap
from oshealth.sources import repository_id

Node = Mapping[str, Any]
FORKS = {"per_page": 100, "order_by": "last_activity_at", "sort": "desc"}
_NONE: Node = {"nodes": ()}
_STATES = {"opened": "open", "locked": "open", "closed": "closed", "merged": "merged"}
_REVIEWS = {"approved": "approved", "requested_changes": "changes_requested", "unapproved": "dismissed"}
_SPDX = {"mit": "MIT", "apache-2.0": "Apache-2.0", "eupl-1.2": "EUPL-1.2", "agpl-3.0": "AGPL-3.0", "mpl-2.0": "MPL-2.0"}


def project(found: Node) -> Row:
    """Columns of `facts.forge.FORGE_REPOSITORY` of the answer to /projects/:id."""
    licence = str((found.get("license") or {}).get("key") or "")
    return {
        "forge_id": str(found["id"]),
        "url": found["web_url"],
        "is_archived": found.get("archived"),
        "default_branch": found.get("default_branch"),
        "licence": _SPDX.get(licence, licence.upper()) or None,
        "topics": list(found.get("topics") or ()),
        "star_count": found.get("star_count"),
        "fork_count": found.get("forks_count"),
    }


def issue_gaps(found: Node) -> Iterator[Gap]:
    """What this project does not tell."""
    if found.get("issues_access_level") == "disabled":
        yield NO_ISSUES
    yield from fork_gaps(found.get("forks_count") or 0)


def tables(released: Sequence[Node], forks: Sequence[Node], repository: str) -> Rows:
    """Rows of forge_release and fork."""
    return {
        "forge_release": releases(repository, map(_release, released)),
        "fork": [_fork(repository, node) for node in forks],
    }


def ticket(node: Node, kind: Kind) -> Ticket:
    """An issue or merge request, with the notes that came along."""
    is_request = kind == "change_request"
    return Ticket(
        kind=kind,
        number=int(node["iid"]),
        forge_id=str(node["id"]).rpartition("/")[2],
        author=_who(node["author"]),
        state=_STATES[node["state"]],
        opened_at=certain(node["createdAt"]),
        closed_at=moment(node["closedAt"]),
        updated_at=certain(node["updatedAt"]),
        comment_count=node["userNotesCount"],
        labels=() if is_request else tuple(label["title"] for label in (node["labels"] or _NONE)["nodes"]),
        is_draft=is_request and bool(node["draft"]),
        merged_at=moment(node["mergedAt"]) if is_request else None,
        merged_by=_who(node["mergeUser"]) if is_request else None,
        merge_sha=node["mergeCommitSha"] if is_request else None,
        base_branch=node["targetBranch"] if is_request else None,
        remarks=remarks(node["notes"]),
        reviews=reviews(node["notes"]) if is_request else (),
    )


def remarks(notes: Node) -> tuple[Remark, ...]:
    """What people wrote; the system's notes are none."""
    said = (note for note in notes["nodes"] if not note["system"])
    return tuple(Remark(_who(note["author"]), certain(note["createdAt"])) for note in said)


def reviews(notes: Node) -> tuple[ReviewSaid, ...]:
    """Approvals, and requests for changes: notes that the system writes."""
    return tuple(
        ReviewSaid(
            str(note["id"]).rpartition("/")[2], _who(note["author"]), _REVIEWS[action], moment(note["createdAt"])
        )
        for note in notes["nodes"]
        if (action := (note.get("systemNoteMetadata") or {}).get("action")) in _REVIEWS
    )


def _who(found: Node | None) -> Actor | None:
    return Actor(found["username"], bool(found["bot"]), found.get("organization")) if found else None


def _release(node: Node) -> Row:
    return {
        "name": node["tag_name"],
        "released_at": moment(node["released_at"]),
        "sha": (node.get("commit") or {}).get("id"),
        "is_prerelease": False,
    }


def _fork(repository: str, node: Node) -> Row:
    return {
        "repository": repository,
        "fork": repository_id(node["web_url"]),
        "created_at": moment(node["created_at"]),
        "pushed_at": moment(node["last_activity_at"]),
        "star_count": node.get("star_count"),
        "is_archived": node.get("archived"),
    }
