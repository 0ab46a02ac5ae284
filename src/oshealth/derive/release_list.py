"""Mentions of versions become one list of releases: a tag, a heading and a package of 1.2.3 are one release."""

from collections.abc import Collection, Mapping

import polars as pl
from polars.datatypes import DataType

from oshealth.facts import MOMENT

SOURCES = ("tag", "forge", "registry", "changelog")
"""Where a version is mentioned, the most exact moment first."""

_COLUMNS: Mapping[str, DataType | type[DataType]] = {
    "repository": pl.String,
    "version": pl.String,
    "name": pl.String,
    "released_at": MOMENT,
    "sha": pl.String,
    "base_shas": pl.List(pl.String),
    "is_prerelease": pl.Boolean,
    "is_signed": pl.Boolean,  # null: no tag says so
    "sources": pl.List(pl.String),
}
RELEASE_LIST = pl.Schema(_COLUMNS)


def own(mentions: pl.DataFrame, inherited: Collection[str]) -> pl.DataFrame:
    """The mentions that are a fork's own: at a commit in `inherited` it is the upstream's release."""
    if not inherited:
        return mentions
    upstream = pl.DataFrame({"sha": list(inherited)}, schema={"sha": pl.String})
    return mentions.join(upstream, on="sha", how="anti", maintain_order="left")


def with_tags_versions(mentions: pl.DataFrame) -> pl.DataFrame:
    """The mentions, those of a forge with the version that git reads in their tag; what then has none is no release.

    So a tag of another form (sources.toml's `tag_pattern`), or of one part of many, is one release with its forge's.
    """
    place = ["repository", "name"]
    tags = mentions.filter(source="tag").unique(place, keep="first", maintain_order=True)
    known = tags.select(*place, pl.col("version").alias("_version"), pl.col("is_prerelease").alias("_unfinished"))
    is_forge, is_unfinished = pl.col("source") == "forge", pl.col("_unfinished").fill_null(value=False)
    told = mentions.join(known, on=place, how="left", maintain_order="left").with_columns(
        pl.when(is_forge).then(pl.coalesce("_version", "version")).otherwise("version").alias("version"),
        pl.col("is_prerelease") | (is_forge & is_unfinished),
    )
    return told.drop("_version", "_unfinished").filter(pl.col("version").is_not_null())


def merge(mentions: pl.DataFrame) -> pl.DataFrame:
    """One row per repository and version (`RELEASE_LIST`), oldest first, from rows of `facts.RELEASE`.

    Moment, name and commit are the tag's, else the forge's, the registry's, the heading's. Versions without any
    moment are left out.
    """
    if mentions.is_empty():
        return RELEASE_LIST.to_frame()
    rank = pl.col("source").replace_strict(SOURCES, range(len(SOURCES)), default=len(SOURCES), return_dtype=pl.Int8)
    versions = (
        _spelt_alike(mentions)
        .sort(rank, "released_at", "name", nulls_last=True)
        .group_by("repository", "version", maintain_order=True)
        .agg(
            pl.col("name").first(),
            pl.col("released_at").drop_nulls().first(),
            pl.col("sha").drop_nulls().first(),
            pl.col("base_shas").filter(pl.col("sha").is_not_null()).first(),
            pl.col("is_prerelease").any(),
            pl.col("is_signed").filter(pl.col("source") == "tag").max(),
            pl.col("source").unique(maintain_order=True).alias("sources"),
        )
        .filter(pl.col("released_at").is_not_null())
    )
    return _without_short_names(versions).sort("released_at", "repository", "version").select(RELEASE_LIST.names())


def _spelt_alike(mentions: pl.DataFrame) -> pl.DataFrame:
    """The mentions, "1.8" and "1.8.0" of different sources as one version, as its tag has it.

    A heading above the changes of a line ("v1.8") would else be a release of its own. Two tags are two releases.
    """
    version, is_number = pl.col("version"), pl.col("version").str.contains(r"^\d+(?:\.\d+)+$")
    over = ["repository", pl.when(is_number).then(version.str.replace(r"(?:\.0+)+$", "")).otherwise(version)]
    tagged = version.filter(pl.col("source") == "tag")
    longest = version.sort_by(version.str.len_chars()).last()
    name = pl.coalesce(tagged.first().over(over), longest.over(over))
    is_one = is_number & (tagged.n_unique().over(over) < 2)
    return mentions.with_columns(pl.when(is_one).then(name).otherwise(version).alias("version"))


def _without_short_names(versions: pl.DataFrame) -> pl.DataFrame:
    """Without versions that only say less of another at the same commit: "2" moves along with 2.8.0, "1.3" is 1.3.0."""
    full = versions.filter(pl.col("sha").is_not_null(), ~pl.col("is_prerelease"))
    place = ["repository", "sha"]
    numbers = full.select(*place, pl.col("version").str.extract(r"^(\d+(?:\.\d+)+)$")).drop_nulls()
    shorter = numbers.with_columns(
        pl.concat_list(
            pl.col("version").str.extract(rf"^(\d+(?:\.\d+){{{count}}})\.").alias("version") for count in range(4)
        )
    )
    names = shorter.explode("version").drop_nulls().unique()
    return versions.join(names, on=[*place, "version"], how="anti", maintain_order="left")


def stable(releases: pl.DataFrame) -> pl.DataFrame:
    """The releases that are no pre-release."""
    return releases.filter(~pl.col("is_prerelease"))
