"""One measure to a file: this room finds them, in a fixed order, and computes them for subjects and days."""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache

from oshealth.measure import Metric
from oshealth.metrics._measuring import measure_history, measure_subject, month_ends, of_subject

FAMILIES = (
    "Bus factor",
    "Contributor spread",
    "Release cadence",
    "Dependency openness",
    "Responsiveness",
    "Activity",
    "Governance",
    "Upstream and use",
)


@cache
def catalogue() -> tuple[Metric, ...]:
    """Every metric, by family as the reports show them, then by id."""
    order = {family: place for place, family in enumerate(FAMILIES)}
    return tuple(sorted(_found(), key=lambda card: (order.get(card.family, len(order)), card.family, card.id)))


def _found() -> Iterator[Metric]:
    for module in pkgutil.iter_modules(__path__):
        if not module.name.startswith("_"):
            compute = getattr(importlib.import_module(f"{__name__}.{module.name}"), module.name)
            yield compute.metric


__all__ = ["FAMILIES", "catalogue", "measure_history", "measure_subject", "month_ends", "of_subject"]
