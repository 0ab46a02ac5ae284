"""One DuckDB file built from the facts: loaded, checked, published at once, and asked.

Readers open it with `open_warehouse`; `python -m oshealth.warehouse.dictionary` prints what stands in it.
"""

from oshealth.warehouse.contents import Contents, read_contents
from oshealth.warehouse.errors import CheckError, QueryError, WarehouseError
from oshealth.warehouse.frames import RUN
from oshealth.warehouse.publish import build_in_memory, open_warehouse, publish
from oshealth.warehouse.query import Format, run_query

__all__ = [
    "RUN",
    "CheckError",
    "Contents",
    "Format",
    "QueryError",
    "WarehouseError",
    "build_in_memory",
    "open_warehouse",
    "publish",
    "read_contents",
    "run_query",
]
