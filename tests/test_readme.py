"""The README names every command and every measure, and its links lead somewhere."""

import re
import runpy
from pathlib import Path

from oshealth.cli import app
from oshealth.metrics import catalogue

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_command_is_in_the_readme() -> None:
    names = [c.name or getattr(c.callback, "__name__", "") for c in app.registered_commands]
    names += [group.name or "" for group in app.registered_groups]
    assert names
    assert [name for name in names if f"`oshealth {name}" not in README] == []


def test_the_table_of_measures_is_the_catalogues() -> None:
    with_table = runpy.run_path(str(ROOT / "tools" / "make_docs.py"))["with_table"]
    assert catalogue()
    assert with_table(README) == README, "run `make docs`"


def test_links_of_the_documents_lead_somewhere() -> None:
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        links = re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
        missing = [link for link in links if not (document.parent / link).exists()]
        assert missing == [], document.name


def test_the_documents_ask_questions_in_files_that_are_there() -> None:
    asked = []
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        asked += re.findall(r"oshealth query ([^\s`]*(?:\$\(|\.sql)\S*)", document.read_text(encoding="utf-8"))
    assert [file for file in asked if not (ROOT / file).is_file()] == []
    assert len(asked) > 1
