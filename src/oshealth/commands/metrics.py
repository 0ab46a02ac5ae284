"""`oshealth metrics`: the catalogue, from the cards that stand beside the code."""

from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from oshealth.commands.terminal import Terminal
from oshealth.measure import Metric
from oshealth.metrics import catalogue
from oshealth.pipeline.watched.project import ProjectError


def show_metrics(wanted: str | None) -> None:
    """Print one card whole, or a line for each.

    Raises:
        ProjectError: there is no such metric.
    """
    console = Terminal()
    if wanted is not None:
        _show_card(console, _card(wanted))
        return
    for family, members in groupby(catalogue(), key=lambda card: card.family):
        console.print(Text(f"{family}", style="bold"))
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1))
        table.add_column(no_wrap=True)  # what a user has to type stands whole
        for card in members:
            table.add_row(card.id, card.title, Text(card.unit, style="dim"))
        console.print(table)
        console.print()
    console.print("`oshealth metrics ID` shows definition, bands and source.", style="dim", highlight=False)


def _card(wanted: str) -> Metric:
    for card in catalogue():
        if card.id == wanted:
            return card
    raise ProjectError(f"there is no metric {wanted!r}; `oshealth metrics` lists them")


def _show_card(console: Console, card: Metric) -> None:
    console.print(Text.assemble((card.title, "bold"), f"  {card.id}, version {card.version}\n"))
    console.print(Text(_unbroken(card.definition)))
    rows = {
        "unit": card.unit,
        "bands": str(card.bands) if card.bands else _labels(card) or "not graded",
        "source": card.source,
        "of a codebase": "its repositories' rows together" if card.pooling == "pooled" else "each of its repositories",
        "if poor": card.advice,
    }
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1))
    table.add_column(style="dim", no_wrap=True)
    for name, text in rows.items():
        if text:
            table.add_row(name, Text(text))
    console.print()
    console.print(table)


def _labels(card: Metric) -> str:
    return ", ".join(f"{label}: {grade}" for label, grade in card.label_grades.items())


def _unbroken(text: str) -> str:
    """Paragraphs as one line each: the terminal breaks them where it is as wide as it is."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
