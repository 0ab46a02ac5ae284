"""What is left when people leave one after another."""

from dataclasses import dataclass

import numpy as np
import polars as pl


@dataclass(frozen=True)
class Leaving:
    """Who leaves, in order, and how many files still have somebody when the first n of them have left."""

    persons: tuple[str, ...]
    files_left: tuple[int, ...]
    file_count: int

    @property
    def stopping(self) -> int | None:
        """How many leave until fewer than half of the files have somebody; nothing where it never was half."""
        stopped = (n for n, left in enumerate(self.files_left) if 2 * left < self.file_count)
        first = next(stopped, None)
        return first or None


def leave_in_order(knowing: pl.DataFrame, persons: pl.Series, file_count: int) -> Leaving:
    """`knowing` has one row per person and file known: file_number, person. `file_count` counts those of nobody too."""
    ranks = pl.DataFrame({"person": persons}).with_row_index("rank")
    last = knowing.join(ranks, on="person").group_by("file_number").agg(pl.col("rank").max())
    leaving = np.bincount(last["rank"].to_numpy(), minlength=len(persons)) if len(persons) else np.zeros(0, int)
    left = len(last) - np.concatenate([[0], np.cumsum(leaving)])
    return Leaving(tuple(persons), tuple(int(n) for n in left), file_count)
