"""Answers of a query as text: a Rich table for people, CSV and JSON for programs."""

import csv
import json
import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any, Literal, TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from oshealth.visible import visible, visible_json

_WIDTH = 80
_SHOWN_ROWS = 200
_NARROWEST = 12
"""A column of fewer characters cannot be read: then each row is shown as a block of lines."""

Rows = Iterable[Sequence[Any]]


def write_table(columns: Sequence[str], rows: Rows, out: TextIO) -> None:
    """A table of 80 columns, or a block of lines per row where there are too many columns; at most 200 rows."""
    found = iter(rows)
    shown = list(islice(found, _SHOWN_ROWS))
    rest = sum(1 for _ in found)
    console = Console(file=out, width=_WIDTH, highlight=False)
    texts = [[_text(value) for value in row] for row in shown]
    if widths := _widths(columns, texts):
        console.print(_table(columns, shown, texts, widths))
    else:
        for row in texts:
            console.print(_block(columns, row))
    console.print(Text(f"{len(shown) + rest} {'row' if len(shown) + rest == 1 else 'rows'}{_more(rest)}"))


def write_csv(columns: Sequence[str], rows: Rows, out: TextIO) -> None:
    """CSV with a header; null is empty, lists and structs are JSON. Nothing is altered but what acts in a terminal."""
    shown = _line if out.isatty() else str
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(shown, columns))
    writer.writerows([shown(_cell(value)) for value in row] for row in rows)


def write_json(columns: Sequence[str], rows: Rows, out: TextIO) -> None:
    """An array of objects, one to a line; dates and moments in ISO 8601, null is null."""
    out.write("[")
    for number, row in enumerate(rows):
        out.write(",\n " if number else "\n ")
        out.write(_json(dict(zip(columns, row, strict=True))))
    out.write("\n]\n")


def _more(rest: int) -> str:
    return f", the first {_SHOWN_ROWS} shown; --format csv writes all" if rest else ""


def _widths(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int] | None:
    """The columns' widths: what each needs to be read, and more where there is room; none where there is none."""
    wanted = [max([_head_width(name), *(cell_len(row[i]) for row in rows)]) for i, name in enumerate(columns)]
    least = [max(_head_width(name), min(width, _NARROWEST)) for name, width in zip(columns, wanted, strict=True)]
    spare = _WIDTH - 1 - sum(width + 3 for width in least)
    return _shared_out(least, wanted, spare) if spare >= 0 else None


def _shared_out(least: Sequence[int], wanted: Sequence[int], spare: int) -> list[int]:
    """The least widths and what is left over; those that want little get it first."""
    widths = list(least)
    in_turn = sorted(range(len(least)), key=lambda i: wanted[i] - least[i])
    for turn, i in enumerate(in_turn):
        given = min(wanted[i] - least[i], spare // (len(in_turn) - turn))
        widths[i] += given
        spare -= given
    return widths


def _head(name: str) -> str:
    """A column's name, which may break after an underscore."""
    return _line(name).replace("_", "_\n") if cell_len(name) > _NARROWEST else _line(name)


def _head_width(name: str) -> int:
    return max(map(cell_len, _head(name).splitlines()), default=0)


def _table(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], texts: Sequence[Sequence[str]], widths: Sequence[int]
) -> Table:
    table = Table()
    for i, (name, width) in enumerate(zip(columns, widths, strict=True)):
        is_number = all(isinstance(row[i], int | float | Decimal | None) for row in rows)
        justify: Literal["left", "right"] = "right" if is_number else "left"
        table.add_column(Text(_head(name)), overflow="fold", justify=justify, width=width)
    for row in texts:
        table.add_row(*(Text(value) for value in row))
    return table


def _block(columns: Sequence[str], row: Sequence[str]) -> Table:
    table = Table(show_header=False)
    table.add_column(overflow="fold")
    table.add_column(overflow="fold")
    for name, value in zip(columns, row, strict=True):
        table.add_row(Text(_line(name)), Text(value))
    return table


def _line(text: str) -> str:
    return visible(text, kept="")


def _text(value: Any) -> str:
    """A value for the terminal: what a repository may have named with control characters does nothing there."""
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    if isinstance(value, datetime):
        return str(value)
    return _line(_cell(value))


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool | list | tuple | dict):
        return _json(value)
    plain = _plain(value)
    return "" if plain is None else str(plain)


def _json(value: Any) -> str:
    return visible_json(json.dumps(_plain(value), ensure_ascii=False, allow_nan=False))


def _plain(value: Any) -> Any:
    """A value that JSON knows; a number that is none (infinite) is null."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float | Decimal):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value.hex() if isinstance(value, bytes) else str(value)
