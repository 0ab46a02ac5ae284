from collections.abc import Mapping
from typing import Any

import polars as pl

from oshealth.derive.automation import total_pins
from oshealth.measure import Measured, metric, unknown
from oshealth.metrics._reasons import NO_FILES

CHECKS = {"workflow": "continuous integration", "dependency_updates": "dependency updates", "tests": "tests"}


@metric(
    family="Governance",
    title="Automation in place",
    unit="%",
    source="OpenSSF Scorecard, the checks that need only a checkout",
    version=2,
    advice="Ask the developers for what is missing: tests that run on every change, updates of dependencies that "
    "propose themselves, and actions and images named by digest.",
)
def automation(
    documents: pl.DataFrame,
    automation_files: pl.DataFrame,
    pins: Mapping[str, tuple[int, int]],
    tree_sizes: Mapping[str, int],
) -> Measured:
    """Share of four in place: continuous integration, dependency updates, tests, pinned actions and images.

    Pinned: every workflow action and container image that is named bears a commit SHA or digest; where none is named
    the check does not apply and is left out. Vendored files do not count. A codebase's repositories are taken together.
    """
    columns = ["repository", "kind", "path", "blob"]
    files = pl.concat([documents.select(columns), automation_files.select(columns)])
    rows = [row for repository in sorted(tree_sizes) for row in _checks(repository, files, pins)]
    if not rows:
        return unknown(NO_FILES, sample_size=0)
    applicable = [row for row in rows if row["present"] is not None]
    present = sum(row["present"] for row in applicable)
    return Measured(value=100 * present / len(applicable), sample_size=len(applicable), evidence={"checks": rows})


def _checks(repository: str, files: pl.DataFrame, pins: Mapping[str, tuple[int, int]]) -> list[dict[str, Any]]:
    own: dict[str, list[tuple[str, str]]] = {}
    for kind, path, blob in files.filter(pl.col("repository") == repository).drop("repository").iter_rows():
        own.setdefault(kind, []).append((path, blob))
    rows = [_found(repository, name, own.get(kind, [])) for kind, name in CHECKS.items()]
    pinned, total, unread = total_pins((blob for _, blob in own.get("pins", [])), pins)
    check: dict[str, Any] = {"repository": repository, "check": "pinned actions and images"}
    present = pinned == total if total else None
    return [*rows, check | {"present": present, "pinned": pinned, "of": total, "unread_files": unread}]


def _found(repository: str, name: str, files: list[tuple[str, str]]) -> dict[str, Any]:
    where = min((path for path, _ in files), default=None)
    return {"repository": repository, "check": name, "present": where is not None, "where": where}
