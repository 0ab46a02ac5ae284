"""The tables of a forge as they were, and what was read since, put together."""

from collections.abc import Mapping

import polars as pl

from oshealth.collect.forges.answers import KINDS, Rows
from oshealth.collect.forges.frames import frame_of
from oshealth.facts import TABLES

Frames = dict[str, pl.DataFrame]


def surplus(frames: Frames, totals: Mapping[str, int]) -> int:
    """How many rows there are beyond what the forge counts."""
    return sum(frames[kind].height - total for kind, total in totals.items())


def merged(before: Frames, found: Rows) -> Frames:
    """Rows of the crawl before, those read again in place of what they were, each once."""
    frames: Frames = {}
    for kind in (kind for kind in KINDS if kind in found):
        new = frame_of(kind, found[kind]).unique("number", keep="last", maintain_order=True)
        frames[kind] = _with(before, kind, new, new.select("number")).sort("number")
    requests = pl.DataFrame({"number": [row["number"] for row in found.get("change_request", ())]}, schema=_NUMBER)
    reviews = frame_of("review", found["review"]).unique(["number", "review"], keep="last", maintain_order=True)
    frames["review"] = _with(before, "review", reviews, requests).sort("number", "submitted_at", "review")
    read = [(kind, row["number"]) for kind in KINDS for row in found.get(kind, ())]
    subjects = pl.DataFrame(read, schema={"subject_kind": pl.String, **_NUMBER}, orient="row")
    answers = frame_of("response", found["response"])
    answers = answers.unique(["subject_kind", "number"], keep="last", maintain_order=True)
    frames["response"] = _with(before, "response", answers, subjects).sort("subject_kind", "number")
    profiles = pl.concat([before.get("profile", TABLES["profile"].to_frame()), frame_of("profile", found["profile"])])
    latest = profiles.sort("seen_at", "is_member", "company", nulls_last=False)
    frames["profile"] = latest.unique("account", keep="last", maintain_order=True).sort("account")
    return frames


_NUMBER = {"number": pl.Int64}


def _with(before: Frames, table: str, new: pl.DataFrame, read_again: pl.DataFrame) -> pl.DataFrame:
    if table not in before:
        return new
    return pl.concat([before[table].join(read_again.unique(), on=read_again.columns, how="anti"), new])
