from oshealth.derive.fork import NOT_A_FORK, NOT_COMPARED, Fork
from oshealth.measure import Measured, metric, unknown


@metric(
    family="Upstream and use",
    title="Share of the fork's changes that went back to the original",
    unit="%",
    source="OSOR study 2025: co-development means working upstream",
    has_history=False,
    of_forks_only=True,
    advice="Nearly nothing goes back. Offer the patches that others can use to the upstream, the smallest first.",
)
def upstreamed(fork: Fork | None) -> Measured:
    """Share of the fork's own patches that its upstream has too, told by patch-id.

    Own are those of commits that only the fork has; a commit that the upstream took in by merging is no longer one.
    `coverage` is the share of the fork's own commits whose patch could be compared.
    """
    if fork is None or fork.newest_shared_at is None:
        return unknown(NOT_COMPARED if fork else NOT_A_FORK)
    if not fork.own_patches:
        return unknown("the fork has no patch of its own", sample_size=0)
    both = fork.own_patches & fork.upstream_patches
    coverage = max(fork.ahead - fork.not_compared, 0) / fork.ahead if fork.ahead else None
    return Measured(
        value=100 * len(both) / len(fork.own_patches),
        sample_size=len(fork.own_patches),
        coverage=coverage,
        evidence={**fork.evidence, "patches_upstream": len(both)},
    )
