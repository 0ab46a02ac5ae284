"""What a user waits for: `audit`, `--help`, and a run over all histories, again with nothing new."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.process import Run, median_run, run

TITLE = "Commands"
OSHEALTH = (sys.executable, "-m", "oshealth")
AS_OF = "2024-10-01"


def chapter(histories: Path) -> Iterator[str]:
    """The lines of the chapter."""
    yield "| command | wall s | limit | CPU s | memory MB | limit |"
    yield "|---|---|---|---|---|---|"
    yield _row("`oshealth --help`", median_run(5, [*OSHEALTH, "--help"]), 0.5, None)
    with tempfile.TemporaryDirectory() as folder:
        for name, seconds, megabytes in (
            ("HSLdevcom/digitransit-ui", 5.0, 700),
            ("OS2borgerPC/os2borgerpc-client", 1.5, None),
        ):
            clone = Path(folder) / Path(name).name
            run(["git", "clone", "--quiet", "--no-checkout", str(histories / name), str(clone)])
            audit = median_run(3, [*OSHEALTH, "audit", str(clone), "--as-of", AS_OF])
            yield _row(f"`oshealth audit` {name}", audit, seconds, megabytes)
        yield from _runs(histories, Path(folder) / "data")


def _runs(histories: Path, data: Path) -> Iterator[str]:
    mirror = f"https://github.com/={histories.resolve()}/"
    plain = [*OSHEALTH, "run", "--as-of", AS_OF, "--mirror", mirror, "--data", str(data), "--no-prefect"]
    first, again = run(plain), run(plain)
    yield _row("`oshealth run --no-prefect`, everything new", first, 90, 1536)
    yield _row("the same again, nothing new", again, first.wall_seconds / 10, 1536)
    whole = run([word for word in plain if word != "--no-prefect"])
    yield _row("the same again through Prefect, its start included", whole, None, None)


def _row(name: str, measured: Run, seconds: float | None, megabytes: float | None) -> str:
    limits = [f"{limit:.3g}" if limit else "–" for limit in (seconds, megabytes)]
    figures = f"{measured.wall_seconds:.2f} | {limits[0]} | {measured.cpu_seconds:.2f} | {measured.peak_megabytes:.0f}"
    return f"| {name} | {figures} | {limits[1]} |"
