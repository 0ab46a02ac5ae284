"""GitHub without a token, by REST: sixty requests an hour for all repositories together.

One listing holds issues and pull requests, one all comments. Reviews would take a request each: they are a gap.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from oshealth.collect.forges import github_rest_rows
from oshealth.collect.forges.accounts import Accounts
from oshealth.collect.forges.answers import Answer, Asked, ForgeError, Overview, Page, Rows
from oshealth.collect.forges.github import answer_of
from oshealth.collect.forges.paging import MOST_PAGES, NOT_MOVING
from oshealth.collect.forges.persistence import persist
from oshealth.collect.forges.rows import Remark, answered_at, rows_of
from oshealth.collect.forges.way import Way
from oshealth.facts import Gap

if TYPE_CHECKING:
    from github.Requester import Requester

_PAGE = 100
_LAST = re.compile(r'[?&]page=(\d+)[^>]*>;\s*rel="last"')
_NEXT = re.compile(r'rel="next"')
_UNKNOWN = 60
_LONGEST_LINK = 4000
_A_FEW = 10
_Said = dict[int, tuple[Remark, ...]]
"""Comments by the number of what they are about."""


@dataclass
class GitHubRest:
    """A forge without a token."""

    way: Way
    requester: "Requester"
    accounts: Accounts
    repository: str
    kind: str = "github"
    gaps: tuple[Gap, ...] = ()
    _left: int = _UNKNOWN
    _items: list[Any] | None = None
    _said: _Said = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Say what nobody is told without a token."""
        words = f"The forge tells them only with a token: set {self.way.variable}."
        self.gaps = (
            Gap("review", "no_token", f"Reviews and who merged are not known. {words}"),
            Gap("fork", "no_token", f"Forks are not known. {words}"),
        )

    def overview(self, path: str, known: Mapping[str, Any]) -> Overview:
        """Two requests; one that costs nothing where the repository is as it was."""
        answer = self._get(f"/repos/{path}", {}, known.get("etag") if known.get("status") == "ok" else None)
        if answer.status == 304:
            return Overview({}, path, {}, read_at=answered_at(answer))
        found = answer.body
        released = self._list(f"/repos/{found['full_name']}/releases", {})
        row = {**github_rest_rows.repository(found), "etag": answer.headers.get("etag")}
        rows: Rows = {"forge_release": github_rest_rows.released(released, self.repository)}
        gaps = github_rest_rows.issue_gaps(found)
        return Overview(row, found["full_name"], rows, gaps, answered_at(answer))

    def page(self, asked: Asked, cursor: str | None) -> Page:  # noqa: ARG002 (everything is one page)
        """All that changed: one request for a hundred, for issues and pull requests together."""
        if self._items is None:
            self._items, self._said = self._read(asked)
        rows: Rows = {}
        for item in self._items:
            if ("pull_request" in item) != (asked.kind == "change_request"):
                continue
            ticket = github_rest_rows.ticket(item, asked.kind, self._said.get(item["number"], ()))
            for table, made in rows_of(ticket, self.repository, self.accounts).items():
                rows.setdefault(table, []).extend(made)
        if asked.kind == "change_request":
            # A review may have come before the first comment: nobody knows.
            rows["response"] = []
        return Page(rows, None)

    def _read(self, asked: Asked) -> tuple[list[Any], _Said]:
        """What changed, and what was said of it: of a few issues by themselves, of many with everything."""
        path = f"/repos/{asked.path}/issues"
        order = {"state": "all", "direction": "asc", "sort": "updated" if asked.since else "created"}
        items = self._list(path, {**order, **({"since": f"{asked.since.isoformat()}Z"} if asked.since else {})})
        answered = [item["number"] for item in items if item["comments"] and "pull_request" not in item]
        if asked.since and len(answered) <= _A_FEW:
            return items, {number: self._said_of(f"{path}/{int(number)}/comments") for number in answered}
        comments = self._list(f"{path}/comments", {"sort": "created", "direction": "asc"})
        return items, github_rest_rows.by_number(comments)

    def _said_of(self, path: str) -> tuple[Remark, ...]:
        return tuple(remark for said in github_rest_rows.by_number(self._list(path, {})).values() for remark in said)

    def repositories(self, group: str) -> list[str]:
        """The addresses of an organisation's or a person's public repositories, without forks."""
        found = self._list(f"/users/{group}/repos", {"type": "owner", "sort": "full_name"})
        return [repository["html_url"] for repository in found if not repository["fork"]]

    def _list(self, path: str, parameters: Mapping[str, Any]) -> list[Any]:
        """All pages, if as many requests are left."""
        found: list[Any] = []
        for number in range(1, MOST_PAGES + 1):
            answer = self._get(path, {**parameters, "per_page": _PAGE, "page": number})
            found += answer.body
            link = answer.headers.get("link", "")[:_LONGEST_LINK]
            if not _NEXT.search(link):
                return found
            last = _LAST.search(link)
            if (int(last[1]) if last else number + 1) - number > self._left:
                raise _too_many(self.way.variable)
        raise ForgeError("incomplete", NOT_MOVING)

    def _get(self, path: str, parameters: Mapping[str, Any], etag: str | None = None) -> Answer:
        headers = {"If-None-Match": etag} if etag else {}
        requester = self.requester
        ask = lambda: answer_of(lambda: requester.requestJsonAndCheck("GET", path, dict(parameters), headers))  # noqa: E731
        try:
            answer = persist(self.way, ask)
        except ForgeError as error:
            raise _too_many(self.way.variable) if error.reason == "rate_limited" else error from None
        if etag and answer.body is None:
            # The library has no word for "not modified": an empty body tells.
            return Answer(304, answer.headers)
        left = answer.headers.get("x-ratelimit-remaining", "")
        self._left = int(left) if re.fullmatch(r"[0-9]{1,9}", left) else self._left - 1
        return answer


def _too_many(variable: str) -> ForgeError:
    detail = (
        "Without a token the forge answers sixty requests an hour, and reading this repository needs more: "
        f"set {variable}."
    )
    return ForgeError("no_token", detail)
