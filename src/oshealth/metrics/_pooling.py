"""From the measurements of repositories to that of their codebase, for metrics whose rows are not pooled."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any

from oshealth.measure import Measured, Metric, unknown

ORDER = ("poor", "watch", "good")
DIFFERS = "differs between repositories"


def combined(card: Metric, measured: Mapping[str, Measured]) -> Measured:
    """What all repositories have in common, else the label that fares worst; the list of them is the evidence.

    Repositories where nothing is known are left out, and lower the coverage.
    """
    known = {name: found for name, found in measured.items() if found.reason is None}
    evidence: dict[str, Any] = {"repositories": {name: found.label for name, found in measured.items()}}
    if not known:
        reason = next((found.reason for found in measured.values()), None) or "the codebase has no repository"
        return unknown(reason, evidence=evidence)
    names = dict.fromkeys(name for found in known.values() for name in found.evidence.get("licence", ()))
    evidence |= {"licence": list(names)} if names else {}
    share = len(known) / len(measured)
    found = _of_many(card, list(known.values()))
    return replace(found, coverage=share if share < 1 else found.coverage, evidence=evidence)


def _of_many(card: Metric, known: Sequence[Measured]) -> Measured:
    if len({found.label for found in known}) == 1:
        return known[0]
    graded = [(ORDER.index(grade), found) for found in known if (grade := card.grade(found))]
    return min(graded, key=itemgetter(0))[1] if graded else Measured(label=DIFFERS)
