"""The command line: what each command takes. What it does stands in `commands/`, imported when it runs."""

import signal
import sys
from datetime import date
from io import TextIOWrapper
from multiprocessing import active_children
from pathlib import Path
from traceback import format_exception
from typing import Annotated, Literal

import typer

from oshealth import __version__
from oshealth.collect.child import end_all
from oshealth.commands.people import people

app = typer.Typer(
    name="oshealth",
    help="Health of open source codebases that public bodies govern together.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # boxes would call every flag a <bool> and leave half of 80 columns to the words
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(people, name="people")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("a day such as 2024-10-01") from None


Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        envvar="OSHEALTH_DATA",
        help="Where the data lies; else warehouse/ beside sources.toml.",
    ),
]
AsOf = Annotated[
    date | None,
    typer.Option("--as-of", parser=_day, metavar="DATE", help="Measure as of the end of this day (UTC); else today."),
]
MirrorOption = Annotated[
    list[str] | None,
    typer.Option(
        "--mirror",
        metavar="PREFIX=REPLACEMENT",
        help="Fetch what begins with PREFIX from REPLACEMENT. Repeatable. Also OSHEALTH_MIRROR, separated by spaces.",
    ),
]
Codebases = Annotated[
    list[str] | None,
    typer.Argument(metavar="CODEBASE", help="Ids from sources.toml; default: all.", show_default=False),
]


def _version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"oshealth {__version__}")
        raise typer.Exit


@app.callback()
def oshealth(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Health of open source codebases that public bodies govern together."""


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that is empty or does not exist yet.")],
) -> None:
    """Make a new project folder."""
    from oshealth.commands.init import init_project

    init_project(folder)


@app.command()
def run(
    codebases: Codebases = None,
    data: Data = None,
    as_of: AsOf = None,
    mirror: MirrorOption = None,
    offline: Annotated[bool, typer.Option("--offline", help="Fetch nothing: measure the stored facts again.")] = False,
    no_prefect: Annotated[bool, typer.Option("--no-prefect", help="As plain functions, without Prefect.")] = False,
) -> None:
    """Do the nightly job once, now: crawl, load, report."""
    from oshealth.commands.run import run_once

    raise typer.Exit(run_once(data, codebases, as_of, mirror, offline=offline, with_prefect=not no_prefect))


@app.command()
def serve(data: Data = None, mirror: MirrorOption = None) -> None:
    """Do the same on the schedule of sources.toml, until interrupted."""
    from oshealth.commands.serve import serve_schedule

    serve_schedule(data, mirror)


@app.command()
def audit(
    target: Annotated[str, typer.Argument(metavar="TARGET", help="A repository: an https address or a local path.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report page to this file.")] = None,
    as_of: AsOf = None,
    names: Annotated[bool, typer.Option("--names", help="Show people's names instead of keyed hashes.")] = False,
    fail_on: Annotated[
        Literal["poor", "watch"] | None,
        typer.Option(help="End with status 4 when a measure is graded so, or worse."),
    ] = None,
    sbom: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write its components to this file, as CycloneDX 1.6.")
    ] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask neither registries nor the forge; take what is kept.")
    ] = False,
    mirror: MirrorOption = None,
) -> None:
    """Audit one repository, once, here.

    What registries say of packages is kept between audits, in your folder for caches (OSHEALTH_CACHE names another, or
    empty: none).
    """
    from oshealth.commands.audit import AuditOutput, audit_repository

    output = AuditOutput(as_json, html, names, fail_on, sbom, offline)
    raise typer.Exit(audit_repository(target, as_of, mirror, output))


@app.command()
def report(codebases: Codebases = None, data: Data = None) -> None:
    """Write the pages again, from the warehouse."""
    from oshealth.commands.report import write_pages

    write_pages(data, codebases)


@app.command()
def query(
    sql: Annotated[
        str, typer.Argument(metavar="SQL", help="A question in DuckDB's SQL, a file that holds one, or - to read it.")
    ],
    data: Data = None,
    output: Annotated[
        Literal["table", "csv", "json"], typer.Option("--format", help="How to print the answer.")
    ] = "table",
) -> None:
    """Ask the warehouse."""
    from oshealth.commands.query import ask

    ask(data, sql, output)


@app.command()
def metrics(
    metric: Annotated[str | None, typer.Argument(metavar="ID", help="One metric; default: all.")] = None,
) -> None:
    """What each measure means: its definition, unit, bands and source."""
    from oshealth.commands.metrics import show_metrics

    show_metrics(metric)


@app.command()
def sources(data: Data = None) -> None:
    """Check sources.toml and show what it watches."""
    from oshealth.commands.sources import show_sources

    show_sources(data)


def _interrupt(*_: object) -> None:
    """End what works for us first: threads that wait for it would hold up the end."""
    is_free = end_all()
    for process in active_children():
        process.terminate()
    if is_free:
        raise KeyboardInterrupt


def main() -> None:
    """Run the command line. Known errors become one sentence and a status: 1 failed, 2 wrong usage or configuration."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # `nohup` stays what it is
            signal.signal(number, _interrupt)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a locale may lack the letters of a name
    try:
        app()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception as error:  # noqa: BLE001 (what is not known is shown whole)
        from oshealth.commands.failures import sentence_of
        from oshealth.commands.status import FAILED
        from oshealth.commands.terminal import say

        known = sentence_of(error)
        if known is None:
            say("".join(format_exception(error)).rstrip(), is_error=True)
            raise SystemExit(FAILED) from None
        say(f"oshealth: {known.sentence}", is_error=True)
        raise SystemExit(known.status) from None
