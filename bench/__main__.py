"""`make bench`: measure everything and write RESULTS.md. `python -m bench identity` prints one chapter."""

import importlib
import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
NOTES = HERE / "notes"
"""What a person found out about the figures, beside them in RESULTS.md."""
CHAPTERS = ("history", "commands", "identity", "manifests", "forges", "licences")
FIRST = "manifests"
"""Measured before the others: it tells the most memory that the whole process has had."""
VERSIONS = ("duckdb", "polars", "pyarrow", "prefect", "pydriller", "altair")


def histories() -> Path:
    """The folder of real histories: OSHEALTH_SHARED, else ../shared beside the project."""
    shared = Path(os.environ.get("OSHEALTH_SHARED", HERE.parent.parent / "shared"))
    return shared / "histories"


def main(chosen: list[str]) -> int:
    """Measure the chapters named, or all of them into RESULTS.md."""
    if not histories().is_dir():
        print(f"{histories()} is not here: there is nothing to measure on", file=sys.stderr)
        return 2
    wanted = chosen or CHAPTERS
    measured = {name: _chapter(name) for name in sorted(wanted, key=lambda name: name != FIRST)}
    chapters = [measured[name] for name in wanted]
    if chosen:
        print("\n".join(chapters))
        return 0
    by_hand = (NOTES / "exactness.md").read_text(encoding="utf-8")
    (HERE / "RESULTS.md").write_text("\n".join([_head(), *chapters, by_hand]), encoding="utf-8")
    print(f"written to {HERE / 'RESULTS.md'}")
    return 0


def _chapter(name: str) -> str:
    print(f"measuring {name} …", file=sys.stderr)
    module = importlib.import_module(f"bench.{name}")
    note = NOTES / f"{name}.md"
    explained = [note.read_text(encoding="utf-8")] if note.exists() else []
    return "\n".join([f"## {module.TITLE}", "", *module.chapter(histories()), "", *explained])


def _head() -> str:
    day = datetime.now(UTC).date()  # noqa: TID251 (a bench is dated by the clock)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    machine = f"{len(os.sched_getaffinity(0))} cores, {memory:.0f} GB, {platform.system()} {platform.machine()}"
    versions = ", ".join(f"{name} {version(name)}" for name in VERSIONS)
    return (
        f"# What was measured\n\n{day:%-d %B %Y}, by `make bench`, on a machine that other work shares: {machine}; "
        f"Python {platform.python_version()}, {versions}. Times are whole processes, medians; trust the ratios.\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
