from collections import Counter

from oshealth.derive.users import User
from oshealth.measure import Measured, metric, unknown
from oshealth.metrics._reasons import NOT_DECLARED


@metric(
    family="Upstream and use",
    title="Organisations that say they use it",
    unit="organisations",
    source="publiccode.yml `usedBy`; OS2's list of users",
    has_history=False,
    advice="Ask each user to add itself to `usedBy` in publiccode.yml. Users who are known can be asked for help.",
)
def declared_users(users: tuple[User, ...]) -> Measured:
    """Organisations that publiccode.yml (`usedBy`) and sources.toml name as users, each once, by type and country."""
    if not users:
        return unknown(NOT_DECLARED, sample_size=0)
    by_type = Counter(user.type or "unknown" for user in users)
    by_country = Counter(user.country or "unknown" for user in users)
    rows = [{"name": user.name, "type": user.type, "country": user.country, "named_in": user.sources} for user in users]
    return Measured(
        value=float(len(users)),
        sample_size=len(users),
        coverage=1 - by_type["unknown"] / len(users),
        evidence={"by_type": dict(by_type), "by_country": dict(by_country), "users": rows[:500]},
    )
