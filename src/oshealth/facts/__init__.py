"""The fact tables: what a crawl writes, one Parquet file to a table, and what every later room reads.

Moments are UTC without a zone, to the second. Git ids are lower-case hex. Text that is not UTF-8 is kept with its
bytes escaped (``\\xNN``). Nothing here names a person: an *alias* is a keyed hash of a name and an address.
"""

from typing import Literal

import polars as pl

from oshealth.facts.columns import MOMENT, stood_before
from oshealth.facts.forge import FORGE
from oshealth.facts.git import BRANCH, CHANGE, COMMIT, DOCUMENT, FILE, MAINTAINABILITY, PATCH, RELEASE, TEXT
from oshealth.facts.packages import DEPENDENCY, PACKAGE, PACKAGE_RELEASE, PACKAGES
from oshealth.facts.people import AFFILIATION, ALIAS, IDENTITY, ORGANISATION, PEOPLE
from oshealth.facts.results import GAP, MEASUREMENT, Gap

SCHEMA_VERSION = 1
"""Raised when a table changes its meaning: facts of an older version are collected again from the mirror."""

Status = Literal[
    "ok",
    "partial",
    "shallow",
    "empty",
    "unborn",
    "sha256",
    "corrupt",
    "unreachable",
    "too_large",
    "timed_out",
]
"""How a crawl of one repository ended; see `STATUS_MEANING`."""

STATUS_MEANING: dict[Status, str] = {
    "ok": "the whole history was read",
    "partial": "objects are missing: what could be read was kept",
    "shallow": "a shallow clone: history before its boundary is not known",
    "empty": "the repository holds no commit",
    "unborn": "the default branch has no commit yet, though others may",
    "sha256": "the repository uses SHA-256 object ids and this git cannot read it",
    "corrupt": "git cannot read the repository",
    "unreachable": "the address did not answer or was refused",
    "too_large": "the repository is larger than the limit",
    "timed_out": "git did not finish within the limit",
}

TABLES: dict[str, pl.Schema] = {
    "commit": COMMIT,
    "change": CHANGE,
    "file": FILE,
    "text": TEXT,
    "release": RELEASE,
    "branch": BRANCH,
    "document": DOCUMENT,
    "dependency": DEPENDENCY,
    "patch": PATCH,
    "maintainability": MAINTAINABILITY,
    **FORGE,
    "forge_release": RELEASE,
    "gap": GAP,
}
"""What a crawl writes for each repository. `alias` goes to the private folder instead."""

FORGE_TABLES = (*FORGE, "forge_release")
"""Those that a forge fills; `forge_release` has the columns of `release`, which git fills anew in each crawl."""


def empty(table: str) -> pl.DataFrame:
    """A frame of the table's columns and types, without rows."""
    return TABLES[table].to_frame()


__all__ = [
    "AFFILIATION",
    "ALIAS",
    "BRANCH",
    "CHANGE",
    "COMMIT",
    "DEPENDENCY",
    "DOCUMENT",
    "FILE",
    "FORGE",
    "FORGE_TABLES",
    "GAP",
    "IDENTITY",
    "MAINTAINABILITY",
    "MEASUREMENT",
    "MOMENT",
    "ORGANISATION",
    "PACKAGE",
    "PACKAGES",
    "PACKAGE_RELEASE",
    "PATCH",
    "PEOPLE",
    "RELEASE",
    "SCHEMA_VERSION",
    "STATUS_MEANING",
    "TABLES",
    "TEXT",
    "Gap",
    "Status",
    "empty",
    "stood_before",
]
