"""Who is who: the aliases of all repositories to persons, and persons to organisations."""

import polars as pl

from oshealth.people.registry import load_registry
from oshealth.people.resolve import resolve_people
from oshealth.pipeline.order import Order
from oshealth.store import FactsFolder


def identify_all(order: Order) -> int:
    """Land the tables of people, and the private table that maps aliases back; how many persons there are."""
    project = order.project()
    aliases = project.private.read_aliases()
    project.private.write_merged(aliases)
    people = resolve_people(aliases, appearances(project.facts), load_registry(project.sources.organisation))
    frames = {"identity": people.identity, "affiliation": people.affiliation, "organisation": people.organisation}
    project.facts.write_people(frames, order.started_at)
    return people.identity["person"].n_unique()


def appearances(store: FactsFolder) -> pl.DataFrame:
    """One row (alias, at) per commit and alias that made it."""
    commits = [commits_of(store.read(name, "commit")) for name in store.repositories()]
    return pl.concat(commits) if commits else pl.DataFrame(schema={"alias": pl.String, "at": pl.Datetime("us")})


def commits_of(commits: pl.DataFrame) -> pl.DataFrame:
    """The appearances of authors and co-authors in a COMMIT frame."""
    at = pl.col("authored_at").alias("at")
    return pl.concat(
        [
            commits.select(pl.col("author_alias").alias("alias"), at),
            commits.select(pl.col("coauthor_aliases").alias("alias"), at).explode("alias"),
        ]
    ).drop_nulls("alias")
