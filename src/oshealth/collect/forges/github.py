"""GitHub and GitHub Enterprise, through PyGithub: GraphQL with a token; see github_rest.py for none.

PyGithub follows redirects on the same host only, and sends the token to no other.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from oshealth.collect.forges import github_rows
from oshealth.collect.forges.accounts import Accounts
from oshealth.collect.forges.answers import NO_JSON, UNREADABLE, Answer, Asked, ForgeError, Overview, Page, Rows
from oshealth.collect.forges.asking import PAGE, PageSize, query_text
from oshealth.collect.forges.paging import MOST_PAGES, NOT_MOVING, moved
from oshealth.collect.forges.persistence import TOO_COMPLEX, persist
from oshealth.collect.forges.rows import Ticket, answered_at, needs_more_remarks, rows_of
from oshealth.collect.forges.way import APP_VARIABLES, App, Way
from oshealth.facts import Gap

if TYPE_CHECKING:
    from github.Auth import AppAuth
    from github.Requester import HTTPRequestsConnectionClass, HTTPSRequestsConnectionClass, Requester

_MOST_FOLLOW_UPS = 200
_AGENT = "oshealth"


def connect(way: Way) -> "Requester":
    """The library's requester. Nothing is sent yet."""
    from github import Auth, Github  # noqa: PLC0415
    from github.Requester import Requester  # noqa: PLC0415

    auth: Auth.Auth | None = Auth.Token(way.token) if way.token else None
    if way.app:
        auth = _app(way.app).get_installation_auth(way.app.installation)
    seconds = way.patience.read_seconds
    options = {"user_agent": _AGENT, "timeout": seconds, "per_page": PAGE, "retry": None, "lazy": True}
    # The library takes every query for a write, and would wait a second after each; our own pace is kept instead.
    calm = {"seconds_between_requests": None, "seconds_between_writes": None}
    with _CONNECTING:
        # Those who ask an App for its token are made along with the library, and keep what is set now.
        Requester.injectConnectionClasses(*_connections(way.api))
        try:
            library = Github(base_url=way.api, auth=auth, **options, **calm)  # type: ignore[arg-type]
        finally:
            Requester.resetConnectionClasses()
    return library.requester


_CONNECTING = threading.Lock()


def _app(app: App) -> "AppAuth":
    from github import Auth  # noqa: PLC0415

    made = Auth.AppAuth(app.id, app.key)
    try:
        made.create_jwt()
    except Exception:  # noqa: BLE001 (whatever it says of the key is not repeated)
        raise ForgeError("bad_token", f"{APP_VARIABLES[2]} holds no private key that can be read.") from None
    return made


def _connections(api: str) -> tuple[type["HTTPRequestsConnectionClass"], type["HTTPSRequestsConnectionClass"]]:
    """The library's connections, plain and by TLS, with a session of our own."""
    from github.Requester import HTTPRequestsConnectionClass, HTTPSRequestsConnectionClass  # noqa: PLC0415

    from oshealth.collect.forges.transport import mounted  # noqa: PLC0415

    class Plain(HTTPRequestsConnectionClass):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.session = mounted(api)

    class Secure(HTTPSRequestsConnectionClass):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.session = mounted(api)

    return Plain, Secure


@dataclass
class GitHub:
    """A forge with a token: everything by GraphQL."""

    way: Way
    requester: "Requester"
    accounts: Accounts
    repository: str
    """The repository's id in the facts, which its rows bear."""
    kind: str = "github"
    gaps: tuple[Gap, ...] = ()
    page_size: PageSize = field(default_factory=PageSize)

    def overview(self, path: str, known: Mapping[str, Any]) -> Overview:  # noqa: ARG002 (others have a use for it)
        """One request, and one more for each further hundred releases."""
        answer = self._ask("github_overview", _named(path))
        found = _repository(answer)
        nodes, page = list(found["releases"]["nodes"]), found["releases"]["pageInfo"]
        for _ in range(MOST_PAGES):
            if not page["hasNextPage"]:
                break
            more = _repository(self._ask("github_releases", {**_named(path), "after": page["endCursor"]}))["releases"]
            page = _moving(page, more["pageInfo"])
            nodes += more["nodes"]
        else:
            raise ForgeError("incomplete", NOT_MOVING)
        return github_rows.overview(found, nodes, self.repository, answered_at(answer))

    def page(self, asked: Asked, cursor: str | None) -> Page:
        """One request for a hundred; more for those whose first answer lies beyond their first comments."""
        listed = "issues" if asked.kind == "issue" else "pullRequests"
        found = _repository(self._listing(asked, cursor))
        listing = found[listed]
        rows: Rows = {}
        is_past = False
        for node in listing["nodes"]:
            ticket = github_rows.ticket(node, asked.kind)
            if asked.since and ticket.updated_at < asked.since:
                is_past = True
                continue
            for table, made in rows_of(self._completed(ticket, node), self.repository, self.accounts).items():
                rows.setdefault(table, []).extend(made)
        has_next = listing["pageInfo"]["hasNextPage"] and not is_past
        following = moved(cursor, listing["pageInfo"]["endCursor"]) if has_next else None
        return Page(rows, following, found["all"]["totalCount"])

    def _listing(self, asked: Asked, cursor: str | None) -> Answer:
        order = {"field": "UPDATED_AT", "direction": "DESC"} if asked.since else _BY_OPENING
        variables = {**_named(asked.path), "after": cursor, "order": order}
        if asked.kind == "issue":
            variables["since"] = f"{asked.since.isoformat()}Z" if asked.since else None
        name = "github_issues" if asked.kind == "issue" else "github_change_requests"
        return self.page_size.shrinking(lambda count: self._ask(name, {**variables, "first": count}))

    def _completed(self, ticket: Ticket, node: Mapping[str, Any]) -> Ticket:
        """The ticket with all reviews, and with comments up to the first answer."""
        page = (node.get("reviews") or {}).get("pageInfo") or {"hasNextPage": False}
        for _ in range(MOST_PAGES):
            if not page["hasNextPage"]:
                break
            more = self._more("github_reviews", node["id"], page)["reviews"]
            page = _moving(page, more["pageInfo"])
            ticket = ticket.with_more(reviews=github_rows.reviews(more["nodes"]))
        else:
            raise ForgeError("incomplete", NOT_MOVING)
        page = node["comments"]["pageInfo"]
        for _ in range(_MOST_FOLLOW_UPS):
            if not page["hasNextPage"] or not needs_more_remarks(ticket, self.accounts):
                break
            more = self._more("github_comments", node["id"], page)["comments"]
            page = _moving(page, more["pageInfo"])
            ticket = ticket.with_more(remarks=github_rows.remarks(more["nodes"]))
        return ticket

    def _more(self, query: str, node: str, page: Mapping[str, Any]) -> Any:
        found = self._ask(query, {"id": node, "after": page["endCursor"]}).body["data"]["node"]
        if found is None:
            raise ForgeError("incomplete", "An issue or request vanished while it was read; the next run tries again.")
        return found

    def _ask(self, name: str, variables: Mapping[str, Any]) -> Answer:
        if self.way.app:
            self._be_the_app()
        text = query_text(name)
        ask = lambda: answer_of(lambda: self.requester.graphql_query(text, dict(variables)))  # noqa: E731
        answer = persist(self.way, ask)
        if not isinstance(answer.body, dict) or not isinstance(answer.body.get("data"), dict):
            raise ForgeError("unreadable", UNREADABLE)
        return answer

    def _be_the_app(self) -> None:
        """Let the library ask for the App's token, unless it has one that is still good."""
        try:
            persist(self.way, lambda: answer_of(lambda: ({}, self.requester.auth.token and None)))  # type: ignore[union-attr]
        except ForgeError as error:
            if error.reason not in {"http_401", "http_403", "http_404"}:
                raise
            raise ForgeError(
                "bad_token", f"The forge gives the App no token: check {', '.join(APP_VARIABLES)}."
            ) from None


_BY_OPENING = {"field": "CREATED_AT", "direction": "ASC"}


def answer_of(ask: Callable[[], tuple[Mapping[str, Any], Any]]) -> Answer:
    """What the library returns or raises, as an answer. Nothing that it raises is shown: it may hold what was sent."""
    from github import GithubException  # noqa: PLC0415
    from requests import RequestException  # noqa: PLC0415

    from oshealth.collect.forges.transport import fault_of  # noqa: PLC0415

    try:
        headers, body = ask()
    except GithubException as error:
        return _failed(error.status, error.headers or {}, error.data)
    except RequestException as error:
        return Answer(0, fault=fault_of(error))
    except (RecursionError, TypeError, AttributeError, LookupError, AssertionError):
        # The library takes more for granted than a server must keep.
        raise ForgeError("unreadable", UNREADABLE) from None
    except ValueError:
        return Answer(0, fault=NO_JSON)
    return Answer(200, dict(headers), body)


def _failed(status: int, headers: Mapping[str, Any], body: Any) -> Answer:
    """An error; those of GraphQL come with status 200, which the library calls 400, and may come beside some data."""
    errors = body.get("errors") if isinstance(body, dict) else None
    if not errors or not isinstance(errors, list) or not isinstance(errors[0], dict):
        return Answer(status, dict(headers), body)
    told = [error for error in errors if isinstance(error, dict)]
    kinds = {str(error.get("type")) for error in told}
    said = {"message": str(errors[0].get("message"))}
    if _SPENT in said["message"].lower():
        return Answer(429, dict(headers), said)
    if "NOT_FOUND" in kinds and not any(error.get("path") in _WHOLE for error in told):
        raise ForgeError("incomplete", "The forge leaves out a part of what was asked for; the next run tries again.")
    for kind, meant in _MEANT.items():
        if kind in kinds:
            return Answer(meant, dict(headers), said)
    # A query that took too long is told as an error without a type.
    return Answer(502 if kinds == {"None"} else status, dict(headers), said)


_SPENT = "rate limit"
_WHOLE = (None, ["repository"])
"""Where an error about all that was asked for stands; one of a part says nothing of the repository."""
_MEANT = {
    "RATE_LIMITED": 429,
    "RATE_LIMIT": 429,
    "RESOURCE_LIMITS_EXCEEDED": TOO_COMPLEX,
    "MAX_NODE_LIMIT_EXCEEDED": TOO_COMPLEX,
    "SERVICE_UNAVAILABLE": 503,
    "NOT_FOUND": 404,
    "FORBIDDEN": 403,
}


def _named(path: str) -> dict[str, Any]:
    owner, _, name = path.partition("/")
    return {"owner": owner, "name": name}


def _repository(answer: Answer) -> Any:
    found = answer.body["data"].get("repository")
    if found is None:
        raise ForgeError("http_404", "The forge knows no repository at this address, or does not show it.")
    return found


def _moving(before: Mapping[str, Any], now: Mapping[str, Any]) -> Mapping[str, Any]:
    if now["hasNextPage"]:
        moved(before["endCursor"], now["endCursor"])
    return now
