"""Build the warehouse from all facts, and say which repositories it had to do without."""

from collections.abc import Mapping

from oshealth.metrics import catalogue
from oshealth.pipeline.computing.judging import with_openness
from oshealth.pipeline.computing.notes import of_warehouse
from oshealth.pipeline.watched.order import Order, Outcome, failed
from oshealth.store import StoreError
from oshealth.warehouse import WarehouseError, publish, read_contents


def load_warehouse(order: Order) -> Outcome:
    """Build the warehouse and put it in place, unless it was made of the same."""
    project = order.project()
    note = of_warehouse(project)
    if project.warehouse.exists() and project.facts.noted("warehouse") == note:
        return Outcome("load", "warehouse", "unchanged", str(project.warehouse))
    try:
        contents = read_contents(project.data, project.sources, catalogue())
        judged, unjudged = with_openness(project, contents, order.as_of)
        left_out = {**unjudged, **contents.unreadable, **publish(project.warehouse, judged)}
    except (WarehouseError, StoreError, OSError) as error:
        return failed("load", "warehouse", error)
    # With a note of its own, the next run tries again, and the pages know that the warehouse is another one.
    project.facts.note("warehouse", f"{note} without {', '.join(left_out)}" if left_out else note)
    return _outcome(str(project.warehouse), left_out)


def _outcome(warehouse: str, left_out: Mapping[str, str]) -> Outcome:
    if not left_out:
        return Outcome("load", "warehouse", "done", warehouse)
    said = "; ".join(f"{repository}: {why.removesuffix('.')}" for repository, why in left_out.items())
    return Outcome("load", "warehouse", "failed", f"All others stand in {warehouse}. {said}.")
