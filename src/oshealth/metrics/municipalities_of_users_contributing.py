from oshealth.derive.spread import Spread
from oshealth.derive.users import User
from oshealth.measure import Measured, metric, unknown
from oshealth.metrics._reasons import NOT_DECLARED


@metric(
    family="Contributor spread",
    title="Municipalities that use it and also wrote code",
    unit="%",
    source="OSOR study 2025",
    has_history=False,
    advice="Most municipalities that use the product give nothing back in code. "
    "Ask two of them for a first small change, and help them with it.",
)
def municipalities_of_users_contributing(window_spread: Spread, users: tuple[User, ...]) -> Measured:
    """Share of the municipalities declared as users whose own people contributed in the last year."""
    municipalities = {user.organisation: user.name for user in users if user.type == "municipality"}
    if not municipalities:
        reason = "no municipality is among the declared users" if users else NOT_DECLARED
        return unknown(reason, sample_size=0)
    found = {part.organisation for part in window_spread.parts} & set(municipalities)
    evidence = {"contributing": sorted(municipalities[key] for key in found), "users": len(municipalities)}
    size, coverage = len(municipalities), window_spread.coverage
    if why := window_spread.why_unknown:
        return unknown(why, sample_size=size, coverage=coverage, evidence=evidence)
    return Measured(value=100 * len(found) / size, sample_size=size, coverage=coverage, evidence=evidence)
