"""What registries said of packages, kept between audits in a folder of the user's own: no project folder is needed.

It holds names, versions and licences of packages, nothing of who needs them. It may be removed at any time.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from oshealth.facts import PACKAGE, PACKAGES

MOST_ROWS = {"package": 200_000, "package_release": 1_000_000}
"""The oldest go first."""
_SAME = {"package": ["purl", "source"], "package_release": ["package", "version"]}


@dataclass(frozen=True)
class PackageCache:
    """A folder that only its owner may read; nothing is read or kept where it cannot be had, or others may write."""

    folder: Path | None

    def read(self) -> dict[str, pl.DataFrame]:
        """The tables of `facts.PACKAGES` as far as they are kept; what cannot be read is taken for nothing."""
        return {name: self._table(name, schema) for name, schema in PACKAGES.items()}

    def of(self, dependencies: pl.DataFrame) -> dict[str, pl.DataFrame]:
        """The same of what these rows of `facts.DEPENDENCY` name alone."""
        kept = self.read()
        named = dependencies.select("purl").drop_nulls().unique()
        packages = named.select(pl.col("purl").str.replace("@[^@]*$", "").alias("package")).unique()
        return {
            "package": kept["package"].join(named, on="purl", how="semi"),
            "package_release": kept["package_release"].join(packages, on="package", how="semi"),
        }

    def add(self, found: Mapping[str, pl.DataFrame], lasting: pl.Expr) -> None:
        """Keep what was found in place of what was said before.

        Args:
            found: the tables of `facts.PACKAGES`.
            lasting: which rows of the table `package` are answers; that nobody could be reached is none.
        """
        if self.folder is None or not _is_ours(self.folder):
            return
        kept = self.read()
        rows = {**found, "package": found.get("package", PACKAGE.to_frame()).filter(lasting)}
        for name, frame in rows.items():
            if not frame.is_empty():
                _replace(self.folder / f"{name}.parquet", _merged(name, kept[name], frame))

    def _table(self, name: str, schema: pl.Schema) -> pl.DataFrame:
        if self.folder is None or not self.folder.is_dir() or not _is_ours(self.folder):
            return schema.to_frame()
        try:
            frame = pl.read_parquet(self.folder / f"{name}.parquet", glob=False)
        except (OSError, pl.exceptions.PolarsError):
            return schema.to_frame()
        return frame if frame.schema == schema else schema.to_frame()


def _merged(name: str, kept: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    rows = pl.concat([frame, kept]).unique(_SAME[name], keep="first", maintain_order=True)
    return rows.sort("fetched_at", descending=True).head(MOST_ROWS[name])


def _is_ours(folder: Path) -> bool:
    """Make the folder if need be; whether it is ours alone to write."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.lstat()
        return status.st_uid == os.getuid() and not status.st_mode & 0o022
    except OSError:
        return False


def _replace(path: Path, frame: pl.DataFrame) -> None:
    """Put a table in place as a whole; two audits at once lose at most what one of them found."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        frame.write_parquet(part, compression="zstd", compression_level=1)
        part.replace(path)
    except (OSError, pl.exceptions.PolarsError):
        part.unlink(missing_ok=True)
