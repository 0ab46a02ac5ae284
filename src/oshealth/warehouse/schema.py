"""Tables and views, made in an empty database."""

import re
from collections.abc import Iterator, Mapping

import duckdb

from oshealth.warehouse import sql_files

_READ = re.compile(r"\b(?:from|join)\s+(\w+)")


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make every table of schema/, with its comments."""
    for statement in sql_files.read("schema").values():
        connection.execute(statement)


def create_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Make every view of views/, with its comments."""
    for statement in _in_order(sql_files.read("views")):
        connection.execute(statement)


def _in_order(views: Mapping[str, str]) -> Iterator[str]:
    """The views' statements, each after those that it reads from."""
    waiting = dict(views)
    while waiting:
        ready = [name for name, text in waiting.items() if not _others_read(name, text) & waiting.keys()]
        yield from (waiting.pop(name) for name in ready or list(waiting))


def _others_read(name: str, text: str) -> set[str]:
    return {*_READ.findall(text)} - {name}
