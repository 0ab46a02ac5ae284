"""What must never be published: the key that makes aliases, and the names that stand behind them."""

import contextlib
import hmac
import os
import re
import secrets
from datetime import datetime
from pathlib import Path

import polars as pl

from oshealth.facts import ALIAS
from oshealth.store.ledger import StoreError, crawl_name, folder_name

_KEY_BYTES = 32


class AliasKeyError(StoreError):
    """The key of the aliases is missing or wrong; the message is one sentence for who runs it."""


class PrivateFolder:
    """The folder `private/` of a data folder: 0700, its files 0600."""

    def __init__(self, data: Path) -> None:
        self.path = data / "private"

    def key(self, given: str | None = None) -> bytes:
        """The key of all aliases: `given` as hex (from OSHEALTH_KEY), else the one kept here, made at first use.

        Raises:
            AliasKeyError: it is no key, or not the one that the aliases were made with: nobody would be who they were,
                and whoever was erased would come back.
        """
        folder = self._made(self.path)
        kept, digest = folder / "hmac.key", folder / "key.digest"
        if not (given or kept.exists() or digest.exists()):
            self._keep_first(kept, secrets.token_hex(_KEY_BYTES))
        if not (given or kept.exists()):
            raise AliasKeyError(f"{folder}: its aliases were made with a key from OSHEALTH_KEY, which is not set")
        own = _key_of(kept.read_text(encoding="ascii", errors="replace"), str(kept)) if kept.exists() else None
        key = _key_of(given, "OSHEALTH_KEY") if given else own or b""
        if not digest.exists():
            self._keep_first(digest, _digest(own or key))
        if digest.read_text(encoding="ascii", errors="replace").strip() != _digest(key):
            raise AliasKeyError(
                f"{'OSHEALTH_KEY' if given else kept} is another key than the one that the aliases in {folder} were "
                "made with: give that one, or begin with an empty data folder"
            )
        return key

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

    def _keep_first(self, path: Path, text: str) -> None:
        """Whoever comes first says what stands there: a link, unlike a rename, never replaces what is there."""
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        self._write(temporary, text.encode() + b"\n")
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
        raise AliasKeyError(f"{where} holds no key: expected at least {2 * _KEY_BYTES} hexadecimal digits")
    return key


def _digest(key: bytes) -> str:
    """By which a key is known again, and not found."""
    return hmac.digest(key, b"the key of these aliases", "sha256").hex()


def _is_of(repository: str, name: str) -> bool:
    """Whether a file holds aliases of this repository, landed or left half-written by a crash, and of none below it."""
    written = rf"{re.escape(folder_name(repository))}\+\d{{8}}T\d{{6}}Z(-\d+)?\.parquet"
    return re.fullmatch(rf"{written}|\.{written}\.[0-9a-f]{{8}}", name) is not None
