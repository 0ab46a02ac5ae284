"""What Prefect must be told before it is imported: it reads `prefect.toml` from the working folder only."""

import os
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

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


def nightly_flow(folder: Path) -> ModuleType:
    """The module flows/nightly.py of a project folder, else the package's own."""
    from importlib.util import module_from_spec, spec_from_file_location

    from oshealth.commands.init import model_file

    own = folder / "flows" / "nightly.py"
    path = own if own.exists() else model_file("flows/nightly.py")
    spec = spec_from_file_location("nightly", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python module")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
