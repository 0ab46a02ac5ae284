"""Which changes belong to the same file, through its renames.

A path keeps its history when it is deleted and added again. A rename takes the history along to the new path, in git's
topological order; where the new path has a history already (both sides of a merge renamed), the two become one.
Paths that no rename ever touched need no walk: they are their own line. The others are walked group by group (paths
that renames connect), and again only when a group has learnt of new changes.
"""

from dataclasses import dataclass, field
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


@dataclass(eq=False)
class _Group:
    """Changes to paths that renames connect, and what the last walk found."""

    rows: list[int]
    known_at: Ints
    walked_count: int = 0
    paths: list[int] = field(default_factory=list)


class Lineage:
    """The line of every change and of every path at a moment. Lines are numbers without a meaning of their own."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._path = steps.path.tolist()
        self._old_path = steps.old_path.tolist()
        self._row_line = steps.path.copy()
        self._path_line = np.arange(steps.path_count)
        self._groups = _groups(steps)

    def at(self, end: int) -> tuple[Ints, Ints]:
        """The lines of the changes known before `end`, and of the paths by then; -1 for a path that was renamed away.

        The arrays are good until the next call.
        """
        for group in self._groups:
            count = int(np.searchsorted(group.known_at, end))
            if count != group.walked_count:
                self._walk(group, end)
                group.walked_count = count
        return self._row_line, self._path_line

    def _walk(self, group: _Group, end: int) -> None:
        first_line = self._steps.path_count
        known = self._steps.known_at
        line_of: dict[int, int] = {}
        joined: dict[int, int] = {}
        lines: dict[int, int] = {}
        for row in group.rows:
            if known[row] >= end:
                continue
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
            line_of[path] = lines[row] = line
        self._path_line[group.paths] = -1
        for row, line in lines.items():
            self._row_line[row] = _root(line, joined)
        for path, line in line_of.items():
            self._path_line[path] = _root(line, joined)


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
        _Group(rows.tolist(), np.sort(steps.known_at[rows]), paths=np.flatnonzero(group_of_path == group).tolist())
        for group, rows in _split(group_of_path[steps.path])
    ]


def _split(group_of_row: Ints) -> list[tuple[int, Ints]]:
    """The rows of each group, in order; rows of group -1 are left out."""
    rows = np.flatnonzero(group_of_row >= 0)
    rows = rows[np.argsort(group_of_row[rows], kind="stable")]
    groups, starts = np.unique(group_of_row[rows], return_index=True)
    bounds = [*starts.tolist(), len(rows)]
    return [(group, rows[a:b]) for group, (a, b) in zip(groups.tolist(), pairwise(bounds), strict=True)]
