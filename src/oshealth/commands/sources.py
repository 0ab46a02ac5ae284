"""`oshealth sources`: check sources.toml and show what it watches."""

from collections.abc import Iterator
from pathlib import Path

from rich.text import Text

from oshealth.collect.address import check_address
from oshealth.collect.errors import AddressError
from oshealth.commands.environment import project
from oshealth.commands.terminal import Terminal
from oshealth.pipeline.watched.project import ProjectError
from oshealth.sources import Codebase, Sources


def show_sources(data: Path | None) -> None:
    """Print each codebase: who stewards and supplies it, and its repositories, one to a line."""
    opened = project(data)
    _check_addresses(opened.sources)
    console = Terminal()
    for codebase in opened.sources.codebase:
        console.print(Text(f"{codebase.name}  {codebase.id}", style="bold"))
        for line in _lines(codebase):
            console.print(Text(f"  {line}"), soft_wrap=True)
        console.print()
    count = len(opened.sources.repositories)
    schedule = opened.sources.schedule
    what = "1 repository" if count == 1 else f"{count} repositories"
    console.print(f"{what}; nightly at {schedule.cron} ({schedule.time_zone}).", highlight=False)


def _lines(codebase: Codebase) -> Iterator[str]:
    if codebase.stewards:
        yield f"stewards: {', '.join(codebase.stewards)}"
    if codebase.suppliers:
        yield f"suppliers: {', '.join(codebase.suppliers)}"
    for repository in codebase.repository:
        yield f"{repository.id}{' (fork)' if repository.fork_of else ''}"


def _check_addresses(sources: Sources) -> None:
    """Addresses that would be refused when crawled are refused here, all at once."""
    refused = []
    for repository in sources.repositories:
        for url in (repository.url, *repository.former):
            try:
                check_address(url, sources.host)
            except AddressError as error:
                refused.append(str(error))
    if refused:
        raise ProjectError("\n".join(refused))
