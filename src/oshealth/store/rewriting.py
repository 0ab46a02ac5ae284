"""Landed rows changed for good: new files beside the old ones, then their ledgers, then the old ones go."""

import os
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path

import polars as pl

from oshealth.store.ledger import FILE_NAME, Ledger, replace_ledger, stored_ledger

Change = Callable[[pl.DataFrame], pl.DataFrame]


def rewrite(folder: Path, columns: Collection[str], change: Change) -> int:
    """Change all tables below a folder that have one of the columns; how many files changed.

    Ended at any moment and called again, it leaves what it would have left at once: every ledger names files that
    are whole, the old ones or the new ones.
    """
    homes = sorted({path.parent.parent for path in folder.rglob(FILE_NAME)})
    changed = sum(_rewrite_home(home, columns, change) for home in homes)
    return changed + sum(
        _rewrite_in_place(path, columns, change)
        for path in sorted(folder.rglob("*.parquet"))
        if stored_ledger(path.parent) is None
    )


def _rewrite_home(home: Path, columns: Collection[str], change: Change) -> int:
    """All crawls of one repository: they share files."""
    ledgers = {path: ledger for path in sorted(home.glob(f"*/{FILE_NAME}")) if (ledger := stored_ledger(path.parent))}
    named = {name for ledger in ledgers.values() for name in ledger.sizes}
    renamed = {}
    for name in sorted(named):
        if (frame := _changed(home / name, columns, change)) is not None:
            renamed[name] = _write_beside(home, name, frame)
    for path, ledger in ledgers.items():
        if renamed.keys() & ledger.sizes.keys():
            replace_ledger(path, _naming(ledger, renamed, home))
    standing = named - renamed.keys() | {*renamed.values()}
    for path in ledgers:
        _remove_all_but(standing, path.parent)
    return len(renamed)


def _rewrite_in_place(path: Path, columns: Collection[str], change: Change) -> bool:
    """A table that no ledger names, of a crawl under way or of an older schema: nothing depends on its size."""
    if (frame := _changed(path, columns, change)) is not None:
        replace_table(path, frame)
    return frame is not None


def replace_table(path: Path, frame: pl.DataFrame) -> None:
    """Put other rows in a Parquet file's place, at once, for the same readers."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    _write(temporary, frame)
    temporary.chmod(path.stat().st_mode & 0o777)
    temporary.replace(path)


def _changed(path: Path, columns: Collection[str], change: Change) -> pl.DataFrame | None:
    """The rows as they are to be; nothing where they are that already, or no Parquet file is there as a whole."""
    try:
        if not {*columns} & {*pl.read_parquet_schema(path)}:
            return None
        frame = pl.read_parquet(path, glob=False)
    except (OSError, pl.exceptions.PolarsError):
        return None
    changed = change(frame)
    return None if changed.equals(frame) else changed


def _write_beside(home: Path, name: str, frame: pl.DataFrame) -> str:
    """Write the rows under the next free name; the name."""
    stem = name.removesuffix(".parquet")
    free = next(found for number in count(2) if not (home / (found := f"{stem}-{number}.parquet")).exists())
    _write(home / free, frame)
    (home / free).chmod((home / name).stat().st_mode & 0o777)
    return free


def _write(path: Path, frame: pl.DataFrame) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        frame.write_parquet(file, compression="zstd", compression_level=1)
        file.flush()
        os.fsync(file.fileno())


def _naming(ledger: Ledger, renamed: Mapping[str, str], home: Path) -> Ledger:
    """The ledger with the new files for the old ones."""
    files = {table: tuple(renamed.get(name, name) for name in names) for table, names in ledger.files.items()}
    sizes = {
        renamed.get(name, name): (home / renamed[name]).stat().st_size if name in renamed else size
        for name, size in ledger.sizes.items()
    }
    return replace(ledger, files=files, sizes=sizes)


def _remove_all_but(standing: Collection[str], crawl: Path) -> None:
    """A landed crawl's files that no ledger names: the old ones, and what a rewriting left that was ended."""
    for path in sorted(crawl.glob("*.parquet")):
        if f"{crawl.name}/{path.name}" not in standing:
            path.unlink()
    for path in sorted(crawl.glob(f".{FILE_NAME}.*")):
        path.unlink()
