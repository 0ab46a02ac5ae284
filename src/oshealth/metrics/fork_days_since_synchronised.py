from datetime import date

from oshealth.derive.fork import NOT_A_FORK, NOT_COMPARED, Fork
from oshealth.measure import Measured, metric, unknown


@metric(
    family="Upstream and use",
    title="Age of the newest change that the fork took from the original",
    unit="days",
    source="this project",
    has_history=False,
    of_forks_only=True,
    advice="Plan an update from the upstream twice a year; the longer it waits, the more it costs.",
)
def fork_days_since_synchronised(fork: Fork | None, as_of: date) -> Measured:
    """Age of the newest commit of the upstream that the fork has; 0 where it lacks none."""
    if fork is None or fork.newest_shared_at is None:
        return unknown(NOT_COMPARED if fork else NOT_A_FORK)
    shared_on = fork.newest_shared_at.date()
    days = (as_of - shared_on).days if fork.behind else 0
    evidence = {**fork.evidence, "newest_shared_on": shared_on.isoformat(), "lacking": fork.behind}
    return Measured(value=float(days), evidence=evidence)
