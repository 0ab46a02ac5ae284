"""An audit as text for the terminal: figures by family, what to do, what is not known."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from oshealth.measure import Metric
from oshealth.metrics import catalogue
from oshealth.pipeline.auditing.audit import DOWN, Audited
from oshealth.reports.words import day, label, quantity, sentence, series, share

MOST_FINDINGS = 20
WINDOW_DAYS = 365
STYLE = {"good": "green", "watch": "yellow", "poor": "bold red"}

Row = Mapping[str, Any]


def show(console: Console, answer: Audited) -> None:
    """Print everything that a person needs, in the order in which they ask."""
    head = f", commit {answer.head[:12]}" if answer.head else ""
    console.print(Text.assemble((answer.target, "bold"), f"{head}, as of {day(answer.as_of)}"), soft_wrap=True)
    if answer.detail:
        console.print(Text(sentence(answer.detail)))
    if still := _still(answer):
        console.print(Text(still))
    rows = {row["metric"]: row for row in answer.measurements}
    if down := openness_sentence(rows.get(DOWN)):
        console.print(Text.assemble(("Open source all the way down? ", "bold"), down))
    known = [card for card in catalogue() if card.id in rows and rows[card.id]["reason"] is None]
    for family, members in groupby(known, key=lambda card: card.family):
        console.print(Text(f"\n{family}", style="bold"))
        console.print(_figures([(card, rows[card.id]) for card in members]))
    for part in (*_findings(answer), *_to_do(known, rows), *_unknown(rows, answer)):
        console.print(part)


def _still(answer: Audited) -> str:
    """What explains more than any figure: that nothing has happened for a year, or nothing yet."""
    if answer.last_on is None and answer.head and answer.status == "ok":
        return "By then nothing was recorded here: choose a later day."
    if answer.last_on is None or (answer.as_of - answer.last_on).days <= WINDOW_DAYS:
        return ""
    last = answer.last_on
    return f"Nothing has happened here since {day(last)}; with --as-of {last} you see it as it was then."


def _figures(members: Sequence[tuple[Metric, Row]]) -> Table:
    """The same widths for every family, so that figures stand below each other."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 1))
    table.add_column(width=36)
    table.add_column(width=17)
    table.add_column(width=5)
    table.add_column(style="dim")
    for card, row in members:
        is_label = row["label"] is not None
        value = label(row["label"], row["evidence"]) if is_label else quantity(row["value"], card.unit)
        grade = row["grade"] or ""
        table.add_row(Text(card.title), Text(value), Text(grade, style=STYLE.get(grade, "")), _basis(row))
    return table


def _basis(row: Row) -> str:
    """How many rows it rests on, and of which share of them what matters is known."""
    size = f"of {row['sample_size']}" if row["sample_size"] is not None else ""
    if row["coverage"] is None or row["coverage"] == 1:
        return size
    return f"{size}, {share(row['coverage'])} known".removeprefix(", ")


def openness_sentence(row: Row | None) -> str:
    """The answer as one sentence; nothing where it was not asked."""
    if row is None:
        return ""
    if row["reason"] is not None:
        return f"Not known: {row['reason']}."
    return f"{row['label'].capitalize()}: {row['evidence']['because']}."


def _findings(answer: Audited) -> Iterator[RenderableType]:
    """What is wrong with licences and dependencies, and where it stands."""
    if answer.findings:
        yield Text("\nFindings", style="bold")
        yield _list(_found(finding) for finding in answer.findings[:MOST_FINDINGS])
        if (more := len(answer.findings) - MOST_FINDINGS) > 0:
            yield Text(f"   and {more} more, all of them with --json")


def _found(finding: Row) -> str:
    line = f", line {finding['line']}" if finding["line"] else ""
    where = f" ({finding['path']}{line})" if finding["path"] and finding["path"] not in finding["detail"] else ""
    return f"{finding['detail'].removesuffix('.')}{where}. {finding['advice']}"


def _to_do(known: Sequence[Metric], rows: Mapping[str, Row]) -> Iterator[RenderableType]:
    poor = [card for card in known if rows[card.id]["grade"] == "poor" and card.advice]
    titles: dict[str, list[str]] = {}
    for card in poor:
        titles.setdefault(card.advice, []).append(card.title)
    if titles:
        yield Text("\nWhat to do", style="bold")
        yield _list(f"{series(named)}: {advice}" for advice, named in titles.items())


def _unknown(rows: Mapping[str, Row], answer: Audited) -> Iterator[RenderableType]:
    """What is not known: measures by the reason that they share, then what could not be read."""
    reasons: dict[str, list[str]] = {}
    for card in catalogue():
        if card.id in rows and rows[card.id]["reason"] is not None:
            reasons.setdefault(rows[card.id]["reason"], []).append(card.title)
    lines = [f"{series(titles)}: {reason}." for reason, titles in reasons.items()]
    gaps = dict.fromkeys(gap["detail"] for gap in answer.gaps)
    lines += [sentence(detail) for detail in gaps if detail.removesuffix(".") not in reasons]
    if lines:
        yield Text("\nNot known", style="bold")
        yield _list(lines)
    if answer.names:
        yield Text("\nWho stands behind the keyed hashes", style="bold")
        yield _list(f"{person}  {name}" for person, name in answer.names.items())


def _list(lines: Iterable[str]) -> Group:
    """Lines that hang: a dash, and the text beside it."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(width=1)
    table.add_column()
    for line in lines:
        table.add_row("–", Text(line))
    return Group(Padding(table, (0, 0, 0, 1)))
