"""What Prefect must be told before it is imported: it reads `prefect.toml` from the working folder only."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from prefect import Flow

SETTINGS: Mapping[str, str] = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "DO_NOT_TRACK": "1",
}


def prepare(data: Path, **settings: str) -> None:
    """Set what the user has not set: Prefect's home in the data folder, no telemetry, time to start."""
    (data / "prefect").mkdir(parents=True, exist_ok=True)  # its database does not make the folder that it lies in
    for name, value in {**SETTINGS, "PREFECT_HOME": str(data / "prefect"), **settings}.items():
        os.environ.setdefault(name, value)


def nightly_flow(folder: Path) -> Flow[..., Any]:
    """The flow of flows/nightly.py in a project folder, else of the package's own."""
    from prefect.flows import load_flow_from_entrypoint

    from oshealth.commands.init import model_file

    own = folder / "flows" / "nightly.py"
    return load_flow_from_entrypoint(f"{own if own.exists() else model_file('flows/nightly.py')}:nightly")
