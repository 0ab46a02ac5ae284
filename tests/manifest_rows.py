"""Rows of dependencies written short, one to a line: what the fixtures' `expected.txt` hold."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from oshealth.collect.manifests import which
from oshealth.collect.manifests.batch import read_manifests

FIXTURES = Path(__file__).parent / "fixtures" / "manifests"


def texts_of(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name != "expected.txt")
    texts = {str(path.relative_to(folder)): path.read_bytes() for path in paths}
    return {path.removesuffix(".fixture"): text for path, text in texts.items() if which(path.removesuffix(".fixture"))}


def rows(folder: Path) -> list[str]:
    """Each dependency as `path:line purl (range) scope flags`, each unreadable file with its reason."""
    return rows_of(texts_of(folder))


def rows_of(texts: Mapping[str, bytes | str]) -> list[str]:
    frame, _ = read_manifests(texts)
    return [_short(row) for row in frame.iter_rows(named=True)]


def _short(row: Mapping[str, Any]) -> str:
    if row["state"] != "ok":
        return f"{row['path']} unreadable: {row['reason']}"
    flags = {
        "direct": row["is_direct"],
        "transitive": row["is_direct"] is False,
        "optional": row["is_optional"],
        "pinned": row["is_pinned"],
        "sum": row["has_integrity"],
        row["source"]: row["source"] not in {"manifest", "lock"},
    }
    marks = " ".join(flag for flag, is_set in flags.items() if is_set)
    declared = f" ({row['declared_range']})" if row["declared_range"] else ""
    licence = f" [{row['declared_licence']}]" if row["declared_licence"] else ""
    return f"{row['path']}:{row['line']} {row['purl']}{declared} {row['scope']} {marks}{licence}"
