"""Fill an empty database: frames that stand as they are, and load/*.sql where persons or organisations come in."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import duckdb
import polars as pl

from oshealth.derive.release_list import with_tags_versions
from oshealth.warehouse import declared, forges, frames, rows, sql_files
from oshealth.warehouse.contents import LOADED_TABLES, Contents

_MADE = {"commit", "release", "gap", "fork", "forge_release", "forge_repository"}
_PLAIN_FACTS = tuple(table for table in LOADED_TABLES if table not in _MADE)


def load(connection: duckdb.DuckDBPyConnection, contents: Contents) -> None:
    """Insert everything into the tables, which are there and empty."""
    watched = _declared(contents)
    for table in ("codebase", "codebase_organisation"):
        _insert(connection, table, watched[table])
    _insert(connection, "repository", forges.repositories(watched["repository"], contents.fact("forge_repository")))
    _insert(connection, "fork", forges.forks(watched["repository"], contents.fact("fork")))
    _derive(connection, contents, watched)
    for table in _PLAIN_FACTS:
        _insert(connection, table, contents.fact(table))
    _insert(connection, "package_licence", contents.licences)
    _insert(connection, "finding", contents.findings)
    _insert(connection, "crawl", rows.crawls(contents))
    _insert(connection, "gap", rows.gaps(contents))
    _insert(connection, "metric", rows.catalogue(contents.metrics))
    _insert(connection, "run", contents.runs)
    _insert(connection, "measurement", contents.measurements)


def _derive(connection: duckdb.DuckDBPyConnection, contents: Contents, watched: Mapping[str, pl.DataFrame]) -> None:
    """Insert what is made of several frames: organisations, commits with persons, contributions, releases."""
    statements = sql_files.read("load")
    with _given(connection, contents, watched):
        connection.execute(statements["organisation"])
        connection.execute(statements["commit"])
        commits = connection.table("commit").select("repository", "sha", "is_merge", "is_inherited").pl()
        _insert(connection, "contribution", rows.contributions(contents, commits, watched["repository"]))
        mentions = with_tags_versions(pl.concat([contents.fact("release"), contents.fact("forge_release")]))
        _insert(connection, "release", rows.releases(mentions, commits, watched["repository"]))
        connection.execute(statements["person"])
        connection.execute(statements["affiliation"])


@contextmanager
def _given(
    connection: duckdb.DuckDBPyConnection, contents: Contents, watched: Mapping[str, pl.DataFrame]
) -> Iterator[None]:
    """Let the SQL of load/ read frames by the name given_<name>."""
    given = {
        "commit": contents.fact("commit"),
        **{table: contents.of_people(table) for table in ("identity", "affiliation", "organisation")},
        **{table: watched[table] for table in ("codebase_organisation", "declared_organisation")},
    }
    for name, frame in given.items():
        connection.register(f"given_{name}", frame)
    yield
    for name in given:
        connection.unregister(f"given_{name}")


def _declared(contents: Contents) -> Mapping[str, pl.DataFrame]:
    sources = contents.sources
    if sources is None:
        addresses = {ledger.repository: ledger.url for ledger in contents.ledgers}
        return {
            "codebase": frames.CODEBASE.to_frame(),
            "codebase_organisation": frames.CODEBASE_ORGANISATION.to_frame(),
            "repository": declared.undeclared_repositories(addresses),
            "declared_organisation": frames.ORGANISATION.to_frame(),
        }
    return {
        "codebase": declared.codebases(sources),
        "codebase_organisation": declared.codebase_organisations(sources),
        "repository": declared.repositories(sources),
        "declared_organisation": declared.organisations(sources),
    }


def _insert(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Insert by name: columns that the frame lacks are null, those that the table lacks stay out."""
    columns = connection.table(table).columns
    given = frame.select(name if name in frame.columns else pl.lit(None).alias(name) for name in columns)
    connection.register("inserted", given)
    connection.view("inserted").insert_into(table)
    connection.unregister("inserted")
