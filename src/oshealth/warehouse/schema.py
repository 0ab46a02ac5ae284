"""Tables and views, made in an empty database."""

import duckdb

from oshealth.warehouse import sql_files


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make every table of schema/, with its comments."""
    for statement in sql_files.read("schema").values():
        connection.execute(statement)


def create_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Make every view of views/. One that builds on another which is not there yet waits for the next round."""
    waiting = sql_files.read("views")
    while waiting:
        made = [name for name, statement in waiting.items() if _create(connection, statement)]
        if not made:
            connection.execute(next(iter(waiting.values())))
        waiting = {name: statement for name, statement in waiting.items() if name not in made}


def _create(connection: duckdb.DuckDBPyConnection, statement: str) -> bool:
    try:
        connection.execute(statement)
    except duckdb.CatalogException:
        return False
    return True
