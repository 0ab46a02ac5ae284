"""Of what something was made, in one line: where the line is the same, it need not be made again.

Moments of crawls are left out: a crawl that found nothing new leaves everything as it was.
"""

import hashlib
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from oshealth import __version__
from oshealth.facts import SCHEMA_VERSION
from oshealth.licences.decisions import FILE_NAME as DECISIONS_FILE
from oshealth.pipeline.watched.project import PRIVATE_FILES, SOURCES_FILE, Project
from oshealth.sources import repository_id
from oshealth.store import Ledger

PACKAGE = Path(__file__).parents[1]
_SOURCES = {".py", ".sql", ".html", ".css", ".js", ".toml", ".tsv"}


def of_day(project: Project, as_of: date) -> str:
    """Of what the measurements of a day are made."""
    return _digest(as_of, *_facts(project))


def of_warehouse(project: Project) -> str:
    """Of what the warehouse is made."""
    return _digest(*_facts(project), *project.facts.run_names())


def of_page(project: Project, item: str, as_of: date) -> str:
    """Of what the report or a dashboard is made."""
    own = project.folder / "dashboards" / item
    return _digest(as_of, project.facts.noted("warehouse"), _changed_at(own) if own.exists() else item, _package())


def _facts(project: Project) -> Iterator[object]:
    yield from (__version__, SCHEMA_VERSION, _package(), project.facts.people_crawl(), project.facts.packages_crawl())
    for name in (SOURCES_FILE, DECISIONS_FILE, *PRIVATE_FILES):
        path = project.folder / name
        yield path.read_bytes() if path.exists() else name
    for repository in project.sources.repositories:
        for url in (repository.url, *repository.former):
            yield _content(project.facts.ledger(repository_id(url)))
    for fork in (fork for codebase in project.sources.codebase for fork in codebase.found_forks):
        yield fork.id, _content(project.facts.ledger(fork.id))


def _content(ledger: Ledger | None) -> object:
    """What a crawl found. Its gaps are told by status and detail where it failed, and by the other tables else."""
    if ledger is None:
        return None
    named = [(table, name) for table, names in ledger.files.items() if table != "gap" for name in names]
    files = sorted((table, name, ledger.sizes.get(name)) for table, name in named)  # erasing changes sizes only
    return (ledger.repository, ledger.fingerprint, ledger.head, ledger.status, ledger.detail, files)


@cache
def _package() -> float:
    """When this program's own files were last changed: who works on it wants to see what they did."""
    return max(_changed_at(path) for path in PACKAGE.rglob("*") if path.suffix in _SOURCES)


def _changed_at(path: Path) -> float:
    return path.stat().st_mtime


def _digest(*parts: object) -> str:
    return hashlib.sha256("\n".join(map(repr, parts)).encode()).hexdigest()
