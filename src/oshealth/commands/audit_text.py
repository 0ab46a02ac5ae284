"""An audit as text for the terminal: figures by family, what to do, what is not known."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from oshealth.measure import Metric
from oshealth.metrics import catalogue
from oshealth.pipeline.audit import Audited
from oshealth.reports.words import day, quantity, sentence, share

STYLE = {"good": "green", "watch": "yellow", "poor": "bold red"}


def show(console: Console, answer: Audited) -> None:
    """Print everything that a person needs, in the order in which they ask."""
    head = f", {answer.head[:12]}" if answer.head else ""
    console.print(Text.assemble((answer.target, "bold"), f"{head}, as of {day(answer.as_of)}"), soft_wrap=True)
    if answer.detail:
        console.print(Text(sentence(answer.detail)))
    rows = {row["metric"]: row for row in answer.measurements}
    cards = [card for card in catalogue() if card.id in rows]
    for family, members in groupby(cards, key=lambda card: card.family):
        console.print(Text(f"\n{family}", style="bold"))
        console.print(_figures([(card, rows[card.id]) for card in members]))
    for part in _closing(cards, rows, answer):
        console.print(part)


def _figures(members: Sequence[tuple[Metric, Mapping[str, Any]]]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 1), expand=False)
    table.add_column(ratio=5, min_width=24)
    table.add_column(ratio=4)
    table.add_column(width=5)
    table.add_column(ratio=3, style="dim")
    for card, row in members:
        grade = row["grade"] or ""
        table.add_row(card.title, _value(card, row), Text(grade, style=STYLE.get(grade, "")), _basis(row))
    return table


def _value(card: Metric, row: Mapping[str, Any]) -> Text:
    if row["reason"] is not None:
        return Text(f"not known: {row['reason']}", style="italic")
    return Text(row["label"] if row["label"] is not None else quantity(row["value"], card.unit))


def _basis(row: Mapping[str, Any]) -> str:
    """How many rows it rests on, and of which share of them what matters is known."""
    parts = []
    if row["sample_size"] is not None:
        parts.append(f"of {row['sample_size']}")
    if row["coverage"] is not None:
        parts.append(f"{share(row['coverage'])} known")
    return ", ".join(parts)


def _closing(cards: Sequence[Metric], rows: Mapping[str, Any], answer: Audited) -> Iterator[RenderableType]:
    poor = [card for card in cards if rows[card.id]["grade"] == "poor" and card.advice]
    if poor:
        yield Text("\nWhat to do", style="bold")
        yield _list(f"{card.title}: {card.advice}" for card in poor)
    if answer.gaps:
        yield Text("\nWhat could not be known", style="bold")
        yield _list(sentence(gap["detail"]) for gap in answer.gaps)
    if answer.names:
        yield Text("\nWho stands behind the keyed hashes", style="bold")
        yield _list(f"{person}  {name}" for person, name in answer.names.items())


def _list(lines: Iterator[str]) -> Group:
    return Group(*(Padding(Text(f"– {line}"), (0, 0, 0, 1)) for line in lines))
