"""Who knows a file from recent work (Jabrayilzade et al., ICSE-SEIP 2022; bus-factor-explorer)."""

from datetime import datetime

import numpy as np
import polars as pl

from oshealth.derive.authorship import lines_to_files
from oshealth.derive.file_history import FileHistory, Ints, micros

DAY = 86_400_000_000
REACH_DAYS = 547
DECAY_DAYS = 90
LEAST_KNOWLEDGE = 0.001
SHARE_OF_BEST = 0.75


def of(history: FileHistory, end: datetime) -> pl.DataFrame:
    """One row per file and person who changed it in the 547 days before the last commit: knowledge, knows.

    `last_position` is the place of the person's last change anywhere in that time, for a fixed order of equals. A
    rename takes knowledge along and adds none. No reviews are counted.
    """
    last_at = _last_commit(history, end)
    chosen, file = _recent(history, end, last_at)
    touches, width = history.touches, max(1, len(history.persons))
    person = touches.person[chosen]
    weight = _weights(history, touches.row[chosen], last_at)
    pairs, place = np.unique(file * width + person, return_inverse=True)
    own = np.bincount(place, weights=weight, minlength=len(pairs))
    owned = _newest(file, touches.row[chosen], touches.is_author[chosen])
    ownership = np.bincount(place[owned], weights=weight[owned], minlength=len(pairs))
    of_pair, total = pairs // width, np.bincount(file, weights=weight, minlength=len(history.paths))
    together = total[of_pair]
    knowledge = 3 * ownership + own + 2.4 * np.log((1 + together) / (1 + together - own))
    best = np.zeros(len(history.paths))
    np.maximum.at(best, of_pair, knowledge)
    last_row = np.full(width, -1)
    np.maximum.at(last_row, person, touches.row[chosen])
    named = history.paths[of_pair]
    return pl.DataFrame(
        {
            "file_number": of_pair,
            "repository": named["repository"],
            "file": named["path"],
            "person": history.persons[pairs % width],
            "knowledge": knowledge,
            "knows": (knowledge >= LEAST_KNOWLEDGE) & (knowledge > SHARE_OF_BEST * best[of_pair]),
            "last_position": last_row[pairs % width],
        }
    )


def _last_commit(history: FileHistory, end: datetime) -> int:
    """When the newest head of the subject's repositories was committed; the time before is what counts."""
    known = history.heads.filter(pl.col("known_at") < end)
    heads = known.group_by("repository").agg(pl.col("known_at").sort_by("position").last())
    return int(heads["known_at"].cast(pl.Int64).max() or 0)  # type: ignore[arg-type]


def _recent(history: FileHistory, end: datetime, last_at: int) -> tuple[Ints, Ints]:
    """The touches that count, and the files in the tree that they concern."""
    row_line, path_line = history.lineage.at(micros(end))
    touches = history.touches
    in_reach = (touches.known_at < micros(end)) & (touches.known_at >= last_at - REACH_DAYS * DAY)
    recent = np.flatnonzero(in_reach & ~touches.is_rename)
    file = lines_to_files(history, end, path_line)[row_line[touches.row[recent]]]
    return recent[file >= 0], file[file >= 0]


def _weights(history: FileHistory, row: Ints, last_at: int) -> np.ndarray:
    days = np.maximum(0, last_at - history.authored_at[row]) // DAY
    return np.exp(-days / DECAY_DAYS)


def _newest(file: Ints, row: Ints, is_author: np.ndarray) -> Ints:
    """The entry of each file's newest change: its author's, or a co-author's where a bot was the author."""
    order = np.lexsort((is_author, row, file))
    last_of_file = np.append(file[order][1:] != file[order][:-1], True)
    return order[last_of_file] if len(order) else order
