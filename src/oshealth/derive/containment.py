"""Which release first contains a commit, and when the default branch did: by ancestry, not by dates."""

from dataclasses import dataclass

import polars as pl

KEY = ["repository", "sha"]


@dataclass(frozen=True)
class Ancestry:
    """The commit graph as plain arrays; a commit is its row in `commits`, parents before children."""

    commits: pl.DataFrame
    """repository, sha, row"""
    children: list[int]
    """Of each edge the child, newest first: a child's own releases are settled before its edges come."""
    parents: list[int]


def ancestry(commits: pl.DataFrame) -> Ancestry:
    """The graph of `facts.COMMIT` rows, merges included, of any number of repositories."""
    ordered = commits.sort("repository", "position").select(*KEY, "parents").with_row_index("row")
    rows = ordered.select(*KEY, "row")
    edges = (
        ordered.select("repository", pl.col("parents").alias("sha"), pl.col("row").alias("child"))
        .explode("sha")
        .join(rows, on=KEY)
        .sort("child", descending=True)
    )
    return Ancestry(rows, edges["child"].to_list(), edges["row"].to_list())


def first_releases(graph: Ancestry, releases: pl.DataFrame) -> pl.DataFrame:
    """The first release (by moment) that contains each commit: repository, sha, version, released_at.

    Commits that no release contains have no row. A release on a side branch contains what its `base_shas` contain;
    one whose place in the graph is not known contains nothing.
    """
    ordered = releases.sort("released_at", "repository", "version").with_row_index("release")
    first = _spread(graph, _starts(graph, ordered), none=len(ordered))
    return (
        graph.commits.with_columns(pl.Series("release", first, dtype=pl.get_index_type()))
        .join(ordered.select("release", "version", "released_at"), on="release")
        .select(*KEY, "version", "released_at")
    )


def landings(graph: Ancestry, commits: pl.DataFrame) -> pl.DataFrame:
    """When the default branch's first-parent line came to contain each commit: repository, sha, landed_at.

    As with the tree of a day, that is of its last commit by then: what was written on a branch lands when it is merged.
    """
    line = commits.filter("is_first_parent").select(*KEY, "known_at").join(graph.commits, on=KEY).sort("row")
    landed_at = pl.col("known_at").cum_min(reverse=True).over("repository").alias("landed_at")
    numbered = line.with_row_index("landing").with_columns(landed_at)
    starts = list(numbered.select("row", "landing").iter_rows())
    first = _spread(graph, starts, none=len(numbered))
    return (
        graph.commits.with_columns(pl.Series("landing", first, dtype=pl.get_index_type()))
        .join(numbered.select("landing", "landed_at"), on="landing")
        .select(*KEY, "landed_at")
    )


def with_releases(commits: pl.DataFrame, found: pl.DataFrame, landed: pl.DataFrame) -> pl.DataFrame:
    """repository, sha, authored_at, known_at and landed_at of commits, with `released_at` of their first release."""
    columns = commits.select(*KEY, "authored_at", "known_at")
    for each in (landed, found.select(*KEY, "released_at")):
        columns = columns.join(each, on=KEY, how="left", maintain_order="left")
    return columns


def _starting_points(releases: pl.DataFrame) -> pl.DataFrame:
    own = pl.concat_list("sha")
    points = pl.when(pl.col("base_shas").list.len() > 0).then("base_shas").otherwise(own)
    return releases.with_columns(points.alias("sha")).explode("sha")


def _starts(graph: Ancestry, ordered: pl.DataFrame) -> list[tuple[int, int]]:
    at = _starting_points(ordered).join(graph.commits, on=KEY).select("row", "release")
    return list(zip(at["row"].to_list(), at["release"].to_list(), strict=True))


def _spread(graph: Ancestry, starts: list[tuple[int, int]], none: int) -> list[int]:
    """Hand each commit's earliest release down to its parents, in one pass over the edges."""
    first = [none] * graph.commits.height
    for row, release in starts:
        first[row] = min(first[row], release)
    for child, parent in zip(graph.children, graph.parents, strict=True):
        if first[child] < first[parent]:  # noqa: PLR1730 - twice as fast as min()
            first[parent] = first[child]
    return first
