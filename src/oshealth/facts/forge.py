"""The fact tables that a forge fills: who asked, who answered and when, what was reviewed, who forked.

A login is personal data: an *account* is a keyed hash of host and login. Moments are UTC without a zone.
"""

import polars as pl

from oshealth.facts.columns import MOMENT, table

# One row per issue. What it is closed and reopened by is not kept: an open one has no `closed_at`.
ISSUE = table(
    {
        "repository": pl.String,
        "number": pl.Int64,
        "forge_id": pl.String,  # stays when it is transferred
        "author_account": pl.String,  # null: the account is gone
        "author_kind": pl.String,  # person, bot, ghost (the account is gone)
        "state": pl.String,  # open, closed
        "opened_at": MOMENT,
        "closed_at": MOMENT,
        "updated_at": MOMENT,
        "labels": pl.List(pl.String),
        "comment_count": pl.Int32,
    }
)

# One row per pull request or merge request.
CHANGE_REQUEST = table(
    {
        "repository": pl.String,
        "number": pl.Int64,
        "forge_id": pl.String,
        "author_account": pl.String,
        "author_kind": pl.String,
        "is_draft": pl.Boolean,
        "state": pl.String,  # open, closed, merged
        "opened_at": MOMENT,
        "closed_at": MOMENT,  # of a merged one, when it was merged
        "merged_at": MOMENT,
        "merged_by_account": pl.String,
        "merge_sha": pl.String,
        "base_branch": pl.String,
        "updated_at": MOMENT,
        "comment_count": pl.Int32,
    }
)

# One row per review of a change request that was handed in.
REVIEW = table(
    {
        "repository": pl.String,
        "number": pl.Int64,
        "review": pl.String,  # the forge's id of it
        "reviewer_account": pl.String,
        "reviewer_kind": pl.String,
        "state": pl.String,  # approved, changes_requested, commented, dismissed
        "submitted_at": MOMENT,
    }
)

# One row per issue or change request that was answered: the first answer by a human other than its author.
RESPONSE = table(
    {
        "repository": pl.String,
        "subject_kind": pl.String,  # issue, change_request
        "number": pl.Int64,
        "responder_account": pl.String,
        "responded_at": MOMENT,
    }
)

# One row per fork on the forge, the most recently changed hundred.
FORK = table(
    {
        "repository": pl.String,
        "fork": pl.String,  # its address without scheme
        "created_at": MOMENT,
        "pushed_at": MOMENT,
        "star_count": pl.Int64,
        "is_archived": pl.Boolean,
    }
)

# One row: what the forge says of the repository itself, and how far it was read.
FORGE_REPOSITORY = table(
    {
        "repository": pl.String,
        "forge": pl.String,  # github, gitlab
        "forge_id": pl.String,  # stays when it moves
        "url": pl.String,  # where it lives now
        "is_archived": pl.Boolean,
        "default_branch": pl.String,
        "licence": pl.String,  # SPDX, as the forge reads it
        "topics": pl.List(pl.String),
        "star_count": pl.Int64,
        "fork_count": pl.Int64,
        "moved_to": pl.String,  # the address to write into sources.toml; null: it has not moved
        "status": pl.String,  # ok, moved, replaced (another repository bears the name), missing, gone, blocked
        "missing_since": MOMENT,  # the first of the answers "not found"
        "etag": pl.String,  # of the answer that the other columns are read from
        "read_at": MOMENT,  # by the forge's clock: what changed later is not known
        "surplus": pl.Int64,  # rows that the forge no longer counts, after all were read
    }
)

# One row per account that opened or answered something: what its owner says of its employer.
PROFILE = table(
    {
        "repository": pl.String,
        "account": pl.String,
        "company": pl.String,  # free text
        "is_member": pl.Boolean,  # of the organisation that owns the repository; null: not told
        "is_self_declared": pl.Boolean,
        "seen_at": MOMENT,
    }
)

FORGE: dict[str, pl.Schema] = {
    "issue": ISSUE,
    "change_request": CHANGE_REQUEST,
    "review": REVIEW,
    "response": RESPONSE,
    "fork": FORK,
    "forge_repository": FORGE_REPOSITORY,
    "profile": PROFILE,
}
"""What a forge is asked for, for each repository; `facts.TABLES` holds these and `forge_release`."""
