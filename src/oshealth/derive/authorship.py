"""Degree of authorship (Avelino, Passos, Hora, Valente, ICPC 2016) of every file of the tree at a moment."""

from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from oshealth.derive.file_history import FileHistory, Ints, micros

SHARE_OF_BEST = 0.75
LEAST_DOA = 3.293


def of(history: FileHistory, end: datetime) -> pl.DataFrame:
    """One row per file and person who ever touched it: changes, is_first_author, doa, is_author.

    The adding commit is no change of its author's, but one of its co-authors'. Files that only bots touched, and files
    that came with a merge alone, have no row.
    """
    file, person, changes, adds = _counts(history, end)
    total = np.bincount(file, weights=changes, minlength=len(history.paths))
    doa = LEAST_DOA + 1.098 * adds + 0.164 * changes - 0.321 * np.log1p(total[file] - changes)
    best = np.full(len(history.paths), -np.inf)
    np.maximum.at(best, file, doa)
    is_author = (doa > SHARE_OF_BEST * best[file]) & ((doa >= LEAST_DOA) | adds)
    named = history.paths[file]
    return pl.DataFrame(
        {
            "file_number": file,
            "repository": named["repository"],
            "file": named["path"],
            "person": history.persons[person],
            "changes": changes.astype(np.int64),
            "is_first_author": adds,
            "doa": doa,
            "is_author": is_author,
        }
    )


def _counts(history: FileHistory, end: datetime) -> tuple[Ints, Ints, Ints, NDArray[np.bool_]]:
    """File, person, that person's changes and whether they added it: one entry per file of the tree and person."""
    moment = micros(end)
    row_line, path_line = history.lineage.at(moment)
    touches = history.touches
    file_of_line = lines_to_files(history, end, path_line)
    file = file_of_line[row_line[touches.row]]
    chosen = np.flatnonzero((history.steps.known_at[touches.row] < moment) & (file >= 0))
    pair = file[chosen] * len(history.persons) + touches.person[chosen]
    pairs, place = np.unique(pair, return_inverse=True)
    is_adding = touches.adds[chosen] & touches.is_author[chosen]
    changes = np.bincount(place, weights=~is_adding, minlength=len(pairs)).astype(np.int64)
    adds = np.bincount(place, weights=is_adding, minlength=len(pairs)) > 0
    return pairs // len(history.persons), pairs % len(history.persons), changes, adds


def lines_to_files(history: FileHistory, end: datetime, path_line: Ints) -> Ints:
    """For each line the path's number in the tree, or -1."""
    files = history.files_at(end)
    lines = path_line[files]
    file_of_line = np.full(history.steps.path_count + len(history.steps.path), -1)
    file_of_line[lines[lines >= 0]] = files[lines >= 0]
    return file_of_line
