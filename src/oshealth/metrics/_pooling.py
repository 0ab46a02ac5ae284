"""From the measurements of repositories to that of their codebase, for metrics whose rows are not pooled."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from oshealth.measure import Measured, Metric, unknown

ORDER = ("poor", "watch", "good")
DIFFERS = "differs between repositories"


def combined(card: Metric, measured: Mapping[str, Measured]) -> Measured:
    """Worst: that of the repository that fares worst. Each: what all have in common; the list is the evidence.

    Repositories where nothing is known are left out, and lower the coverage.
    """
    known = {name: found for name, found in measured.items() if found.reason is None}
    evidence = {"repositories": {name: _shown(found) for name, found in measured.items()}}
    if not known:
        reason = next((found.reason for found in measured.values()), None) or "the codebase has no repository"
        return unknown(reason, evidence=evidence)
    share = len(known) / len(measured)
    found = next(iter(known.values())) if _agree(known) else _of_many(card, known)
    return replace(found, coverage=share if share < 1 else found.coverage, evidence=evidence)


def _of_many(card: Metric, known: Mapping[str, Measured]) -> Measured:
    if card.pooling == "each" and all(found.label is not None for found in known.values()):
        graded = [found for found in known.values() if card.grade(found)]
        return min(graded, key=lambda found: _place(card, found)) if graded else Measured(label=DIFFERS)
    return min(known.values(), key=lambda found: _place(card, found))


def _place(card: Metric, found: Measured) -> tuple[int, float]:
    grade = card.grade(found)
    sign = 1 if card.bands is None or card.bands.higher_is_better else -1
    return ORDER.index(grade) if grade else len(ORDER), sign * (found.value or 0.0)


def _agree(known: Mapping[str, Measured]) -> bool:
    return len({(found.value, found.label) for found in known.values()}) == 1


def _shown(found: Measured) -> Any:
    return next((x for x in (found.value, found.label) if x is not None), None)
