"""What `oshealth people …` does: questions and answers in the terminal, decisions in people.toml."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl
import typer
from pydantic import ValidationError
from rich.table import Table
from rich.text import Text

from oshealth.clock import now
from oshealth.commands.environment import project
from oshealth.commands.terminal import Terminal, say
from oshealth.people import edits
from oshealth.people.decisions import Alias, DecisionsError, Stretch
from oshealth.people.erasure import add_erased, erased_person
from oshealth.people.review import Question, Side, aliases_of, answered, persons_of, questions
from oshealth.pipeline.computing.identifying import PEOPLE_FILE, Identified, accounts_of, identified, land
from oshealth.pipeline.watched.project import Project, ProjectError
from oshealth.visible import visible

SHOWN = 12
"""Letters of a person's id that are shown."""
NOTED = f"Noted in {PEOPLE_FILE}. `oshealth run --offline` computes everything again."


def show_people(data: Path | None, is_named: bool) -> None:
    """Print one row per person, those who contributed most first."""
    found = _met(project(data))
    console = Terminal()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("person", "kind", "commits", "organisations"):
        table.add_column(title, overflow="fold", justify="right" if title == "commits" else "left")
    for person, kind, commits, name in _people(found):
        table.add_row(Text(name if is_named else person[:SHOWN]), kind, str(commits), _stretches(found, person))
    console.print(table)


def ask_questions(data: Path | None) -> None:
    """Ask about each pair; every answer is saved before the next question."""
    opened = project(data)
    found = _met(opened)
    asked = list(questions(found.people, found.aliases))
    if not asked:
        say("Nothing to ask: no two persons look alike beyond what the rules and people.toml settle.")
        return
    for number, question in enumerate(asked, start=1):
        say(_asked(question, number, len(asked)))
        answer = typer.prompt("one person? [y]es, [n]o, [s]kip, [q]uit", default="s").strip().lower()[:1]
        if answer == "q":
            break
        if answer in {"y", "n"}:
            _save(opened, answered(_text(opened), question, "same" if answer == "y" else "different"), found)
    say("`oshealth run --offline` computes everything again.")


def merge_people(data: Path | None, one: str, other: str) -> None:
    opened = project(data)
    found = _met(opened)
    if _person(found, one) == _person(found, other):
        say("They are one person already; nothing is changed.")
        return
    _save(opened, edits.merge(_text(opened), _one(found, one), _one(found, other)), found)
    say(NOTED)


def split_people(data: Path | None, one: str, other: str) -> None:
    opened = project(data)
    found = identified(opened)
    _save(opened, edits.split(_text(opened), _one(found, one), _one(found, other)), found)
    say(NOTED)


def affiliate_person(data: Path | None, who: str, organisation: str, bounds: tuple[str | None, str | None]) -> None:
    opened = project(data)
    found = _met(opened)
    try:
        stretch = Stretch.model_validate(
            {"organisation": organisation, "from": _day(bounds[0]), "until": _day(bounds[1])}
        )
    except ValidationError as error:
        raise DecisionsError("; ".join(str(e["msg"]).removeprefix("Value error, ") for e in error.errors())) from None
    _save(opened, edits.affiliate(_text(opened), _one(found, who), stretch), found)
    say(NOTED)


def erase_person(data: Path | None, who: str | None, named: Sequence[str], is_sure: bool) -> None:
    """The list of the erased is written first; what was begun and cut short is finished by the next run."""
    opened = project(data)
    if who is None and not named:
        raise DecisionsError("say whom: a name, an address, the beginning of an id, or --account HOST/LOGIN")
    if wrong := [name for name in named if not all(name.partition("/"))]:
        raise DecisionsError(f"{wrong[0]!r} is no account such as github.com/login")
    found = identified(opened)
    person = _person(found, who) if who else None
    aliases = aliases_of(person, found.people, found.aliases) if person else []
    theirs = found.people.identity.filter(person=person) if person else found.people.identity.clear()
    accounts = accounts_of(opened, found.aliases.join(theirs, on="alias", how="semi"), named)
    if not is_sure:
        many = f"{len(aliases)} names and addresses and {len(accounts)} accounts on forges"
        typer.confirm(f"Erase this person with {many} for good?", abort=True)
    add_erased(opened.private, erased_person(found.people, person, accounts), aliases)
    land(opened, identified(opened), now())
    say("Erased. `oshealth run --offline` builds the warehouse and the reports without the old id.")


def _met(opened: Project) -> Identified:
    """Everybody who is known; before the first run that is nobody, and whoever asks should know why."""
    if not opened.facts.repositories():
        raise ProjectError(f"nobody is known yet: nothing is stored in {opened.data}; first `oshealth run`")
    return identified(opened)


def _save(opened: Project, text: str, found: Identified) -> None:
    edits.save(opened.folder / PEOPLE_FILE, text, _organisations(found))


def _text(opened: Project) -> str:
    path = opened.folder / PEOPLE_FILE
    return path.read_text("utf-8") if path.exists() else ""


def _organisations(found: Identified) -> frozenset[str]:
    return frozenset(found.people.organisation["organisation"])


def _alias(text: str) -> Alias:
    if not text.strip(" <>"):
        raise DecisionsError("a person is named by a name, an address, both, or the beginning of an id")
    return edits.parse_alias(text)


def _person(found: Identified, text: str) -> str:
    persons = persons_of(_alias(text), found.people, found.aliases)
    if len(persons) != 1:
        many = f"matches {len(persons)} persons; say more" if persons else "matches nobody"
        raise DecisionsError(f"{text!r} {many}: `oshealth people list --names` shows everybody")
    return persons[0]


def _one(found: Identified, text: str) -> Alias:
    """An alias that people.toml can name: what was typed, or for an id the first of the person's aliases."""
    person, typed = _person(found, text), _alias(text)
    theirs = aliases_of(person, found.people, found.aliases)
    matches = [a for a in theirs if all(mine in {"", own} for mine, own in zip(typed.key, a.key, strict=True))]
    return typed if matches else theirs[0]


def _day(text: str | None) -> date | None:
    try:
        return edits.parse_day(text)
    except ValueError:
        raise DecisionsError(f"{text!r} is no day such as 2024-10-01") from None


def _people(found: Identified) -> list[tuple[str, str, int, str]]:
    rows = (
        found.people.identity.join(found.aliases, on="alias", how="left")
        .sort("commit_count", descending=True, nulls_last=True)
        .group_by("person", maintain_order=True)
        .agg(pl.col("kind").first(), pl.col("commit_count").sum(), pl.col("name").first())
        .sort("commit_count", "person", descending=[True, False])
    )
    return [(person, kind, commits, name or person[:SHOWN]) for person, kind, commits, name in rows.iter_rows()]


def _stretches(found: Identified, person: str) -> str:
    rows = found.people.affiliation.filter((pl.col("person") == person) & (pl.col("evidence") != "nearby"))
    spans = rows.select("organisation", "from_at", "until_at").iter_rows()
    return ", ".join(f"{who} {start.year if start else ''}–{end.year if end else ''}" for who, start, end in spans)


def _asked(question: Question, number: int, count: int) -> str:
    return (
        f"\n{number} of {count}, {question.reason} (confidence {question.confidence:.0%})\n"
        f"  {_side(question.one)}\n  {_side(question.other)}"
    )


def _side(side: Side) -> str:
    who = f"{side.alias.name or ''} <{side.alias.address or ''}>".strip()
    aliases = "alias" if side.alias_count == 1 else "aliases"
    return f"{visible(who, kept='')[:200]}, {side.commit_count} commits under {side.alias_count} {aliases}"
