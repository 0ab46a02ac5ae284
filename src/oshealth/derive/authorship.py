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
    begins = starts(file)
    count = np.diff(np.append(begins, len(file)))
    total = np.repeat(np.add.reduceat(changes, begins), count) if len(file) else changes
    doa = LEAST_DOA + 1.098 * adds + 0.164 * changes - 0.321 * np.log1p(total - changes)
    best = np.repeat(np.maximum.reduceat(doa, begins), count) if len(file) else doa
    is_author = (doa > SHARE_OF_BEST * best) & ((doa >= LEAST_DOA) | adds)
    named = history.paths[file]
    return pl.DataFrame(
        {
            "file_number": file,
            "repository": named["repository"],
            "file": named["path"],
            "person": history.persons[person],
            "changes": changes,
            "is_first_author": adds,
            "doa": doa,
            "is_author": is_author,
        }
    )


def _counts(history: FileHistory, end: datetime) -> tuple[Ints, Ints, Ints, NDArray[np.bool_]]:
    """File, person, that person's changes and whether they added it: one entry per file of the tree and person."""
    moment = micros(end)
    row_line, path_line = history.lineage.at(moment)
    touches, width = history.touches, len(history.persons)
    file = lines_to_files(history, end, path_line)[row_line[touches.row]]
    chosen = np.flatnonzero((touches.known_at < moment) & (file >= 0))
    pair = file[chosen] * width + touches.person[chosen]
    # Nearly in order already, but for files that were renamed: the stable way of sorting makes use of it.
    order = np.argsort(pair, kind="stable")
    pair, is_adding = pair[order], touches.is_adding[chosen[order]]
    begins = starts(pair)
    if not len(pair):
        return pair, pair, pair, is_adding
    changes = np.add.reduceat((~is_adding).astype(np.int64), begins)
    return pair[begins] // width, pair[begins] % width, changes, np.logical_or.reduceat(is_adding, begins)


def starts(keys: Ints) -> Ints:
    """Where each stretch of equal keys begins."""
    return np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else np.zeros(0, np.int64)


def lines_to_files(history: FileHistory, end: datetime, path_line: Ints) -> Ints:
    """For each line the path's number in the tree, or -1."""
    files = history.files_at(end)
    lines = path_line[files]
    file_of_line = np.full(history.steps.path_count + len(history.steps.path), -1)
    file_of_line[lines[lines >= 0]] = files[lines >= 0]
    return file_of_line
