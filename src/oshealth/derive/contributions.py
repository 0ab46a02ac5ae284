"""Who made each commit, and on whose behalf at the time."""

import polars as pl

COLUMNS = (
    "repository",
    "sha",
    "position",
    "person",
    "kind",
    "is_author",
    "authored_at",
    "known_at",
    "organisation",
    "organisation_type",
    "country",
    "is_inherited",
)


def contributions_of(
    commits: pl.DataFrame, identity: pl.DataFrame, affiliation: pl.DataFrame, organisation: pl.DataFrame
) -> pl.DataFrame:
    """One row per commit and account: the author first, then every co-author who is somebody else.

    `kind` is person, shared, bot or machine; an alias that nobody looked at is a person of its own. Organisation, its
    type and country are those of the affiliation at `authored_at`; null where none is known, or its type is not.
    """
    rows = _accounts(commits, identity)
    # It may be a supplier or a municipality: every share of either would count it as neither.
    is_typed = pl.col("organisation_type").ne_missing("unknown")
    return (
        rows.join(_affiliated(rows, affiliation), on="_row", how="left")
        .join(
            organisation.select("organisation", pl.col("type").alias("organisation_type"), "country"),
            on="organisation",
            how="left",
        )
        .with_columns(pl.when(is_typed).then(pl.col("organisation", "organisation_type", "country")))
        .sort("_row")
        .select(COLUMNS)
    )


def _accounts(commits: pl.DataFrame, identity: pl.DataFrame) -> pl.DataFrame:
    coauthors = pl.col("coauthor_aliases").fill_null(pl.lit([], dtype=pl.List(pl.String)))
    aliases = pl.concat_list(pl.concat_list("author_alias"), coauthors)
    rows = (
        commits.select(
            "repository",
            "sha",
            "position",
            "authored_at",
            "known_at",
            "is_inherited",
            pl.col("author_alias").alias("_author"),
            aliases.alias("alias"),
        )
        .with_row_index("_commit")
        .explode("alias", empty_as_null=True, keep_nulls=True)
        .filter(pl.col("alias").is_not_null())
    )
    people = identity.select("alias", "person", "kind").unique("alias", keep="first", maintain_order=True)
    return (
        rows.join(people, on="alias", how="left", maintain_order="left")
        .with_columns(
            pl.coalesce("person", "alias").alias("person"),
            pl.coalesce("kind", pl.lit("person")).alias("kind"),
            (pl.col("alias") == pl.col("_author")).alias("is_author"),
        )
        .unique(["_commit", "person"], keep="first", maintain_order=True)
        .with_row_index("_row")
    )


def _affiliated(rows: pl.DataFrame, affiliation: pl.DataFrame) -> pl.DataFrame:
    """The organisation of each row's person at the time, keyed by `_row`."""
    begun = pl.col("from_at").is_null() | (pl.col("from_at") <= pl.col("authored_at"))
    unended = pl.col("until_at").is_null() | (pl.col("authored_at") < pl.col("until_at"))
    return (
        rows.select("_row", "person", "authored_at")
        .join(affiliation.select("person", "organisation", "from_at", "until_at"), on="person", how="inner")
        .filter(begun & unended)
        .sort("_row", "from_at", "organisation", descending=[False, True, False], nulls_last=True)
        .unique("_row", keep="first", maintain_order=True)
        .select("_row", "organisation")
    )
