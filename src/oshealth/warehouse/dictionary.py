"""The data dictionary: every table, view and column with its comment in the database, as Markdown.

Run as a module, it prints docs/warehouse.md.
"""

import sys

import duckdb

from oshealth.warehouse import sql_files
from oshealth.warehouse.contents import Contents
from oshealth.warehouse.publish import build_in_memory

_OPENING = """\
# The warehouse

One DuckDB file, `warehouse/oshealth.duckdb`, built from the facts of every crawl. Start with the views: they count what
counts. This page is made from the comments in the database (`python -m oshealth.warehouse.dictionary`).

Moments are UTC, without a zone. Null means "not known" unless a column says otherwise; it is never zero. Persons are
keyed hashes: no name, address, commit message or text stands in the file.

Questions to start from are in `warehouse/queries/`; each runs as it is:

    oshealth query warehouse/queries/municipalities.sql
"""


def dictionary(connection: duckdb.DuckDBPyConnection) -> str:
    """The dictionary of the database that the connection has open."""
    queries = sql_files.read("dictionary_queries")
    columns: dict[str, list[str]] = {}
    for table, *column in connection.execute(queries["columns"]).fetchall():
        columns.setdefault(table, []).append(_column(*column))
    relations = connection.execute(queries["relations"]).fetchall()
    lines = [_OPENING]
    for chapter in ("Views", "Tables"):
        lines.append(f"## {chapter}\n")
        for name, comment in ((name, comment) for kind, name, comment in relations if kind == chapter):
            lines += [f"### `{name}`\n\n{comment}\n", "| column | type | what it holds |\n|---|---|---|"]
            lines += [*columns[name], ""]
    return "\n".join(lines)


def _column(name: str, kind: str, comment: str, is_required: bool) -> str:
    words = comment.replace("\n", " ").replace("|", "\\|")
    return f"| `{name}` | {kind.lower()}{', required' if is_required else ''} | {words} |"


if __name__ == "__main__":
    sys.stdout.write(dictionary(build_in_memory(Contents(facts={}))))
