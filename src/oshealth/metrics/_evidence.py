"""Evidence as JSON: the same bytes for the same facts, and never long."""

import json
import math
from collections.abc import Mapping
from datetime import date
from typing import Any

MOST_ENTRIES = 50


def as_json(evidence: Mapping[str, Any]) -> str:
    """Compact, keys sorted, numbers to six digits, no list or table with more than fifty entries."""
    return json.dumps(_bounded(evidence), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _bounded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _bounded(value[key]) for key in list(value)[:MOST_ENTRIES]}
    if isinstance(value, (list, tuple)):
        return [_bounded(entry) for entry in value[:MOST_ENTRIES]]
    if isinstance(value, float):
        return _number(value)
    return value.isoformat() if isinstance(value, date) else value


def _number(value: float) -> float | int | None:
    if not math.isfinite(value):
        return None
    short = float(f"{value:.6g}")
    return int(short) if short.is_integer() else short
