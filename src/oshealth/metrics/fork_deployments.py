from oshealth.derive.deployments import Deployment
from oshealth.derive.fork import NOT_A_FORK, Fork
from oshealth.measure import Measured, metric, unknown


@metric(
    family="Upstream and use",
    title="Municipalities that have a branch of their own",
    unit="municipalities",
    source="this project",
    has_history=False,
    of_forks_only=True,
    advice="Each branch must be brought up to date by itself. "
    "Settings instead of branches let all municipalities run the same code.",
)
def fork_deployments(deployments: tuple[Deployment, ...], fork: Fork | None) -> Measured:
    """Municipalities whose name begins a branch of the fork: likely one deployment each.

    Only names of one country count, that of which most are found; fewer than three may be chance and count as none.
    """
    if fork is None:
        return unknown(NOT_A_FORK)
    rows = [{"municipality": d.name, "country": d.country, "branches": d.branches} for d in deployments]
    return Measured(value=float(len(rows)), evidence={**fork.evidence, "deployments": rows})
