"""Health of open source codebases that public bodies govern together.

For notebooks: `audit` measures one repository, `open_warehouse` opens what a project folder has collected. Both give
frames; nothing is imported before they are called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from oshealth.pipeline.auditing.audit import AuditFrames

__version__ = "0.1.0"


def audit(
    target: str | Path, as_of: date | None = None, mirrors: Sequence[str] = (), *, offline: bool = False
) -> AuditFrames:
    """Measure one repository, an https address or a local path, as of the end of a UTC day; today unless given.

    `offline`: neither registries nor the forge are asked.

    Returns:
        `measurements`, a Polars frame like the warehouse's table `measurement`, and `facts`, the frames by table.

    Raises:
        AddressError: the target is no repository, or an address that is not fetched from.
        CollectError: it could not be reached, or was found and could not be read.
    """
    from oshealth.clock import now  # noqa: PLC0415
    from oshealth.pipeline.auditing.audit import Audit, audit_frames  # noqa: PLC0415

    started_at = now()
    day = as_of or started_at.date()
    return audit_frames(Audit(str(target), day, started_at, mirrors, is_offline=offline))


def open_warehouse(path: str | Path) -> DuckDBPyConnection:
    """A read-only DuckDB connection to a project folder's `oshealth.duckdb`; `con.sql(q).pl()` gives Polars frames."""
    from oshealth.warehouse import open_warehouse as open_file  # noqa: PLC0415

    return open_file(path)
