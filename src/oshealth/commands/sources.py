"""`oshealth sources`: check sources.toml and show what it watches."""

from pathlib import Path

from rich.markup import escape
from rich.table import Table

from oshealth.collect.address import check_address
from oshealth.collect.errors import AddressError
from oshealth.commands.environment import project
from oshealth.commands.terminal import Terminal
from oshealth.pipeline.project import ProjectError
from oshealth.sources import Codebase, Sources


def show_sources(data: Path | None) -> None:
    """Print one table: a codebase, who stewards and supplies it, and its repositories."""
    opened = project(data)
    _check_addresses(opened.sources)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("codebase", "stewards", "suppliers", "repositories"):
        table.add_column(title, overflow="fold")
    for codebase in opened.sources.codebase:
        table.add_row(*map(escape, _row(codebase)))
    console = Terminal()
    console.print(table)
    count = len(opened.sources.repositories)
    schedule = opened.sources.schedule
    console.print(f"\n{count} repositories; nightly at {schedule.cron} ({schedule.time_zone}).", highlight=False)


def _row(codebase: Codebase) -> tuple[str, ...]:
    repositories = [f"{r.id}{' (fork)' if r.fork_of else ''}" for r in codebase.repository]
    stewards, suppliers = ", ".join(codebase.stewards), ", ".join(codebase.suppliers) or "–"
    return f"{codebase.name} [{codebase.id}]", stewards, suppliers, "\n".join(repositories)


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
