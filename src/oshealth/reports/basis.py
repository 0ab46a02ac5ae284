"""What a figure was counted from, in words: "Counted from 14 of 118 direct dependencies (12 %)."."""

from oshealth.measure import ENOUGH
from oshealth.reports import words

Things = tuple[str, str]

_CHANGES: Things = ("recorded change", "recorded changes")
_ANSWERED: Things = ("answered question or request", "answered questions and requests")
_THINGS: dict[str, Things] = {
    **dict.fromkeys(("truck_factor", "recent_bus_factor", "orphaned_files", "supplier_exit"), ("file", "files")),
    "two_busiest_exit": ("file", "files"),
    **dict.fromkeys(("days_between_releases", "release_regularity"), ("interval", "intervals")),
    **dict.fromkeys(("release_lag", "unreleased_commits", "maintainability_change"), _CHANGES),
    "signed_tags": ("version tag", "version tags"),
    **dict.fromkeys(
        ("abandoned_dependencies", "libyears", "libyears_median", "pinned_dependencies"),
        ("direct dependency", "direct dependencies"),
    ),
    **dict.fromkeys(("first_response", "first_response_newcomer"), _ANSWERED),
    "unanswered": ("question or request", "questions and requests"),
    "change_request_closure": ("change request", "change requests"),
    "reviewed_changes": ("merged change request", "merged change requests"),
    "open_issue_age": ("open issue", "open issues"),
    "automation": ("check", "checks"),
    "documents": ("document looked for", "documents looked for"),
    "declared_users": ("organisation", "organisations"),
    "municipalities_of_users_contributing": ("municipality that uses it", "municipalities that use it"),
    **dict.fromkeys(("upstreamed", "fork_patches_upstream"), ("change of its own", "changes of its own")),
}
"""What a measure's sample is made of, where it is not what its family counts."""
_OF_FAMILY: dict[str, Things] = {
    **dict.fromkeys(("Contributor spread", "Activity", "Bus factor"), ("contribution", "contributions")),
    "Release cadence": ("release", "releases"),
    "Dependency openness": ("component", "components"),
}
_WHO = {
    "leavers": "who contributed the year before",
    "newcomers": "who contributed in the last year",
    "newcomers_staying": "who came one to two years ago",
}
"""Measures of people, and of whom they count some."""
_PART = frozenset(
    {
        *("truck_factor", "orphaned_files", "release_lag", "unreleased_commits"),
        *("abandoned_dependencies", "libyears", "libyears_median", "licence_conflicts", "open_dependencies"),
    }
)
"""Measures whose sample is that part of the whole for which what matters is known: the whole is sample ÷ coverage."""
_LOOKED_AT = {
    "maintainability_change": "{} of the last year’s changes were looked at",
    "reviewed_changes": "of {} of all it is known who approved them",
    "first_response": "of {} of all it is known when they were answered",
    "first_response_newcomer": "of {} of all it is known when they were answered",
    "unanswered": "of {} of all it is known whether they were answered",
    "upstreamed": "{} of the fork’s changes could be compared",
    "declared_users": "of {} of them it is known what they are",
    "municipalities_of_users_contributing": "on whose behalf people worked is known for {} of the work",
    "non_open_dependencies": "the licence is known for {} of them",
    "licence_declared": "known for {} of its repositories",
}
"""What a coverage says, where it is not said of the sample or of on whose behalf people worked."""


def basis(metric: str, family: str, value: float | None, sample: int | None, coverage: float | None) -> str:
    """What it was counted from, and for how much of it the needed fact is known; empty where neither is said."""
    if sample is None:
        return "" if coverage is None else words.sentence(_known(metric, family, coverage))
    if metric in _WHO:
        return _of_people(_WHO[metric], value, sample)
    one_many = _THINGS.get(metric) or _OF_FAMILY.get(family) or ("entry", "entries")
    if metric in _PART and coverage:
        return _part_of(sample, coverage, one_many)
    said = [f"Counted from {words.plural(sample, *one_many)}"]
    return words.sentence("; ".join([*said, *([] if coverage is None else [_known(metric, family, coverage)])]))


def too_little(coverage: float | None) -> bool:
    """Whether so little is known that nothing is called good."""
    return coverage is not None and coverage < ENOUGH


def _of_people(who: str, value: float | None, sample: int) -> str:
    people = words.plural(sample, "person", "people")
    return f"All {people} {who}." if value == sample > 1 else f"Of {people} {who}."


def _part_of(sample: int, coverage: float, one_many: Things) -> str:
    whole = max(round(sample / coverage), sample)
    if whole == sample:
        return f"Counted from {'all ' if sample > 1 else ''}{words.plural(sample, *one_many)}."
    return f"Counted from {words.number(sample)} of {words.plural(whole, *one_many)} ({words.share(coverage)})."


def _known(metric: str, family: str, coverage: float) -> str:
    much = "all" if coverage == 1 else words.share(coverage)
    if metric in _LOOKED_AT:
        return _LOOKED_AT[metric].format(much).replace("of all of all ", "of all ").replace("all of the", "all the")
    if family == "Contributor spread" and metric != "supplier_exit":
        return f"on whose behalf is known for {much} of them"
    return f"known for {much} of them"
