"""Past months are computed again and replace those before; runs are appended."""

from datetime import date, datetime
from pathlib import Path

import polars as pl

from oshealth.facts import MEASUREMENT
from oshealth.store import FactsFolder


def rows(value: float, as_of: date, run_id: str = "r1") -> pl.DataFrame:
    known = {"subject_kind": "codebase", "subject": "desk", "metric": "truck_factor", "as_of": as_of, "value": value}
    return pl.DataFrame([{name: known.get(name) for name in MEASUREMENT} | {"run_id": run_id}], schema=MEASUREMENT)


def test_a_history_computed_again_replaces_the_one_before(tmp_path: Path) -> None:
    store = FactsFolder(tmp_path)
    assert store.history_fingerprint("desk") is None
    store.write_history("desk", rows(1, date(2024, 1, 31)), "first", datetime(2026, 1, 1))  # noqa: DTZ001
    store.write_history("desk", rows(2, date(2024, 1, 31)), "second", datetime(2026, 1, 1))  # noqa: DTZ001
    assert store.history_fingerprint("desk") == "second"
    assert store.read_measurements()["value"].to_list() == [2.0]


def test_history_stands_before_the_runs(tmp_path: Path) -> None:
    store = FactsFolder(tmp_path)
    store.append_measurements(rows(3, date(2024, 2, 1)), "r1", datetime(2026, 1, 2))  # noqa: DTZ001
    store.append_measurements(rows(4, date(2024, 2, 2), "r2"), "r2", datetime(2026, 1, 3))  # noqa: DTZ001
    store.write_history("desk", rows(2, date(2024, 1, 31)), "x", datetime(2026, 1, 4))  # noqa: DTZ001
    assert store.read_measurements()["value"].to_list() == [2.0, 3.0, 4.0]
