"""The flow through a real Prefect server on loopback, as `oshealth run` starts it."""

import sqlite3
from pathlib import Path

import pytest

from project_folder import desk_and_map
from test_command_line import oshealth


@pytest.mark.slow
def test_a_run_through_prefect_ends_partly_done_and_leaves_its_artifact(tmp_path: Path) -> None:
    folder = desk_and_map(tmp_path / "project")
    home = tmp_path / "prefect"
    home.mkdir()
    done = oshealth(
        *("run", "--as-of", "2024-06-30", "--mirror", folder.mirror),
        folder=folder.path,
        PREFECT_HOME=str(home),
    )
    assert done.returncode == 3, done.stderr
    assert "Partly done: 1 of" in done.stderr
    assert (folder.path / "warehouse" / "reports" / "index.html").is_file()
    with sqlite3.connect(home / "prefect.db") as database:
        text = database.execute("select data from artifact where key = 'nightly'").fetchone()[0]
        states = dict(database.execute("select name, state_type from task_run"))
    assert "old\\\\-desk" in text or "old-desk" in text
    assert states["crawl https://github.com/example/map"] == "COMPLETED"
    assert states["crawl https://github.com/example/old-desk"] == "FAILED"
