"""`oshealth serve`: the nightly job on the schedule of sources.toml."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from oshealth.collect.git_command import check_git
from oshealth.commands.environment import mirrors, project
from oshealth.commands.prefect_settings import nightly_flow, prepare
from oshealth.commands.terminal import say
from oshealth.pipeline.watched.project import ProjectError

START_SECONDS = 120


def serve_schedule(data: Path | None, options: Sequence[str] | None) -> None:
    """Serve until interrupted. Starts its own Prefect server on loopback unless PREFECT_API_URL names one."""
    opened = project(data, options)
    check_git()
    prepare(opened.data)
    with _server():
        nightly = nightly_flow(opened.folder)
        schedule = opened.sources.schedule
        say(f"Nightly at {schedule.cron} ({schedule.time_zone}); Prefect at {os.environ['PREFECT_API_URL']}.")
        from prefect.schedules import Cron

        nightly.serve(
            name="nightly",
            schedules=[Cron(schedule.cron, timezone=schedule.time_zone)],
            parameters={
                "folder": str(opened.folder),
                "data": str(opened.data),
                "options": {"mirrors": list(mirrors(options))},
            },
            limit=1,
        )


@contextmanager
def _server() -> Iterator[None]:
    if given := os.environ.get("PREFECT_API_URL"):
        _check_answers(given)
        yield
        return
    port = _free_port()
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{port}/api"
        _wait(server, f"http://127.0.0.1:{port}/api/health")
        yield
    finally:
        server.terminate()
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()


def _check_answers(url: str) -> None:
    try:
        with urlopen(f"{url}/health", timeout=20):  # noqa: S310 (the user's own)
            pass
    except HTTPError:
        return  # it wants a key, maybe, which Prefect knows
    except (OSError, ValueError):
        raise ProjectError(f"PREFECT_API_URL names {url}, where no Prefect server answers") from None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(server: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise ProjectError("Prefect's server did not start; `prefect server start` says why")
        try:
            with urlopen(url, timeout=2):  # noqa: S310 (our own loopback address)
                return
        except (URLError, OSError):
            time.sleep(0.5)
    raise ProjectError(f"Prefect's server did not answer within {START_SECONDS} seconds")
