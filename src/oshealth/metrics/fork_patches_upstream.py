from oshealth.derive.fork import NOT_A_FORK, NOT_COMPARED, Fork
from oshealth.measure import Measured, metric, unknown


@metric(
    family="Upstream and use",
    title="Changes of the fork that the original has too",
    unit="patches",
    source="this project",
    has_history=False,
    of_forks_only=True,
    advice="These can leave the fork with its next update: merging the upstream brings them.",
)
def fork_patches_upstream(fork: Fork | None) -> Measured:
    """Patches of the fork's own commits that the upstream also has, as other commits with the same patch-id."""
    if fork is None or fork.newest_shared_at is None:
        return unknown(NOT_COMPARED if fork else NOT_A_FORK)
    both = fork.own_patches & fork.upstream_patches
    return Measured(value=float(len(both)), sample_size=len(fork.own_patches), evidence=fork.evidence)
