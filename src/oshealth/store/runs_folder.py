"""What one run has measured so far, by subject, until it lands as a whole."""

import shutil
from datetime import datetime

import polars as pl

from oshealth.facts import MEASUREMENT
from oshealth.store.facts_folder import FactsFolder
from oshealth.store.ledger import folder_name


class RunFolder:
    """The measurements of one run below DATA/facts/+measuring/RUN; they land together."""

    def __init__(self, facts: FactsFolder, run_id: str) -> None:
        self._facts = facts
        self._run_id = run_id
        self.path = facts.path / "+measuring" / folder_name(run_id)

    def write(self, subject: str, frame: pl.DataFrame) -> None:
        """Keep what was measured of one subject. Several processes may do this at once, each for its subject."""
        self.path.mkdir(parents=True, exist_ok=True)
        frame.write_parquet(self.path / f"{folder_name(subject)}.parquet")

    def land(self, measured_at: datetime, detail: str = "") -> int:
        """Land what was measured of all subjects, and in `detail` what failed; how many rows."""
        frames = [pl.read_parquet(path, glob=False) for path in sorted(self.path.glob("*.parquet"))]
        rows = pl.concat([MEASUREMENT.to_frame(), *frames])
        self._facts.append_measurements(rows, self._run_id, measured_at, detail)
        shutil.rmtree(self.path, ignore_errors=True)
        return rows.height
