"""The folders of crawls inside one folder, each named by its moment: which is the newest, and the next one."""

from datetime import datetime, timedelta
from pathlib import Path

from oshealth.store.ledger import Ledger, StoreError, crawl_moment, crawl_name, read_ledger

UNFINISHED_AFTER = timedelta(days=1)
"""What is not complete by then was killed."""


def subfolders(path: Path) -> list[Path]:
    """The folders in a folder, by name; none where it is not there."""
    return sorted(p for p in path.iterdir() if p.is_dir()) if path.is_dir() else []


def newest(folder: Path) -> Ledger | None:
    """The ledger of the newest complete crawl; none where there is no crawl of this schema version."""
    return next((ledger for path in by_age(folder) if (ledger := read_ledger(path))), None)


def by_age(folder: Path) -> list[Path]:
    """A repository's crawl folders, the newest first: "…Z-10" after "…Z-9"."""
    crawls = [path for path in subfolders(folder) if crawl_moment(path.name)]
    return sorted(crawls, key=lambda path: (path.name[:16], len(path.name), path.name), reverse=True)


def new_folder(folder: Path, at: datetime) -> Path:
    """Make a crawl's folder, the newest though the clock was set back; where the name is taken, "-2" and so on."""
    folder.mkdir(parents=True, exist_ok=True)
    last = next((moment for path in by_age(folder) if (moment := crawl_moment(path.name))), at)
    name = crawl_name(last + timedelta(seconds=1) if last > at else at)
    for number in range(1, 1000):
        path = folder / (name if number == 1 else f"{name}-{number}")
        try:
            path.mkdir()
        except FileExistsError:
            continue
        return path
    raise StoreError(f"{folder.name}: a thousand crawls began in the same second {name}")
