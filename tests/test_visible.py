"""What a repository named with control characters does nothing where people read it."""

import ast
import io
import json
import unicodedata
from pathlib import Path

import pytest
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from oshealth.commands.terminal import Terminal, say
from oshealth.pipeline.watched.order import Outcome
from oshealth.visible import visible, visible_json
from oshealth.warehouse.answers import write_csv

ACTING = "\x1b[2J\x9b31m\u202e\u2066\u200b\u2028\x7f\ud800"
COMMANDS = Path(__file__).parents[1] / "src" / "oshealth"


class Screen(io.StringIO):
    """A terminal, as far as programs ask."""

    def isatty(self) -> bool:
        return True


def acts(text: str) -> bool:
    return any(unicodedata.category(c)[0] == "C" or c in "\u2028\u2029" for c in text if c != "\n")


def test_what_acts_is_written_out_and_all_else_stays() -> None:
    said = "Blåbær, 水, a no-break space\u00a0and\ntwo lines"
    assert visible(said) == said
    assert visible(ACTING) == r"\x1b[2J\x9b31m\u202e\u2066\u200b\u2028\x7f\ud800"
    assert visible("one\nline", kept="") == r"one\nline"


def test_json_that_is_shown_says_the_same() -> None:
    value = {"name": ACTING, "list": ["\U000e0001", "å\n"]}
    shown = visible_json(json.dumps(value, ensure_ascii=False, indent=2))
    assert json.loads(shown) == value
    assert not acts(shown)


@pytest.mark.parametrize(
    "form", [str, Text, lambda text: Padding(Text(text), 1), lambda text: Text.assemble((text, "b"))]
)
def test_nothing_acts_in_a_terminal_but_its_own_colours(form: type) -> None:
    screen = Screen()
    console = Terminal(file=screen, force_terminal=True, width=60, color_system="standard")
    table = Table("head")
    table.add_row(form(ACTING * 3), style="red")
    console.print(table)
    console.print(form(ACTING), style="bold")
    shown = screen.getvalue()
    for colour in ("\x1b[31m", "\x1b[1;31m", "\x1b[1m", "\x1b[0m"):
        shown = shown.replace(colour, "")
    assert not acts(shown)
    assert r"\x1b[2J" in shown
    assert max(map(len, shown.splitlines())) <= 60


def test_a_sentence_shows_what_it_names(capsys: pytest.CaptureFixture[str]) -> None:
    say(f"oshealth: {ACTING}", is_error=True)
    assert capsys.readouterr().err == f"oshealth: {visible(ACTING)}\n"


def test_cells_of_csv_are_as_they_are_but_for_a_terminal() -> None:
    for out, shown in ((io.StringIO(), "\x1b[2J"), (Screen(), r"\x1b[2J")):
        write_csv(["a"], [["\x1b[2J"]], out)
        assert out.getvalue() == f"a\n{shown}\n"


def test_what_a_log_is_told_of_an_outcome_does_nothing_there() -> None:
    assert Outcome("crawl", "https://forge.example/a", "failed", ACTING).detail == visible(ACTING)


def test_commands_write_in_one_way_alone() -> None:
    """What is printed past `Terminal` and `say` would not be made visible."""
    allowed = {"terminal.py": {"typer.echo"}, "cli.py": {"typer.echo"}}
    written = {"print", "Console", "typer.echo", "typer.secho", "sys.stdout.write", "sys.stderr.write"}
    for path in [*(COMMANDS / "commands").glob("*.py"), COMMANDS / "cli.py"]:
        calls = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
        assert {ast.unparse(call.func) for call in calls} & written <= allowed.get(path.name, set()), path.name
