"""Groups of what belongs together: the union of pairs, in near-linear time."""


class Links:
    """A union-find over the numbers 0 to count - 1; a group is named by its smallest member."""

    def __init__(self, count: int) -> None:
        self._parents = list(range(count))

    def of(self, member: int) -> int:
        """The smallest member of the group."""
        root = member
        while self._parents[root] != root:
            root = self._parents[root]
        while self._parents[member] != root:
            self._parents[member], member = root, self._parents[member]
        return root

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self.of(one), self.of(other)))
        self._parents[second] = first
