"""What one run has measured so far, by subject, until it lands as a whole."""

import shutil
from datetime import datetime

import polars as pl

from oshealth.facts import MEASUREMENT
from oshealth.store.crawl_folders import UNFINISHED_AFTER, by_age
from oshealth.store.facts_folder import FactsFolder
from oshealth.store.ledger import StoreError, crawl_moment, folder_name, repository_of


class RunFolder:
    """The measurements of one run below DATA/facts/+measuring/RUN; they land together."""

    def __init__(self, facts: FactsFolder, run_id: str) -> None:
        self._facts = facts
        self._run_id = run_id
        self.path = facts.path / "+measuring" / folder_name(run_id)

    def write(self, subject: str, frame: pl.DataFrame, note: str) -> None:
        """Keep what was measured of one subject, and of what. Several processes may do this, each for its subject."""
        self.path.mkdir(parents=True, exist_ok=True)
        path = self.path / f"{folder_name(subject)}.parquet"
        whole = path.with_suffix(".whole")  # what a full disk cut short must not land
        frame.write_parquet(whole)
        whole.replace(path)
        (self.path / f"{folder_name(subject)}.note").write_text(note, encoding="utf-8")

    def land(self, measured_at: datetime, detail: str = "") -> int:
        """Land what was measured of all subjects, and in `detail` what failed; how many rows. Nothing lands nothing.

        Raises:
            StoreError: it cannot be written.
        """
        self._sweep(measured_at)
        frames = [pl.read_parquet(path, glob=False) for path in sorted(self.path.glob("*.parquet"))]
        if not frames:
            return 0
        rows = pl.concat([MEASUREMENT.to_frame(), *frames])
        try:
            self._facts.append_measurements(rows, self._run_id, measured_at, detail)
        except (OSError, pl.exceptions.PolarsError) as error:
            raise StoreError(f"{self._facts.path}: what this run measured cannot be kept: {error}") from error
        for path in self.path.glob("*.note"):
            self._facts.note(f"measured/{repository_of(path.stem)}", path.read_text(encoding="utf-8"))
        shutil.rmtree(self.path, ignore_errors=True)
        return rows.height

    def _sweep(self, measured_at: datetime) -> None:
        """Remove what runs left that were killed."""
        for path in by_age(self.path.parent):
            started_at = crawl_moment(path.name)
            if started_at and measured_at - started_at > UNFINISHED_AFTER:
                shutil.rmtree(path, ignore_errors=True)
