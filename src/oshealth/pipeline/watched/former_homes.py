"""What a former home lends: its history, its issues and who answered them; each once, wherever it stands today."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from oshealth.collect.forges.answers import Asked, Forge, ForgeError, Overview, Page
from oshealth.collect.forges.reading import ForgeFacts
from oshealth.sources import repository_id

Frames = dict[str, pl.DataFrame]
RELEASED = ("release", "forge_release")
LENT = ("commit", "change", *RELEASED)
ASKED = ("issue", "change_request")
ANSWERED = ("review", "response")
TOLD = (*ASKED, *ANSWERED, "forge_repository", "gap")
"""What its forge tells; these rows keep its name, since both homes count from one."""
SAME = "same"
_ALREADY = (["_host", "forge_id"], ["opened_at", "author_account"], ["opened_at", "number"])
"""By what an issue is known again after it was transferred, or copied to another forge."""


@dataclass
class FormerHome:
    """The forge of a former home: what only leads to today's home is not read a second time."""

    kind: str
    gaps: tuple[Any, ...]
    forge: Forge
    home: str
    """The repository of today."""

    def overview(self, path: str, known: Mapping[str, Any]) -> Overview:
        """As of any repository.

        Raises:
            ForgeError: it is today's home.
        """
        overview = self.forge.overview(path, known)
        if repository_id(str(overview.row.get("url", ""))).lower() == self.home.lower():
            raise ForgeError(SAME, "It leads to where the repository lives today.")
        return overview

    def page(self, asked: Asked, cursor: str | None) -> Page:
        """As of any repository."""
        return self.forge.page(asked, cursor)


def expected_of_former(found: ForgeFacts) -> ForgeFacts:
    """What of an answer is worth telling: that a former home has moved or is gone is known already."""
    gaps = tuple(gap for gap in found.gaps if gap.reason not in {SAME, "moved"})
    is_known = found.error is not None and found.error.reason in {SAME, "http_404", "gone", "replaced"}
    return replace(found, gaps=() if is_known else gaps, error=None if is_known else found.error)


def lent(own: Frames, home: Frames, repository: str) -> Frames:
    """What a former home adds to the tables of today's, which is `repository`."""
    moved_at, frames = _moved_at(own, home), _history(own, home)
    frames = {name: frame.with_columns(repository=pl.lit(repository)) for name, frame in frames.items()}
    if not _is_same(own, home):
        frames |= _questions(own, home, moved_at)
    return frames


def _history(own: Frames, home: Frames) -> Frames:
    """Releases of commits that moved along; the history itself only where it stayed behind.

    Where both share commits, what the former home has beyond them was written after the move and is another's.
    """
    shared = home["commit"].join(own["commit"], on="sha", how="semi").height > 0
    if not shared:
        before = (pl.col("position") - home["commit"].height).cast(pl.Int32)
        commits = home["commit"].with_columns(before.alias("position"), is_first_parent=pl.lit(value=False))
        return {"commit": commits, **{name: home[name] for name in ("change", *RELEASED)}}
    moved = {name: home[name].join(own["commit"], on="sha", how="semi") for name in RELEASED}
    return {name: rows.join(own[name], on=["source", "version"], how="anti") for name, rows in moved.items()}


def _is_same(own: Frames, home: Frames) -> bool:
    """Whether the forge says that both are one repository."""
    keys = ["forge", "forge_id"]
    return not home["forge_repository"].join(own["forge_repository"], on=keys, how="semi").is_empty()


def _moved_at(own: Frames, home: Frames) -> pl.Expr:
    """Before when something was asked of what moved: of one that lives on by itself only before they parted."""
    shared = home["commit"].join(own["commit"], on="sha", how="semi")
    lives_on = 0 < shared.height < home["commit"].height
    return pl.col("opened_at") <= shared["known_at"].max() if lives_on else pl.lit(value=True)


def _questions(own: Frames, home: Frames, is_lent: pl.Expr) -> Frames:
    frames: Frames = {"forge_repository": home["forge_repository"]}
    frames["gap"] = home["gap"].filter(pl.col("what").is_in([*ASKED, *ANSWERED]))
    for kind in ASKED:
        rows, known = (_with_host(frame) for frame in (home[kind].filter(is_lent), own[kind]))
        for keys in _ALREADY:
            rows = rows.join(known, on=keys, how="anti")
        frames[kind] = rows.drop("_host")
    reviewed = frames["change_request"].select("number")
    asked = [frames[kind].select(pl.lit(kind).alias("subject_kind"), "number") for kind in ASKED]
    frames["review"] = home["review"].join(reviewed, on="number", how="semi")
    frames["response"] = home["response"].join(pl.concat(asked), on=["subject_kind", "number"], how="semi")
    return frames


def _with_host(rows: pl.DataFrame) -> pl.DataFrame:
    """Each forge has numbers of its own."""
    return rows.with_columns(_host=pl.col("repository").str.split("/").list.first())
