"""What must never be published: the key that makes aliases, and the names that stand behind them."""

import contextlib
import os
import re
import secrets
from datetime import datetime
from pathlib import Path

import polars as pl

from oshealth.facts import ALIAS
from oshealth.store.ledger import StoreError, crawl_name, folder_name

_KEY_BYTES = 32


class PrivateFolder:
    """The folder `private/` of a data folder: 0700, its files 0600."""

    def __init__(self, data: Path) -> None:
        self.path = data / "private"

    def key(self, given: str | None = None) -> bytes:
        """The key of all aliases: `given` as hex (from OSHEALTH_KEY), else the one kept here, made at first use."""
        if given:
            return _key_of(given, "OSHEALTH_KEY")
        path = self._made(self.path) / "hmac.key"
        if not path.exists():
            self._make_key(path)
        return _key_of(path.read_text(encoding="ascii", errors="replace"), str(path))

    def write_aliases(self, repository: str, crawled_at: datetime, frame: pl.DataFrame) -> None:
        """Keep the names behind a repository's aliases, in place of those of its earlier crawls."""
        if frame.schema != ALIAS:
            raise StoreError(f"aliases must have {dict(ALIAS)}, not {dict(frame.schema)}")
        folder = self._made(self.path / "alias")
        earlier = [path for path in folder.iterdir() if _is_of(repository, path.name)]
        path = folder / f"{folder_name(repository)}+{crawl_name(crawled_at)}.parquet"
        self._replace(path, frame)
        for other in earlier:
            if other != path:
                other.unlink(missing_ok=True)

    def read_aliases(self) -> pl.DataFrame:
        """The aliases of all repositories, one row each: seen first at, and in how many commits."""
        files = sorted((self.path / "alias").glob("*.parquet"))
        if not files:
            return ALIAS.to_frame()
        return (
            pl.concat([pl.read_parquet(path, glob=False) for path in files])
            .group_by("alias")
            .agg(
                pl.col("name", "address").first(),
                pl.col("first_at").min(),
                pl.col("commit_count").sum(),
            )
            .sort("first_at", "alias", nulls_last=True)
        )

    def write_merged(self, frame: pl.DataFrame) -> None:
        """Write `alias.parquet`, what maps every alias back; replaced as a whole."""
        self._made(self.path)
        self._replace(self.path / "alias.parquet", frame)

    def read_merged(self) -> pl.DataFrame:
        """The content of `alias.parquet`; empty where there is none."""
        path = self.path / "alias.parquet"
        return pl.read_parquet(path, glob=False) if path.exists() else ALIAS.to_frame()

    def _made(self, folder: Path) -> Path:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        for path in dict.fromkeys((self.path, folder)):
            path.mkdir(mode=0o700, exist_ok=True)
        self.path.chmod(0o700)
        return folder

    def _replace(self, path: Path, frame: pl.DataFrame) -> None:
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        self._write(temporary, b"")
        frame.write_parquet(temporary, compression="zstd", compression_level=1)
        temporary.replace(path)

    def _make_key(self, path: Path) -> None:
        """Whoever comes first makes the key: a link, unlike a rename, never replaces what is there."""
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        self._write(temporary, secrets.token_hex(_KEY_BYTES).encode() + b"\n")
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(temporary)
        temporary.unlink()

    def _write(self, path: Path, content: bytes) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)


def _key_of(text: str, where: str) -> bytes:
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) < _KEY_BYTES:
        raise StoreError(f"{where} holds no key: expected at least {2 * _KEY_BYTES} hexadecimal digits")
    return key


def _is_of(repository: str, name: str) -> bool:
    """Whether a file holds aliases of this repository, landed or left half-written by a crash, and of none below it."""
    written = rf"{re.escape(folder_name(repository))}\+\d{{8}}T\d{{6}}Z(-\d+)?\.parquet"
    return re.fullmatch(rf"{written}|\.{written}\.[0-9a-f]{{8}}", name) is not None
