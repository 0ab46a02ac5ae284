"""A crawl of the small place on a forge, and what it found: what several tests of forges ask."""

from typing import Any, Literal

import polars as pl

from forge_server import ForgeServer
from oshealth.collect.forges.reading import ForgeFacts, ForgeRequest, NoPages, read_forge

Kind = Literal["github", "gitlab"]
KINDS: tuple[Kind, ...] = ("github", "gitlab")
Frames = dict[str, pl.DataFrame]


def crawl(server: ForgeServer, earlier: Frames | None = None, pages: Any = None, **how: Any) -> ForgeFacts:
    asked = ForgeRequest(server.repository, "town/app", server.now.replace(tzinfo=None))
    return read_forge(server.forge(**how), asked, earlier or {}, pages or NoPages())


def numbers(frame: pl.DataFrame, **where: Any) -> list[int]:
    return frame.filter(**where)["number"].to_list()


def answers(found: ForgeFacts) -> dict[int, float]:
    """Hours from the opening to the first answer."""
    opened = pl.concat([found.frames[kind].select("number", "opened_at") for kind in ("issue", "change_request")])
    both = found.frames["response"].join(opened, on="number")
    hours = (pl.col("responded_at") - pl.col("opened_at")).dt.total_seconds() / 3600
    return dict(both.select("number", hours.round(2)).sort("number").iter_rows())
