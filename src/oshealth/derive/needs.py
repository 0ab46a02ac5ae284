"""What each repository needs, once by package, with the licence that is believed and whether it is open."""

import polars as pl

from oshealth.licences.judging import NOT_ASKED, believed

SCOPES = ("runtime", "build", "development")
_NO_PACKAGES = ("package_source",)
"""Places that packages come from."""


def needs_of(dependencies: pl.DataFrame, judged: pl.DataFrame) -> pl.DataFrame:
    """One row per repository and package.

    repository, purl, name, ecosystem, resolved_version, is_direct, scope (the nearest to the user), is_pinned,
    is_copied (its code lies in the repository), path, line, licence, licence_source, openness, openness_reason, reason
    (why its licence is unknown), released_at.
    """
    once = _once(dependencies)
    licences = believed(once.select("repository", "purl"), judged).select(
        "repository",
        "purl",
        "licence",
        pl.col("source").alias("licence_source"),
        "openness",
        "openness_reason",
        "reason",
    )
    released = judged.group_by("purl").agg(pl.col("released_at").drop_nulls().first())
    found = once.join(licences, on=["repository", "purl"], how="left").join(released, on="purl", how="left")
    return found.with_columns(
        pl.col("openness").fill_null("unknown"),
        pl.when(pl.col("licence").is_null()).then(pl.col("reason").fill_null(NOT_ASKED)).alias("reason"),
        pl.col("scope").fill_null("runtime"),
    )


def _once(dependencies: pl.DataFrame) -> pl.DataFrame:
    """One row per repository and package, by the nearest of the files that name it."""
    rows = dependencies.filter(pl.col("state") == "ok", ~pl.col("source").is_in(_NO_PACKAGES))
    ranks = {scope: rank for rank, scope in enumerate(SCOPES)}
    rank = pl.col("scope").replace_strict(ranks, default=0, return_dtype=pl.Int8)
    # What has no package URL is told apart by its name, and by where it is named where it has none either.
    # A variable's name is another's in the next file.
    name = pl.when(~pl.col("name").str.contains("$", literal=True)).then("name")
    key = pl.coalesce("purl", name, pl.format("{}:{}", pl.col("path"), pl.col("line").fill_null(0)))
    keyed = rows.with_columns(rank.alias("_rank"), key.alias("key"), pl.col("is_direct").fill_null(value=False))
    keyed = keyed.sort("repository", "key", "_rank", ~pl.col("is_direct"), "path", "line")
    direct = pl.col("is_direct")
    return keyed.group_by("repository", "key", maintain_order=True).agg(
        pl.col("purl", "name", "ecosystem", "scope", "path", "line").first(),
        pl.col("resolved_version").drop_nulls().first(),
        direct.any(),
        # A direct dependency is pinned where every file that asks for it is bound to one version.
        pl.col("is_pinned").filter(direct).fill_null(value=False).all().alias("is_pinned"),
        (pl.col("source") == "vendored").any().alias("is_copied"),
    )


def unreadable_files(dependencies: pl.DataFrame) -> pl.DataFrame:
    """Files that could not be read, so that what they name is not known: repository, path, reason."""
    return (
        dependencies.filter(pl.col("state") != "ok").select("repository", "path", "reason").unique(maintain_order=True)
    )
