"""Of which moment the facts tell that stand for one alone, and whether that was so on another day, too."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from oshealth.collect.manifests import which
from oshealth.facts import stood_before


@dataclass(frozen=True)
class ReadAt:
    """Of one repository: of which tree `dependency` tells, and since when `branch` stands as it does."""

    manifests_at: datetime | None = None
    """The end of that tree, exclusive; None: it is the newest."""
    refs_at: datetime | None = None
    """When the refs were first seen as they are; None: that is not known."""


def why_other_manifests(read_at: ReadAt, files: pl.DataFrame, end: datetime) -> str | None:
    """Why `dependency` tells nothing of the tree before `end`, if so: other manifests stood there."""
    then, now = stood_before(read_at.manifests_at), stood_before(end)
    changed = files.filter(then != now, ~pl.col("is_symlink"), ~pl.col("is_submodule"))
    if not any(which(path) for path in changed["path"].unique()):
        return None
    kept = f"those of {_day(read_at.manifests_at - timedelta(seconds=1))}" if read_at.manifests_at else "the newest"
    return f"of the files that name components {kept} were read, and on this day others stood there"


def why_other_branches(read_at: ReadAt, end: datetime) -> str | None:
    """Why `branch` tells nothing of the moment before `end`, if so: git keeps no past of its branches."""
    if read_at.refs_at is None or read_at.refs_at < end:
        return None
    return f"its branches are known as they stand since {_day(read_at.refs_at)}, and git keeps no past of them"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
