from collections.abc import Mapping
from typing import Any

import polars as pl

from oshealth.derive.automation import total_pins
from oshealth.measure import Measured, metric, unknown

CHECKS = {
    "ci": "continuous integration",
    "updates": "dependency updates",
    "tests": "tests",
    "pins": "pinned actions and images",
}
NO_FILES = "no file stood on the default branch on this day"


@metric(
    family="Governance",
    title="Automation in place",
    unit="%",
    source="OpenSSF Scorecard, the checks that need only a checkout",
    advice="Ask the developers for what is missing: tests that run on every change, updates of dependencies that "
    "propose themselves, and actions and images named by digest.",
)
def automation(
    automation_files: pl.DataFrame, pins: Mapping[str, tuple[int, int]], tree_sizes: Mapping[str, int]
) -> Measured:
    """Share of four in place: continuous integration, dependency updates, tests, pinned actions and images.

    Pinned: every workflow action and container image that is named bears a commit SHA or digest; where none is named
    the check does not apply and is left out. A codebase's repositories are taken together.
    """
    rows = [row for repository in sorted(tree_sizes) for row in _checks(repository, automation_files, pins)]
    if not rows:
        return unknown(NO_FILES, sample_size=0)
    applicable = [row for row in rows if row["present"] is not None]
    present = sum(row["present"] for row in applicable)
    return Measured(value=100 * present / len(applicable), sample_size=len(applicable), evidence={"checks": rows})


def _checks(repository: str, files: pl.DataFrame, pins: Mapping[str, tuple[int, int]]) -> list[dict[str, Any]]:
    own = files.filter(pl.col("repository") == repository).sort("path")
    rows: list[dict[str, Any]] = []
    for kind, name in CHECKS.items():
        of_kind = own.filter(pl.col("kind") == kind)
        row = {"repository": repository, "check": name, "present": not of_kind.is_empty()}
        if kind == "pins":
            row |= _pinned(of_kind["blob"].to_list(), pins)
        else:
            row |= {"where": of_kind["path"].first()}
        rows.append(row)
    return rows


def _pinned(blobs: list[str], pins: Mapping[str, tuple[int, int]]) -> dict[str, Any]:
    pinned, total, unread = total_pins(blobs, pins)
    return {"present": pinned == total if total else None, "pinned": pinned, "of": total, "unread_files": unread}
