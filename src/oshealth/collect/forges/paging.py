"""Whether the pages of a listing make sense together: a server may link a page to itself, or never come to an end."""

from dataclasses import dataclass, field

from oshealth.collect.forges.answers import ForgeError, Kind, Page

MOST_ROWS = 200_000
"""Of one kind in one repository: the largest there are have half of it."""
MOST_PAGES = 100
"""Of listings that are short by nature: releases, the reviews of one request, an organisation's repositories."""
_MOST_WITHOUT_NEWS = 3
NOT_MOVING = "The forge's pages do not move on; the next run tries again."


@dataclass
class Paging:
    """What the pages of one listing have told so far."""

    kind: Kind
    _ids: dict[int, str] = field(default_factory=dict)
    _cursors: set[str] = field(default_factory=set)
    _without_news: int = 0

    def check(self, page: Page) -> None:
        """Take one more page.

        Raises:
            ForgeError: it was there before, nothing new came for some pages, or there are too many.
        """
        before = len(self._ids)
        for row in page.rows.get(self.kind, ()):
            if self._ids.setdefault(row["number"], row["forge_id"]) != row["forge_id"]:
                raise ForgeError("incomplete", "The forge tells of two by the same number; the next run tries again.")
        if page.cursor is None:
            return
        self._without_news = self._without_news + 1 if len(self._ids) == before else 0
        if page.cursor in self._cursors or self._without_news > _MOST_WITHOUT_NEWS:
            raise ForgeError("incomplete", NOT_MOVING)
        self._cursors.add(page.cursor)
        if len(self._ids) > MOST_ROWS:
            raise ForgeError("too_many", f"The forge tells of more than {MOST_ROWS:,}, which are not read.")


def moved(before: str | None, now: object) -> str:
    """The next cursor. One that stands still would be asked for without end."""
    if not now or not isinstance(now, str) or now == before:
        raise ForgeError("incomplete", NOT_MOVING)
    return now
