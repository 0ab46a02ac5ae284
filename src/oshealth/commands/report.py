"""`oshealth report`: the pages again, from the warehouse."""

from collections.abc import Sequence
from pathlib import Path

from oshealth.commands.environment import project
from oshealth.commands.terminal import say
from oshealth.pipeline.computing.reporting import links
from oshealth.pipeline.watched.project import chosen
from oshealth.reports.codebase import write_codebase
from oshealth.reports.portfolio import write_all
from oshealth.warehouse import open_warehouse


def write_pages(data: Path | None, codebases: Sequence[str] | None) -> None:
    """Write all pages, or those of some codebases."""
    opened = project(data)
    with open_warehouse(opened.warehouse) as connection:
        if codebases:
            pages = [write_codebase(connection, each.id, opened.reports) for each in chosen(opened, codebases)]
        else:
            pages = write_all(connection, opened.reports, links(opened))
    for page in pages:
        say(str(page))
