"""Write what is generated in the documents: the README's table of measures, and docs/warehouse.md. `make docs`."""

import subprocess
import sys
from itertools import groupby
from pathlib import Path

from oshealth.metrics import catalogue

ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- measures: made by `make docs` -->\n", "<!-- end of measures -->"


def table() -> str:
    """The measures by family, from their cards."""
    lines = ["| measure | what it says | unit | good and watch | source |", "|---|---|---|---|---|"]
    for family, cards in groupby(catalogue(), key=lambda card: card.family):
        lines.append(f"| **{family}** | | | | |")
        for card in cards:
            bands = str(card.bands) if card.bands else "–"
            lines.append(f"| `{card.id}` | {card.title} | {card.unit} | {bands} | {card.source} |")
    return "\n".join(lines) + "\n"


def with_table(text: str) -> str:
    """The README's text with the table of today."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n{table()}\n{END}{rest.split(END)[1]}"


def main() -> None:
    readme = ROOT / "README.md"
    readme.write_text(with_table(readme.read_text(encoding="utf-8")), encoding="utf-8")
    command = [sys.executable, "-m", "oshealth.warehouse.dictionary"]
    (ROOT / "docs" / "warehouse.md").write_bytes(subprocess.run(command, check=True, capture_output=True).stdout)


if __name__ == "__main__":
    main()
