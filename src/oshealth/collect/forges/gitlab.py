"""GitLab, hosted or self-hosted, through python-gitlab; public projects need no token.

Issues and merge requests come by GraphQL, whose pages are keysets; what it does not tell, by REST. The session knows
one host only: a redirect to another ends there, before anything is sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from oshealth.collect.forges import gitlab_rows
from oshealth.collect.forges.accounts import Accounts
from oshealth.collect.forges.answers import NO_JSON, UNREADABLE, Answer, Asked, ForgeError, Overview, Page, Rows
from oshealth.collect.forges.asking import PAGE, PageSize, query_text
from oshealth.collect.forges.paging import MOST_PAGES, NOT_MOVING, moved
from oshealth.collect.forges.persistence import TOO_COMPLEX, persist, refusal
from oshealth.collect.forges.rows import Ticket, answered_at, needs_more_remarks, rows_of
from oshealth.collect.forges.way import Way
from oshealth.facts import Gap

if TYPE_CHECKING:
    import gitlab
    import requests

_MOST_FOLLOW_UPS = 200
_UNCOUNTED = 1001
"""GitLab counts some listings no further than to a thousand, and one more means that there are more."""
_LONGEST_ERROR = 10_000
_UNKNOWN_FIELD = ("undefinedField", "argumentNotAccepted", "doesn't exist on type", "doesn't accept argument")
_FIELDS = {"issue": "issues", "change_request": "mergeRequests"}


@dataclass
class Connection:
    """The library, and the headers of its last answer, which its errors do not tell."""

    library: "gitlab.Gitlab"
    headers: dict[str, str] = field(default_factory=dict)

    def hear(self, response: "requests.Response", *_: object, **__: object) -> None:
        """Keep the headers."""
        self.headers = {name.lower(): value for name, value in response.headers.items()}


def connect(way: Way) -> Connection:
    """The library with a session for one host. Nothing is sent yet."""
    import gitlab  # noqa: PLC0415

    from oshealth.collect.forges.transport import mounted  # noqa: PLC0415

    session = mounted(way.api)
    made = gitlab.Gitlab(way.api, private_token=way.token, session=session, timeout=way.patience.read_seconds)
    connection = Connection(made)
    session.hooks["response"].append(connection.hear)
    return connection


@dataclass
class GitLab:
    """A GitLab, with a token or without."""

    way: Way
    connection: Connection
    accounts: Accounts
    repository: str
    kind: str = "gitlab"
    gaps: tuple[Gap, ...] = ()
    page_size: PageSize = field(default_factory=PageSize)

    def overview(self, path: str, known: Mapping[str, Any]) -> Overview:
        """One request where nothing changed since `known`; else releases and forks, too."""
        etag = known.get("etag") if known.get("status") == "ok" else None
        project = f"/projects/{quote(path, safe='')}"
        answer = self._get(project, {"license": True}, etag)
        if answer.status == 304:
            return Overview({}, path, {}, read_at=answered_at(answer))
        found = answer.body
        gaps = [*gitlab_rows.issue_gaps(found)]
        released = self._list(f"/projects/{found['id']}/releases", {})
        forks = self._get(f"/projects/{found['id']}/forks", gitlab_rows.FORKS).body if found["forks_count"] else []
        rows: Rows = gitlab_rows.tables(released, forks, self.repository)
        row = {**gitlab_rows.project(found), "etag": answer.headers.get("etag")}
        return Overview(row, found["path_with_namespace"], rows, tuple(gaps), answered_at(answer))

    def page(self, asked: Asked, cursor: str | None) -> Page:
        """One request for a hundred; more for those with many notes."""
        order = "UPDATED_DESC" if asked.since else "CREATED_ASC"
        since = f"{asked.since.isoformat()}Z" if asked.since else None
        variables = {"path": asked.path, "after": cursor, "since": since, "order": order}
        query = "gitlab_issues" if asked.kind == "issue" else "gitlab_change_requests"
        found = self.page_size.shrinking(lambda count: self._project(query, {**variables, "first": count}))
        listing = found[_FIELDS[asked.kind]]
        rows: Rows = {}
        for node in listing["nodes"]:
            ticket = self._completed(gitlab_rows.ticket(node, asked.kind), node, asked.path)
            for table, made in rows_of(ticket, self.repository, self.accounts).items():
                rows.setdefault(table, []).extend(made)
        page = listing["pageInfo"]
        count = found["all"]["count"]
        total = None if count == _UNCOUNTED else count
        return Page(rows, moved(cursor, page["endCursor"]) if page["hasNextPage"] else None, total)

    def repositories(self, group: str) -> list[str]:
        """The addresses of a group's public projects, those of its subgroups too, without forks."""
        wanted = {"include_subgroups": True, "with_shared": False, "visibility": "public", "order_by": "id"}
        found = self._list(f"/groups/{quote(group, safe='')}/projects", wanted)
        return [project["web_url"] for project in found if not project.get("forked_from_project")]

    def _completed(self, ticket: Ticket, node: Mapping[str, Any], path: str) -> Ticket:
        """The ticket with its first answer; a merge request with all notes, since approvals are among them."""
        page, variables = node["notes"]["pageInfo"], {"path": path, "iid": str(node["iid"])}
        for _ in range(_MOST_FOLLOW_UPS):
            is_settled = ticket.kind == "issue" and not needs_more_remarks(ticket, self.accounts)
            if not page["hasNextPage"] or is_settled:
                break
            more = self._project(f"gitlab_{ticket.kind}_notes", {**variables, "after": page["endCursor"]})["subject"]
            if more["notes"]["pageInfo"]["hasNextPage"]:
                moved(page["endCursor"], more["notes"]["pageInfo"]["endCursor"])
            page = more["notes"]["pageInfo"]
            ticket = ticket.with_more(gitlab_rows.remarks(more["notes"]), gitlab_rows.reviews(more["notes"]))
        return ticket

    def _project(self, query: str, variables: Mapping[str, Any]) -> Any:
        body = {"query": query_text(query), "variables": dict(variables)}
        library = self.connection.library
        ask = partial(library.http_request, "post", f"{library.url}/api/graphql", post_data=body)
        answer = self._persist(ask)
        found = answer.body["data"]["project"]
        if found is None:
            raise refusal(Answer(404), self.way)
        return found

    def _get(self, path: str, parameters: Mapping[str, Any], etag: str | None = None) -> Answer:
        headers = {"If-None-Match": etag} if etag else None
        ask = partial(self.connection.library.http_request, "get", path, dict(parameters), extra_headers=headers)
        return self._persist(ask)

    def _list(self, path: str, parameters: Mapping[str, Any]) -> list[Any]:
        """All pages of a listing by REST."""
        found: list[Any] = []
        for number in range(1, MOST_PAGES + 1):
            answer = self._get(path, {**parameters, "per_page": PAGE, "page": number})
            found += answer.body
            if not answer.headers.get("x-next-page"):
                return found
        raise ForgeError("incomplete", NOT_MOVING)

    def _persist(self, ask: partial["requests.Response"]) -> Answer:
        return persist(self.way, lambda: _answer_of(self.connection, ask))


def _answer_of(connection: Connection, ask: partial["requests.Response"]) -> Answer:
    """What the library returns or raises, as an answer; its own retries and waits are switched off."""
    import gitlab  # noqa: PLC0415
    import requests  # noqa: PLC0415

    from oshealth.collect.forges.transport import fault_of  # noqa: PLC0415

    connection.headers = {}
    try:
        response = ask(max_retries=0, obey_rate_limit=False, retry_transient_errors=False)
        body = response.json()
    except RecursionError:
        raise ForgeError("unreadable", UNREADABLE) from None
    except gitlab.GitlabError as error:
        return Answer(error.response_code or 0, connection.headers, {"message": str(error.error_message)})
    except requests.JSONDecodeError:
        return Answer(0, fault=NO_JSON)
    except requests.RequestException as error:
        return Answer(0, fault=fault_of(error))
    errors = body.get("errors") if isinstance(body, dict) else None
    if errors:
        # Beside some of what was asked for, too: what is missing there is not told apart from what there is not.
        return _refused(str(errors)[:_LONGEST_ERROR], connection)
    return Answer(response.status_code, connection.headers, body)


def _refused(said: str, connection: Connection) -> Answer:
    """What errors of GraphQL mean, whose answers have the status 200."""
    if any(words in said for words in _UNKNOWN_FIELD):
        raise ForgeError("too_old", "This GitLab is older than what is asked of it: it lacks a field.")
    # A query that took too long is told in words that change.
    return Answer(TOO_COMPLEX if "complexity" in said else 502, connection.headers)
