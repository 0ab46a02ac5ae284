"""Fill an empty database: frames that stand as they are, and load/*.sql where persons or organisations come in."""

from collections.abc import Mapping

import duckdb
import polars as pl

from oshealth.warehouse import declared, frames, rows, sql_files
from oshealth.warehouse.contents import LOADED_TABLES, Contents

_PLAIN_FACTS = tuple(table for table in LOADED_TABLES if table not in {"commit", "release", "gap"})


def load(connection: duckdb.DuckDBPyConnection, contents: Contents) -> None:
    """Insert everything into the tables, which are there and empty."""
    given = _given(contents)
    for name, frame in given.items():
        connection.register(f"given_{name}", frame)
    for table in ("codebase", "codebase_organisation", "repository", "crawl"):
        _insert(connection, table, given[table])
    _derive(connection, contents, given["repository"])
    for table in (*_PLAIN_FACTS, "gap", "metric", "run", "measurement"):
        _insert(connection, table, given[table])
    for name in given:
        connection.unregister(f"given_{name}")


def _derive(connection: duckdb.DuckDBPyConnection, contents: Contents, repositories: pl.DataFrame) -> None:
    """Insert what is made of several frames: organisations, commits with persons, contributions, releases."""
    statements = sql_files.read("load")
    connection.execute(statements["organisation"])
    connection.execute(statements["commit"])
    commits = connection.table("commit").select("repository", "sha", "is_merge", "is_inherited").pl()
    _insert(connection, "contribution", rows.contributions(contents, commits, repositories))
    _insert(connection, "release", rows.releases(contents.fact("release"), commits, repositories))
    connection.execute(statements["person"])
    connection.execute(statements["affiliation"])


def _given(contents: Contents) -> Mapping[str, pl.DataFrame]:
    """Every frame that the SQL of load/ may read as given_<name>."""
    return {
        **{table: contents.fact(table) for table in ("commit", *_PLAIN_FACTS)},
        **{table: contents.of_people(table) for table in ("identity", "affiliation", "organisation")},
        **_declared(contents),
        "crawl": rows.crawls(contents),
        "gap": rows.gaps(contents),
        "metric": rows.catalogue(contents.metrics),
        "run": contents.runs,
        "measurement": contents.measurements,
    }


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
