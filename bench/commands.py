"""What a user waits for: `audit`, `--help`, and a run over all histories, again with nothing new."""

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.process import Run, median_run, run

TITLE = "Commands"
OSHEALTH = (sys.executable, "-m", "oshealth")
AS_OF = "2024-10-01"
ROOT = Path(__file__).parents[1]
PYDRILLER = re.compile(r"^maintainability_seconds = \d+", re.MULTILINE)


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
        yield from _runs(histories, _project(Path(folder) / "project"))


def _project(folder: Path) -> Path:
    """This project's folder without PyDriller's measure, which takes the time that it is given."""
    folder.mkdir()
    sources = (ROOT / "sources.toml").read_text(encoding="utf-8")
    (folder / "sources.toml").write_text(PYDRILLER.sub("maintainability_seconds = 0", sources), encoding="utf-8")
    for name in ("flows", "dashboards"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("build", "__pycache__"))
    shutil.copy(ROOT / "prefect.toml", folder)
    return folder


def _runs(histories: Path, project: Path) -> Iterator[str]:
    mirror = f"https://github.com/={histories.resolve()}/"
    plain = [*OSHEALTH, "run", "--as-of", AS_OF, "--mirror", mirror, "--no-prefect"]
    first, again = run(plain, folder=project), run(plain, folder=project)
    yield _row("`oshealth run --no-prefect`, everything new", first, 90, 1536)
    yield _row("the same again, nothing new", again, first.wall_seconds / 10, 1536)
    whole = run([word for word in plain if word != "--no-prefect"], folder=project)
    yield _row("the same again through Prefect, its start included", whole, None, None)


def _row(name: str, measured: Run, seconds: float | None, megabytes: float | None) -> str:
    limits = [f"{limit:.4g}" if limit else "–" for limit in (seconds, megabytes)]
    figures = f"{measured.wall_seconds:.2f} | {limits[0]} | {measured.cpu_seconds:.2f} | {measured.peak_megabytes:.0f}"
    return f"| {name} | {figures} | {limits[1]} |"
