from oshealth.derive.fork import NOT_A_FORK, NOT_COMPARED, Fork
from oshealth.measure import Measured, metric, unknown


@metric(
    family="Upstream and use",
    title="Changes of the original that the fork lacks",
    unit="commits",
    source="this project",
    has_history=False,
    of_forks_only=True,
    advice="Corrections of security holes may be among them. Merge the upstream's releases regularly.",
)
def fork_commits_behind(fork: Fork | None) -> Measured:
    """Commits on the upstream's default branch, without merges, that the fork's lacks; the same patch may be there."""
    if fork is None or fork.newest_shared_at is None:
        return unknown(NOT_COMPARED if fork else NOT_A_FORK)
    return Measured(value=float(fork.behind), evidence=fork.evidence)
