"""Groups of what belongs together: the union of pairs, in near-linear time, with pairs that must stay apart."""

from collections.abc import Iterable, Mapping

Side = tuple[int, int]
"""A decision that two sides are not the same, by its number, and which side: 0 or 1."""


class Links:
    """A union-find over the numbers 0 to count - 1; a group is named by its smallest member.

    `sides` gives some members a side of a decision; groups on either side of one are never joined.
    """

    def __init__(self, count: int, sides: Mapping[int, Iterable[Side]] | None = None) -> None:
        self._parents = list(range(count))
        self._sides = {member: frozenset(given) for member, given in (sides or {}).items()}

    def of(self, member: int) -> int:
        """The smallest member of the group."""
        root = member
        while self._parents[root] != root:
            root = self._parents[root]
        while self._parents[member] != root:
            self._parents[member], member = root, self._parents[member]
        return root

    def join(self, one: int, other: int) -> bool:
        """Make one group of two; False where a decision holds them apart."""
        first, second = sorted((self.of(one), self.of(other)))
        if first == second:
            return True
        if second in self._sides or first in self._sides:
            mine, theirs = self._sides.get(first, frozenset()), self._sides.get(second, frozenset())
            if any((decision, 1 - side) in theirs for decision, side in mine):
                return False
            self._sides[first] = mine | theirs
        self._parents[second] = first
        return True
