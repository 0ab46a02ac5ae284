"""The fact tables: what a crawl writes, one Parquet file to a table, and what every later room reads.

Moments are UTC without a zone, to the second. Git ids are lower-case hex. Text that is not UTF-8 is kept with its
bytes escaped (``\\xNN``). Nothing here names a person: an *alias* is a keyed hash of a name and an address.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl
from polars.datatypes import DataType

from oshealth.forge_facts import FORGE

SCHEMA_VERSION = 1
"""Raised when a table changes its meaning: facts of an older version are collected again from the mirror."""

MOMENT: DataType = pl.Datetime("us")


def _table(columns: Mapping[str, DataType | type[DataType]]) -> pl.Schema:
    return pl.Schema(columns)


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

# One row per commit reachable from the default branch, merges included.
COMMIT = _table(
    {
        "repository": pl.String,  # "github.com/owner/name", see sources.Repository.id
        "sha": pl.String,
        "position": pl.Int32,  # in `git rev-list --topo-order --reverse`: 0 is the oldest
        "parents": pl.List(pl.String),
        "is_first_parent": pl.Boolean,  # on the default branch's first-parent line
        "author_alias": pl.String,
        "committer_alias": pl.String,
        "coauthor_aliases": pl.List(pl.String),  # of the Co-authored-by trailers, in their order, without repeats
        "authored_at": MOMENT,  # null where invalid: before 1990, or more than a day after the crawl
        "committed_at": MOMENT,  # null where invalid
        "known_at": MOMENT,  # committed_at, else authored_at, else its parents' latest known_at, else 1990
    }
)

# One row per commit (without merges) and path that it changed, renames followed by git's -M.
CHANGE = _table(
    {
        "repository": pl.String,
        "sha": pl.String,
        "path": pl.String,
        "old_path": pl.String,  # of a rename or copy, else null
        "kind": pl.String,  # A added, M modified, D deleted, R renamed, C copied, T type changed
        "is_submodule": pl.Boolean,
        "added_lines": pl.Int32,  # null: not counted, or binary
        "deleted_lines": pl.Int32,
    }
)

# One row per path and content on the default branch's first-parent line, with the time it stood there.
# The tree at a moment t is `from_at <= t and (until_at is null or t < until_at)`.
FILE = _table(
    {
        "repository": pl.String,
        "path": pl.String,
        "blob": pl.String,
        "is_symlink": pl.Boolean,
        "is_submodule": pl.Boolean,
        "from_at": MOMENT,
        "until_at": MOMENT,
    }
)

# One row per content kept: governance documents, workflows, manifests and lock files. Never published.
TEXT = _table({"repository": pl.String, "blob": pl.String, "size_bytes": pl.Int64, "text": pl.String})

# One row per mention of a version: a tag, a heading of the root changelog, a forge's release, a package's version.
RELEASE = _table(
    {
        "repository": pl.String,
        "source": pl.String,  # tag, changelog, forge, registry
        "name": pl.String,  # as it stands there: "v1.2.3", "## 1.2.3 (2024-05-01)", "@org/name 1.2.3"
        "version": pl.String,  # normalised, by which mentions are matched: "1.2.3"
        "released_at": MOMENT,  # the tagger's date, else the commit's; of a heading, the commit's that added it
        "sha": pl.String,  # the commit, null where the source names none
        "is_prerelease": pl.Boolean,
        "is_signed": pl.Boolean,  # null where the source is no tag
        "base_shas": pl.List(pl.String),  # where a side branch that bears `sha` left the default branch; else null
    }
)

# One row per branch of the mirror.
BRANCH = _table(
    {
        "repository": pl.String,
        "name": pl.String,
        "sha": pl.String,
        "is_default": pl.Boolean,
        "committed_at": MOMENT,
        "ahead_count": pl.Int32,  # commits that the default branch lacks; null: not counted
        "behind_count": pl.Int32,
    }
)

# One row per governance document or automation file and content, with the time it stood there.
DOCUMENT = _table(
    {
        "repository": pl.String,
        "kind": pl.String,  # readme, licence, contributing, …: collect.documents.KINDS
        "path": pl.String,
        "blob": pl.String,
        "from_at": MOMENT,
        "until_at": MOMENT,
    }
)

# One row per dependency and file that says so, at one head; a file that cannot be read is one row without a name.
# A manifest and its lock file speak of the same dependency in two rows with one purl: count by purl.
DEPENDENCY = _table(
    {
        "repository": pl.String,
        "purl": pl.String,  # with the version where it is resolved; null: what is named has no package URL
        "name": pl.String,  # with its namespace, as the ecosystem writes it: "@org/name", "org.example:name"
        "ecosystem": pl.String,  # the purl's type: npm, pypi, gem, composer, maven, deb, docker, github, generic, …
        "declared_range": pl.String,
        "resolved_version": pl.String,
        "is_direct": pl.Boolean,  # named by the repository itself; null: the file does not tell
        "scope": pl.String,  # runtime, development, build
        "is_optional": pl.Boolean,
        "path": pl.String,
        "line": pl.Int32,
        "source": pl.String,  # collect.manifests.entry.Source: manifest, lock, dockerfile, workflow, script, page, …
        "declared_licence": pl.String,  # what the file itself says, as it stands
        "url": pl.String,  # where it is fetched from, if the file says so; without user and password
        "is_pinned": pl.Boolean,  # to one version or content: an exact version, a lock file, a commit, a digest
        "has_integrity": pl.Boolean,  # a checksum stands beside it
        "state": pl.String,  # ok, unreadable
        "reason": pl.String,  # of unreadable
    }
)

# One row per commit (without merges) that only a declared fork has, or only its upstream; and per commit of both that
# the fork took in from upstream and that may be a change of its own come back.
PATCH = _table(
    {
        "repository": pl.String,  # the fork's, for all sides
        "sha": pl.String,
        "side": pl.String,  # whose default branch has it: fork, upstream, both
        "patch_id": pl.String,  # `git patch-id --stable`: the same change, the same id; null: empty, or not compared
        "known_at": MOMENT,
    }
)

# One row per commit whose delta maintainability was looked at. A value once measured is kept for good.
MAINTAINABILITY = _table(
    {
        "repository": pl.String,
        "sha": pl.String,
        "value": pl.Float64,  # mean of PyDriller's three delta maintainability properties, 0 to 1; null: it gives none
        "reason": pl.String,  # why there is no value: "no_code", "parser_error", "too_large"
    }
)

# One row per thing that could not be known.
GAP = _table(
    {
        "repository": pl.String,
        "what": pl.String,  # the table or measure concerned: "commit", "issue", "release", …
        "reason": pl.String,  # a short key: "invalid_date", "unreachable", "http_403", …
        "detail": pl.String,  # one sentence for people; no name, address or token in it
        "count": pl.Int64,  # how many rows it concerns; null where that is unknown
    }
)

# One row per alias, in the private folder only.
ALIAS = _table(
    {
        "alias": pl.String,
        "name": pl.String,
        "address": pl.String,
        "first_at": MOMENT,
        "commit_count": pl.Int64,
    }
)

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

# What the room `people` makes of the aliases, for all repositories together. No name stands in it.
# One row per alias.
IDENTITY = _table(
    {
        "alias": pl.String,
        "person": pl.String,  # the alias of theirs that was seen first
        "kind": pl.String,  # person, bot, machine, shared
    }
)

# One row per person, organisation and stretch of time; stretches of one person do not overlap.
AFFILIATION = _table(
    {
        "person": pl.String,
        "organisation": pl.String,
        "from_at": MOMENT,  # null: since ever
        "until_at": MOMENT,  # exclusive; null: until further notice
        "evidence": pl.String,  # declared, address, profile, nearby
        "confidence": pl.Float64,  # 0 to 1
    }
)

# One row per organisation known.
ORGANISATION = _table(
    {
        "organisation": pl.String,
        "name": pl.String,
        "type": pl.String,  # sources.OrganisationType
        "country": pl.String,  # ISO 3166-1 alpha-2
        "code": pl.String,  # official code of a municipality
        "region": pl.String,
        "population": pl.Int64,
    }
)

PEOPLE: dict[str, pl.Schema] = {
    "identity": IDENTITY,
    "affiliation": AFFILIATION,
    "organisation": ORGANISATION,
}

# What is known of packages, whoever needs them. A row with a licence or a moment is kept for good.
# One row per package URL and source asked.
PACKAGE = _table(
    {
        "purl": pl.String,  # with the version; without one where nothing resolves it: then of the newest
        "source": pl.String,  # deps.dev, registry, debian
        "licences_raw": pl.List(pl.String),  # what the source says, as it stands, the most exact first
        "released_at": MOMENT,
        "fetched_at": MOMENT,
        "reason": pl.String,  # why the source says nothing: "http_404", "unreachable", …; asked again
    }
)

# One row per version of a package that some repository names itself.
PACKAGE_RELEASE = _table(
    {
        "package": pl.String,  # the package URL without version
        "version": pl.String,
        "released_at": MOMENT,
        "is_stable": pl.Boolean,
        "source": pl.String,
        "fetched_at": MOMENT,
    }
)

PACKAGES: dict[str, pl.Schema] = {"package": PACKAGE, "package_release": PACKAGE_RELEASE}

# One row per subject, metric and day measured.
MEASUREMENT = _table(
    {
        "subject_kind": pl.String,  # repository, codebase
        "subject": pl.String,  # repository: "github.com/owner/name"; codebase: its id in sources.toml
        "metric": pl.String,
        "as_of": pl.Date,
        "value": pl.Float64,
        "label": pl.String,
        "sample_size": pl.Int64,
        "coverage": pl.Float64,
        "grade": pl.String,  # good, watch, poor; null: no bands, or unknown
        "reason": pl.String,  # why there is neither value nor label
        "evidence": pl.String,  # JSON
        "run_id": pl.String,
        "tool_version": pl.String,
        "metric_version": pl.Int32,
    }
)


@dataclass(frozen=True)
class Gap:
    """Something that could not be known, and why. It becomes a row of the table `gap`."""

    what: str
    reason: str
    detail: str
    count: int | None = None


def empty(table: str) -> pl.DataFrame:
    """A frame of the table's columns and types, without rows."""
    return TABLES[table].to_frame()
