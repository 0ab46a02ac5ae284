"""`oshealth people …`: who is who. What each command does stands in deciding.py, imported when it runs."""

from pathlib import Path
from typing import Annotated

import typer

people = typer.Typer(
    help="Say who is who, and for whom they work.\n\nAnswers go to people.toml, which is yours alone.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        envvar="OSHEALTH_DATA",
        help="Where the data lies; else warehouse/ beside sources.toml.",
    ),
]
Who = Annotated[
    str, typer.Argument(metavar="WHO", help='"Name <address>", a name, an address, or the beginning of a person\'s id.')
]
Other = Annotated[str, typer.Argument(metavar="OTHER", help="The other one, named in the same ways.")]


@people.command("list")
def list_people(
    data: Data = None,
    names: Annotated[bool, typer.Option("--names", help="Show names instead of keyed hashes.")] = False,
) -> None:
    """Show everybody: commits, kind, organisations over time."""
    from oshealth.commands.deciding import show_people

    show_people(data, names)


@people.command()
def review(data: Data = None) -> None:
    """Walk through pairs that may be one person."""
    from oshealth.commands.deciding import ask_questions

    ask_questions(data)


@people.command()
def merge(one: Who, other: Other, data: Data = None) -> None:
    """Say that two are one person."""
    from oshealth.commands.deciding import merge_people

    merge_people(data, one, other)


@people.command()
def split(one: Who, other: Other, data: Data = None) -> None:
    """Say that two are not one person."""
    from oshealth.commands.deciding import split_people

    split_people(data, one, other)


@people.command()
def affiliate(
    who: Who,
    organisation: Annotated[
        str, typer.Argument(metavar="ORGANISATION", help="An organisation's id; `volunteer` for their own account.")
    ],
    from_: Annotated[str | None, typer.Option("--from", metavar="DATE", help="The first day; else no bound.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="The day after the last; else no bound.")] = None,
    data: Data = None,
) -> None:
    """Say for whom somebody works."""
    from oshealth.commands.deciding import affiliate_person

    affiliate_person(data, who, organisation, (from_, until))


@people.command()
def erase(
    who: Annotated[
        str | None,
        typer.Argument(
            metavar="WHO",
            help='"Name <address>", a name, an address, or the beginning of a person\'s id; none for an account alone.',
        ),
    ] = None,
    account: Annotated[
        list[str] | None, typer.Option(metavar="HOST/LOGIN", help="An account of theirs on a forge.")
    ] = None,
    data: Data = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase somebody from all that is kept here, for good.

    No figure changes.
    """
    from oshealth.commands.deciding import erase_person

    erase_person(data, who, account or (), yes)
