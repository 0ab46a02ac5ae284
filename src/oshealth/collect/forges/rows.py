"""From what both forges tell of an issue or request to the rows of the tables: pure, and the same for both."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from oshealth.collect.forges.accounts import Account, Accounts, Actor
from oshealth.collect.forges.answers import Answer, Kind, Row, Rows


@dataclass(frozen=True)
class Remark:
    """A comment, a review or a merge: something that answers."""

    actor: Actor | None
    at: datetime


@dataclass(frozen=True)
class ReviewSaid:
    """A review that was handed in."""

    id: str
    actor: Actor | None
    state: str
    at: datetime | None


@dataclass(frozen=True)
class Ticket:
    """An issue or a change request."""

    kind: Kind
    number: int
    forge_id: str
    author: Actor | None
    state: str
    opened_at: datetime
    closed_at: datetime | None
    updated_at: datetime
    comment_count: int
    labels: tuple[str, ...] = ()
    is_draft: bool = False
    merged_at: datetime | None = None
    merged_by: Actor | None = None
    merge_sha: str | None = None
    base_branch: str | None = None
    remarks: tuple[Remark, ...] = ()
    """Comments in their order, as far as they were read."""
    reviews: tuple[ReviewSaid, ...] = ()

    def with_more(self, remarks: tuple[Remark, ...] = (), reviews: tuple[ReviewSaid, ...] = ()) -> "Ticket":
        """The same with what further pages told."""
        return replace(self, remarks=(*self.remarks, *remarks), reviews=(*self.reviews, *reviews))


def rows_of(ticket: Ticket, repository: str, accounts: Accounts) -> Rows:
    """The rows of one issue or request: itself, its reviews, its first answer, the profiles of who took part."""
    _check(ticket)
    ticket = _dated(ticket)
    author = accounts.of(ticket.author)
    rows: Rows = {ticket.kind: [_subject(ticket, repository, author, accounts)], "review": [], "response": []}
    for review in ticket.reviews:
        rows["review"].append(_review(review, ticket.number, repository, accounts.of(review.actor)))
    if (answer := first_answer(ticket, accounts)) is not None:
        known = {"repository": repository, "subject_kind": ticket.kind, "number": ticket.number}
        rows["response"].append({**known, "responder_account": accounts.of(answer.actor).id, "responded_at": answer.at})
    rows["profile"] = list(_profiles(ticket, repository, accounts))
    return rows


def first_answer(ticket: Ticket, accounts: Accounts) -> Remark | None:
    """The earliest remark, review or merge by a human other than the author."""
    author = accounts.of(ticket.author)
    given = [*ticket.remarks, *(Remark(review.actor, review.at) for review in ticket.reviews if review.at)]
    if ticket.merged_at and ticket.merged_by:
        given.append(Remark(ticket.merged_by, ticket.merged_at))
    answers = [remark for remark in given if is_other_human(accounts.of(remark.actor), author)]
    return min(answers, key=lambda remark: remark.at, default=None)


def is_other_human(who: Account, author: Account) -> bool:
    """Whether somebody is a human and not the author; of two deleted accounts nobody knows."""
    return who.kind != "bot" and (who.kind, who.id) != (author.kind, author.id)


def needs_more_remarks(ticket: Ticket, accounts: Accounts) -> bool:
    """Whether a comment not read yet may be the first answer: comments come in the order of their time."""
    answer = first_answer(ticket, accounts)
    return answer is None or not ticket.remarks or answer.at > ticket.remarks[-1].at


def moment(text: object) -> datetime | None:
    """A moment as forges write it, in UTC without a zone and to the second; None where there is none."""
    if not isinstance(text, str):
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (read.astimezone(UTC) if read.tzinfo else read).replace(tzinfo=None, microsecond=0)


def answered_at(answer: Answer) -> datetime | None:
    """When the forge answered, by its own clock."""
    try:
        return moment(parsedate_to_datetime(answer.headers["date"]).isoformat())
    except (KeyError, ValueError):
        return None


def certain(text: object) -> datetime:
    """The same where there must be one."""
    found = moment(text)
    if found is None:
        raise ValueError("a moment is missing")
    return found


def _check(ticket: Ticket) -> None:
    """Refuse what no forge means: the warehouse would not take it."""
    states = ("open", "closed") if ticket.kind == "issue" else ("open", "closed", "merged")
    is_sound = isinstance(ticket.number, int) and ticket.state in states
    if not is_sound or not all(review.id and review.state in _REVIEWS for review in ticket.reviews):
        raise ValueError("an issue, request or review of an unknown kind")


_REVIEWS = frozenset({"approved", "changes_requested", "commented", "dismissed"})


def _dated(ticket: Ticket) -> Ticket:
    """With moments of closing and merging, which GitLab lacks of long ago: it was last touched then, or later."""
    if ticket.state == "merged":
        merged_at = ticket.merged_at or ticket.closed_at or ticket.updated_at
        return replace(ticket, merged_at=merged_at, closed_at=ticket.closed_at or merged_at)
    closed_at = None if ticket.state == "open" else ticket.closed_at or ticket.updated_at
    return replace(ticket, merged_at=None, closed_at=closed_at)


def _subject(ticket: Ticket, repository: str, author: Account, accounts: Accounts) -> Row:
    row: Row = {
        "repository": repository,
        "number": ticket.number,
        "forge_id": ticket.forge_id,
        "author_account": author.id,
        "author_kind": author.kind,
        "state": ticket.state,
        "opened_at": ticket.opened_at,
        "closed_at": ticket.closed_at,
        "updated_at": ticket.updated_at,
        "comment_count": ticket.comment_count,
    }
    if ticket.kind == "issue":
        return {**row, "labels": list(ticket.labels)}
    return {
        **row,
        "is_draft": ticket.is_draft,
        "merged_at": ticket.merged_at,
        "merged_by_account": accounts.of(ticket.merged_by).id if ticket.merged_at else None,
        "merge_sha": ticket.merge_sha,
        "base_branch": ticket.base_branch,
    }


def _review(review: ReviewSaid, number: int, repository: str, reviewer: Account) -> Row:
    return {
        "repository": repository,
        "number": number,
        "review": review.id,
        "reviewer_account": reviewer.id,
        "reviewer_kind": reviewer.kind,
        "state": review.state,
        "submitted_at": review.at,
    }


def _profiles(ticket: Ticket, repository: str, accounts: Accounts) -> Iterator[Row]:
    actors = [ticket.author, ticket.merged_by, *(remark.actor for remark in ticket.remarks)]
    actors += [review.actor for review in ticket.reviews]
    for actor in actors:
        account = accounts.of(actor)
        if account.kind == "person" and (account.company or account.is_member):
            yield {
                "repository": repository,
                "account": account.id,
                "company": account.company,
                "is_member": account.is_member,
                "is_self_declared": account.company is not None,
                "seen_at": ticket.updated_at,
            }
