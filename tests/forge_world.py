"""A small place on a forge, told as GitHub or as GitLab tells it: the same people, issues and requests for both."""

import itertools
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal

Kind = Literal["issue", "change_request"]
START = datetime(2024, 1, 1, 9)  # noqa: DTZ001 (moments are UTC without a zone)


@dataclass(frozen=True)
class Person:
    login: str
    is_bot: bool = False
    company: str | None = None


ANN, BO, CY = Person("Ann-Dal", company="Town of Example"), Person("bo"), Person("cy")
ROBOT = Person("renovate", is_bot=True)
GHOST = None
Who = Person | None


@dataclass(frozen=True)
class Item:
    """An issue or change request; moments are hours after START."""

    kind: Kind
    number: int
    author: Who
    opened: float
    closed: float | None = None
    merged: float | None = None
    merged_by: Who = None
    updated: float | None = None
    comments: tuple[tuple[Who, float], ...] = ()
    reviews: tuple[tuple[Who, str, float], ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        if self.merged is not None:
            return "merged"
        return "open" if self.closed is None else "closed"

    @property
    def changed(self) -> float:
        moments = [self.opened, *(at for _, at in self.comments), *(at for *_, at in self.reviews)]
        moments += [at for at in (self.closed, self.merged, self.updated) if at is not None]
        return max(moments)


@dataclass
class World:
    """What a forge has of one repository."""

    items: list[Item] = field(default_factory=list)
    path: str = "town/app"
    forge_id: int = 4711
    releases: tuple[tuple[str, float], ...] = (("v1.0.0", 100.0),)
    forks: tuple[str, ...] = ("county/app",)
    stars: int = 12

    def change(self, number: int, **values: Any) -> None:
        self.items = [replace(item, **values) if item.number == number else item for item in self.items]

    def listed(self, kind: Kind, *, by_update: bool, since: datetime | None) -> list[Item]:
        found = [item for item in self.items if item.kind == kind]
        if since:
            found = [item for item in found if at(item.changed) >= since]
        return sorted(found, key=lambda i: (-i.changed, -i.number) if by_update else (i.opened, i.number))

    def total(self, kind: Kind) -> int:
        return sum(item.kind == kind for item in self.items)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def stamp(hours: float | None) -> str | None:
    return None if hours is None else f"{at(hours).isoformat(timespec='seconds')}Z"


def small_world() -> World:
    """Every peculiar thing once; 1 to 7 are issues, 11 to 18 change requests."""
    issue, request = partial(Item, "issue"), partial(Item, "change_request")
    return World(
        [
            issue(1, ANN, 0, comments=((ANN, 1), (BO, 5), (CY, 6)), labels=("bug",)),  # answered after 5 hours
            issue(2, BO, 10, closed=30),  # nobody answered
            issue(3, GHOST, 20, comments=((GHOST, 21), (CY, 24))),  # its author's account is gone
            issue(4, ANN, 30, comments=((ROBOT, 30.1), (BO, 40))),  # a bot answers first
            issue(5, ANN, 40, comments=(*((ANN, 40 + n / 100) for n in range(1, 251)), (BO, 99))),  # late
            issue(6, ROBOT, 50, comments=((ANN, 51),)),  # opened by a bot
            issue(7, CY, 60, comments=((BO, 61),)),
            request(11, ANN, 70, merged=90, merged_by=BO, reviews=((BO, "approved", 80),)),
            request(12, BO, 71, merged=72, merged_by=BO),  # merged by its author, without description or answer
            request(13, CY, 73, closed=80, comments=((ANN, 75),)),
            request(14, ANN, 74, updated=120, comments=((BO, 76),)),  # closed and opened again
            request(
                15, BO, 75, merged=99, merged_by=ANN, reviews=((ANN, "changes_requested", 77), (CY, "approved", 98))
            ),
            request(16, ROBOT, 76, merged=79, merged_by=ANN, reviews=((ANN, "approved", 78),)),
            request(17, GHOST, 77, closed=78),
            request(18, CY, 78),
        ]
    )


def large_world(count: int) -> World:
    """So many issues and as many change requests with reviews, opened an hour apart."""
    people = [Person(f"person-{n}") for n in range(50)]
    turn = itertools.cycle(people)
    items = []
    for n in range(count):
        author, other, third = next(turn), next(turn), next(turn)
        items.append(Item("issue", 2 * n + 1, author, n, closed=n + 30, comments=((other, n + 2.0), (author, n + 3.0))))
        reviews = ((other, "approved", n + 5.0), (third, "changes_requested", n + 4.0))
        comments = ((third, n + 6.0),)
        merged: dict[str, Any] = {"merged": n + 9.0, "merged_by": other}
        items.append(Item("change_request", 2 * n + 2, author, n, comments=comments, reviews=reviews, **merged))
    return World(items)
