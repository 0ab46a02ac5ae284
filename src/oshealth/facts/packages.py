"""What a repository needs, and what is known of packages, whoever needs them."""

import polars as pl

from oshealth.facts.columns import MOMENT, table

# One row per dependency and file that says so, at one head; a file that cannot be read is one row without a name.
# A manifest and its lock file speak of the same dependency in two rows with one purl: count by purl.
DEPENDENCY = table(
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

# What is known of packages, whoever needs them. A row with a licence or a moment is kept for good.
# One row per package URL and source asked.
PACKAGE = table(
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
PACKAGE_RELEASE = table(
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
