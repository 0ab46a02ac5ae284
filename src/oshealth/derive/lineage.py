"""Which changes belong to the same file, through its renames.

A path keeps its history when it is deleted and added again. A rename takes the history along to the new path, in git's
topological order; where the new path has a history already (both sides of a merge renamed), the two become one.
Paths that no rename ever touched need no walk: they are their own line. The others are walked group by group (paths
that renames connect), and again only when a group has learnt of new changes.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Steps:
    """The changes in topological order, as numbers."""

    path: Ints
    old_path: Ints  # of a rename, else -1
    known_at: Ints
    path_count: int


@dataclass(frozen=True, eq=False)
class _Group:
    """Changes to paths that renames connect."""

    rows: Ints
    known_at: Ints
    paths: Ints


class Lineage:
    """The line of every change and of every path at a moment. Lines are numbers without a meaning of their own."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._path = steps.path.tolist()
        self._old_path = steps.old_path.tolist()
        self._row_line = steps.path.copy()
        self._path_line = np.arange(steps.path_count)
        self._groups = _groups(steps)
        sizes = [len(group.rows) for group in self._groups]
        self._group_of = np.repeat(np.arange(len(sizes)), sizes)
        self._known_at = np.concatenate([np.zeros(0, np.int64), *(group.known_at for group in self._groups)])
        self._walked = np.zeros(len(sizes), np.int64)

    def at(self, end: int) -> tuple[Ints, Ints]:
        """The lines of the changes known before `end`, and of the paths by then; -1 for a path that was renamed away.

        The arrays are good until the next call.
        """
        counts = np.bincount(self._group_of[self._known_at < end], minlength=len(self._groups))
        # Moments cut the rows: as many rows as in the last walk are the same rows.
        for number in np.flatnonzero(counts != self._walked).tolist():
            self._walk(self._groups[number], end)
        self._walked = counts
        return self._row_line, self._path_line

    def _walk(self, group: _Group, end: int) -> None:
        known = group.rows[group.known_at < end]
        line_of: dict[int, int] = {}
        joined: dict[int, int] = {}
        lines: list[int] = []
        first_line = self._steps.path_count
        for row in known.tolist():
            path, old = self._path[row], self._old_path[row]
            line = line_of.get(path)
            if old >= 0:
                moved = line_of.pop(old, None)
                if line is None:
                    line = moved
                elif moved is not None and moved != line:
                    joined[moved] = line
            if line is None:
                line = first_line + row
            line_of[path] = line
            lines.append(line)
        if joined:
            lines = [_root(line, joined) for line in lines]
            line_of = {path: _root(line, joined) for path, line in line_of.items()}
        self._row_line[known] = lines
        self._path_line[group.paths] = -1
        self._path_line[list(line_of)] = list(line_of.values())


def _root(line: int, joined: dict[int, int]) -> int:
    while line in joined:
        line = joined[line]
    return line


def _groups(steps: Steps) -> list[_Group]:
    renames = np.flatnonzero(steps.old_path >= 0)
    joined: dict[int, int] = {}
    for old, new in zip(steps.old_path[renames].tolist(), steps.path[renames].tolist(), strict=True):
        roots = _root(old, joined), _root(new, joined)
        if roots[0] != roots[1]:
            joined[max(roots)] = min(roots)
    renamed = np.unique(np.concatenate([steps.old_path[renames], steps.path[renames]]))
    group_of_path = np.full(steps.path_count, -1)
    group_of_path[renamed] = [_root(path, joined) for path in renamed.tolist()]
    return [
        _Group(rows, steps.known_at[rows], np.flatnonzero(group_of_path == group))
        for group, rows in _split(group_of_path[steps.path])
    ]


def _split(group_of_row: Ints) -> list[tuple[int, Ints]]:
    """The rows of each group, in order; rows of group -1 are left out."""
    rows = np.flatnonzero(group_of_row >= 0)
    rows = rows[np.argsort(group_of_row[rows], kind="stable")]
    groups, starts = np.unique(group_of_row[rows], return_index=True)
    bounds = [*starts.tolist(), len(rows)]
    return [(group, rows[a:b]) for group, (a, b) in zip(groups.tolist(), pairwise(bounds), strict=True)]
