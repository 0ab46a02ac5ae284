"""What people asked on a forge, and who answered when: issues and change requests as one frame, cut at a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from oshealth.derive.facts_of import Facts
from oshealth.derive.window import Window

NOT_ASKED = "its forge was not asked"
LOCAL = "a local repository has no forge"
_COLUMNS = ("repository", "number", "author_account", "author_kind", "opened_at", "closed_at")


@dataclass(frozen=True, eq=False)
class Questions:
    """Issues and change requests opened by humans before a moment."""

    rows: pl.DataFrame
    """kind, repository, number, author_account, opened_at, and null where it came later: closed_at, merged_at,
    responded_at; is_by_newcomer, is_answer_told (whether the forge tells who answered), is_merged_by_author (null: by
    whom it was merged is not told)."""
    reviews: pl.DataFrame
    """REVIEW rows handed in before the moment."""
    unread: Mapping[str, str]
    """Why there is nothing of a repository, by repository."""
    untold_reviews: Mapping[str, str]
    """Why a repository's reviews are not known."""
    repository_count: int
    refused: Mapping[tuple[str, str], str]
    """Why a repository's issues, or its change requests, are not shown, though the others are."""

    @property
    def reason(self) -> str | None:
        """Why nothing is known, where no repository was read."""
        return next(iter(self.unread.values())) if len(self.unread) == self.repository_count else None

    @property
    def coverage(self) -> float | None:
        """The share of repositories that were read, where it is not all; half of one that shows one kind alone."""
        unread_count = len(self.unread) + len(self.refused) / 2
        return 1 - unread_count / self.repository_count if unread_count else None

    def why_none(self, otherwise: str, *kinds: str) -> str:
        """Why there is none of these kinds: the forge does not show them, or else what that means."""
        return next((why for (_, kind), why in self.refused.items() if kind in kinds), otherwise)

    def why_untold(self, asked: pl.DataFrame) -> str | None:
        """Why the forge does not tell who answered, where it tells of none of them."""
        named = [why for name, why in self.untold_reviews.items() if name in set(asked["repository"])]
        return named[0] if named and not asked["is_answer_told"].any() else None

    def opened_in(self, window: Window) -> pl.DataFrame:
        """Those opened in a stretch of time."""
        return self.rows.filter(pl.col("opened_at").is_between(window.start, window.end, closed="left"))


def questions_of(facts: Facts, end: datetime) -> Questions:
    """What was asked before a moment, as it stood then."""
    repositories = facts.subject.repositories
    told_of = facts.table("forge_repository")["repository"].unique().to_list()  # former homes among them
    unread = {name: why for name in repositories if (why := _why_unread(facts, name))}
    untold = {name: why for name in {*repositories, *told_of} if (why := _gap(facts, name, "review"))}
    rows = pl.concat([_opened(facts, "issue", end), _opened(facts, "change_request", end)])
    newcomer = (pl.col("opened_at").rank("ordinal").over("author_account") == 1) & pl.col(
        "author_account"
    ).is_not_null()
    told = ~pl.col("repository").is_in(list(untold)) | (pl.col("kind") == "issue")
    rows = rows.sort("opened_at", "repository", "number").with_columns(is_by_newcomer=newcomer, is_answer_told=told)
    reviews = facts.table("review").filter(pl.col("submitted_at") < end)
    people = rows.filter(pl.col("author_kind") != "bot")
    return Questions(people, reviews, unread, untold, len(repositories), _refused(facts, set(repositories) - {*unread}))


def unknown_reviews(facts: Facts) -> dict[str, str]:
    """Why the reviews of a repository are not known, by repository."""
    names = facts.subject.repositories
    return {name: why for name in names if (why := _why_unread(facts, name) or _gap(facts, name, "review"))}


def _opened(facts: Facts, kind: str, end: datetime) -> pl.DataFrame:
    rows = facts.table(kind).filter(pl.col("opened_at") < end)
    is_request = kind == "change_request"
    merged_at = pl.col("merged_at") if is_request else pl.lit(None, dtype=pl.Datetime("us"))
    by_author = pl.col("merged_by_account") == pl.col("author_account") if is_request else pl.lit(value=False)
    is_by_author = pl.when(merged_at.is_null()).then(statement=False).otherwise(by_author)
    answers = facts.table("response").filter(pl.col("subject_kind") == kind, pl.col("responded_at") < end)
    return (
        rows.select(
            pl.lit(kind).alias("kind"),
            *_COLUMNS,
            merged_at.alias("merged_at"),
            is_by_author.alias("is_merged_by_author"),
        )
        .with_columns(pl.when(pl.col(name) < end).then(name).alias(name) for name in ("closed_at", "merged_at"))
        .join(answers.select("repository", "number", "responded_at"), on=["repository", "number"], how="left")
    )


def _why_unread(facts: Facts, repository: str) -> str | None:
    """Why nothing is known of a repository's issues and requests; nothing where they were read."""
    if repository.startswith("local/"):
        return LOCAL
    row = facts.table("forge_repository").filter(pl.col("repository") == repository, pl.col("read_at").is_not_null())
    if row.height or _refused(facts, {repository}):
        return None
    return _gap(facts, repository, "issue") or _gap(facts, repository, "forge") or NOT_ASKED


def _refused(facts: Facts, repositories: set[str]) -> dict[tuple[str, str], str]:
    gaps = facts.table("gap").filter(pl.col("reason") == "http_403", pl.col("what").is_in(["issue", "change_request"]))
    rows = gaps.select("repository", "what", "detail").iter_rows()
    return {(name, kind): detail.rstrip(".") for name, kind, detail in rows if name in repositories}


def _gap(facts: Facts, repository: str, what: str) -> str | None:
    found = facts.table("gap").filter(pl.col("repository") == repository, pl.col("what") == what)
    return found["detail"][0].rstrip(".") if found.height else None
