"""What git alone tells of a repository."""

import polars as pl

from oshealth.facts.columns import MOMENT, table

# One row per commit reachable from the default branch, merges included.
COMMIT = table(
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
CHANGE = table(
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
# The tree at a moment is told by `facts.stood_before`.
FILE = table(
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
TEXT = table({"repository": pl.String, "blob": pl.String, "size_bytes": pl.Int64, "text": pl.String})

# One row per mention of a version: a tag, a heading of the root changelog, a forge's release, a package's version.
RELEASE = table(
    {
        "repository": pl.String,
        "source": pl.String,  # tag, changelog, forge, registry
        "name": pl.String,  # as it stands there: "v1.2.3", "## 1.2.3 (2024-05-01)", "@org/name 1.2.3"
        "version": pl.String,  # normalised, by which mentions are matched: "1.2.3"; null: a forge's, whose tag tells
        "released_at": MOMENT,  # the tagger's date, else the commit's; of a heading, the commit's that added it
        "sha": pl.String,  # the commit, null where the source names none
        "is_prerelease": pl.Boolean,
        "is_signed": pl.Boolean,  # null where the source is no tag
        "base_shas": pl.List(pl.String),  # where a side branch that bears `sha` left the default branch; else null
    }
)

# One row per branch of the mirror.
BRANCH = table(
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
DOCUMENT = table(
    {
        "repository": pl.String,
        "kind": pl.String,  # readme, licence, contributing, …: collect.documents.KINDS
        "path": pl.String,
        "blob": pl.String,
        "from_at": MOMENT,
        "until_at": MOMENT,
    }
)

# One row per commit (without merges) that only a declared fork has, or only its upstream; and per commit of both that
# the fork took in from upstream and that may be a change of its own come back.
PATCH = table(
    {
        "repository": pl.String,  # the fork's, for all sides
        "sha": pl.String,
        "side": pl.String,  # whose default branch has it: fork, upstream, both
        "patch_id": pl.String,  # `git patch-id --stable`: the same change, the same id; null: empty, or not compared
        "known_at": MOMENT,
    }
)

# One row per commit whose delta maintainability was looked at. A value once measured is kept for good.
MAINTAINABILITY = table(
    {
        "repository": pl.String,
        "sha": pl.String,
        "value": pl.Float64,  # mean of PyDriller's three delta maintainability properties, 0 to 1; null: it gives none
        "reason": pl.String,  # why there is no value: "no_code", "parser_error", "too_large"
    }
)
