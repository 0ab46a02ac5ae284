"""Is this open source all the way down? One sentence: yes, no (because of …), or not known (because of …)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

NO_MANIFEST = "no file names a component that it needs"
NOT_COLLECTED = "its dependencies were not collected yet"
_MOST_NAMED = 3

Own = Literal["approved", "open", "non-open", "unknown", "none"]
"""The state of a repository's own licence; none where it has no licence."""


@dataclass(frozen=True)
class Down:
    """What the answer rests on: what runs and what builds, each package once."""

    needed_count: int
    unknown_count: int
    """Of them, those whose openness is not known."""
    closed: Sequence[str] = ()
    """Names of what is not open, each perhaps with why in brackets."""
    unreadable: Sequence[str] = ()
    """Files that could not be read."""
    own: Own = "unknown"
    own_name: str = ""
    without_licence: Sequence[str] = ()
    """Repositories without one, where there are several."""
    unread: Sequence[str] = ()
    """Repositories of which no file could be read, though others could."""
    uncollected: Sequence[str] = ()
    """Repositories whose dependencies nobody has looked for yet."""


@dataclass(frozen=True)
class Answer:
    """The answer and the sentence's other half."""

    label: Literal["yes", "no", "not known"]
    because: str


def answer(down: Down) -> Answer:
    """The answer. One thing that is closed is enough for no; one that is not known keeps it from being yes."""
    against = [*_own_closed(down)]
    if down.closed:
        against.append(f"{_named(down.closed)} {'is' if len(down.closed) == 1 else 'are'} not open source")
    if against:
        return Answer("no", _series(against) + (f" ({_unread(down)})" if down.unread else ""))
    if unknown := list(_unknown(down)):
        return Answer("not known", _series(unknown))
    return Answer("yes", f"{_all(down.needed_count)} and its own licence ({down.own_name}) are open source")


def _own_closed(down: Down) -> Sequence[str]:
    if down.own == "none":
        who, have, it = ("it", "has", "it") if len(down.without_licence) < 2 else ("", "have", "them")
        named = _named(down.without_licence) or who
        own = "" if down.without_licence else " of its own"
        return (f"{named} {have} no licence{own}, so nobody may use or change {it}",)
    return (f"its own licence ({down.own_name}) is not an open one",) if down.own == "non-open" else ()


def components_unknown(down: Down) -> str:
    """What is not known of the components, in half a sentence; empty where everything is."""
    return _series(_components_unknown(down))


def _unknown(down: Down) -> Sequence[str]:
    said = []
    if down.own == "unknown":
        said.append(f"its own licence{f' ({down.own_name})' if down.own_name else ''} is not known to be open")
    return [*said, *_components_unknown(down), *([_unread(down)] if down.unread else [])]


def _unread(down: Down) -> str:
    return f"{_named(down.unread)} could not be read"


def _components_unknown(down: Down) -> Sequence[str]:
    said = []
    if down.unknown_count == 1 == down.needed_count:
        said.append("the licence of the one component that it needs is not known")
    elif down.unknown_count == down.needed_count > 0:
        said.append(f"the licence of none of the {_count(down.needed_count)} components is known")
    elif down.unknown_count:
        said.append(
            f"the licence of {_count(down.unknown_count)} of {_count(down.needed_count)} components is not known"
        )
    if len(down.unreadable) == 1:
        said.append(f"{down.unreadable[0]} cannot be read")
    elif down.unreadable:
        said.append(f"{len(down.unreadable)} files that name components cannot be read")
    if down.uncollected and (down.needed_count or down.unreadable):
        said.append(f"the dependencies of {_series(down.uncollected)} were not collected yet")
    elif not down.needed_count and not down.unreadable:
        said.append(NOT_COLLECTED if down.uncollected else NO_MANIFEST)
    return said


def _all(count: int) -> str:
    return (
        "the one component that it runs on"
        if count == 1
        else f"all {_count(count)} components that it runs on or builds with"
    )


def _count(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")


def _named(closed: Sequence[str]) -> str:
    """A few names, and how many others there are."""
    names, more = list(closed[:_MOST_NAMED]), len(closed) - _MOST_NAMED
    if more > 0:
        return f"{', '.join(names)} and {more} {'other' if more == 1 else 'others'}"
    return _series(names)


def _series(items: Sequence[str]) -> str:
    return "".join(items) if len(items) < 2 else f"{', '.join(items[:-1])} and {items[-1]}"
