from oshealth.derive.fork import NOT_A_FORK, NOT_COMPARED, Fork
from oshealth.measure import Measured, metric, unknown


@metric(
    family="Upstream and use",
    title="Changes that only the fork has",
    unit="commits",
    source="this project",
    has_history=False,
    of_forks_only=True,
    advice="Every commit kept apart makes the next update harder. Offer what others can use to the upstream.",
)
def fork_commits_ahead(fork: Fork | None) -> Measured:
    """Commits on the fork's default branch, without merges, that its upstream's lacks."""
    if fork is None or fork.newest_shared_at is None:
        return unknown(NOT_COMPARED if fork else NOT_A_FORK)
    return Measured(value=float(fork.ahead), evidence=fork.evidence)
