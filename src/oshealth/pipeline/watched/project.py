"""A project folder: what is watched, where its data lies, and what a run has to do."""

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from oshealth.collect.child import Limits as ChildLimits
from oshealth.pipeline.watched.found_forks import with_forks
from oshealth.pipeline.watched.groups import with_groups
from oshealth.pipeline.watched.organisations import ORGANISATIONS_FILE, check_organisations
from oshealth.sources import Codebase, Repository, Sources, read_sources, repository_id
from oshealth.store import FactsFolder, PrivateFolder

SOURCES_FILE = "sources.toml"
PRIVATE_FILES = ("people.toml", ORGANISATIONS_FILE, "licences.toml")
"""What else a user may decide in files beside sources.toml."""


class ProjectError(Exception):
    """The project folder or what was asked of it is wrong; the message is one sentence for the person who asked."""


@dataclass(frozen=True)
class Project:
    """A project folder with its sources, its data folder and the mirrors to fetch from."""

    sources: Sources
    folder: Path
    data: Path
    mirrors: tuple[str, ...] = ()
    """PREFIX=REPLACEMENT, as `--mirror` takes them."""

    @property
    def facts(self) -> FactsFolder:
        return FactsFolder(self.data)

    @property
    def private(self) -> PrivateFolder:
        return PrivateFolder(self.data)

    @property
    def alias_key(self) -> bytes:
        """The key of all aliases: from the variable OSHEALTH_KEY, else the one kept in the private folder."""
        return self.private.key(os.environ.get("OSHEALTH_KEY"))

    @property
    def mirror_folder(self) -> Path:
        return self.data / "mirrors"

    @property
    def child_limits(self) -> ChildLimits:
        """What one child process may cost; a mirror may not grow larger than a file that it writes."""
        limits = self.sources.limits
        return ChildLimits(seconds=limits.seconds, file_bytes=limits.megabytes << 20)

    @property
    def warehouse(self) -> Path:
        return self.data / "oshealth.duckdb"

    @property
    def reports(self) -> Path:
        return self.data / "reports"


@dataclass(frozen=True)
class Target:
    """One repository to crawl: one that is watched, or the former home of one."""

    url: str
    repository: Repository
    """The watched repository that it is, or whose former home it is."""

    @property
    def id(self) -> str:
        return repository_id(self.url)

    @property
    def is_former_home(self) -> bool:
        return self.id != self.repository.id


def open_project(folder: Path, data: Path | None = None, mirrors: Collection[str] = ()) -> Project:
    """Read a project folder. The data lies in `warehouse/` beside sources.toml unless said otherwise.

    Raises:
        SourcesError: sources.toml is missing or wrong, or names an organisation that nobody knows.
        RegistryError: organisations.toml is wrong or contradicts the package's list.
    """
    place = (data or folder / "warehouse").resolve()
    watched = read_sources(folder / SOURCES_FILE)
    check_organisations(folder / SOURCES_FILE, watched)
    sources = with_forks(with_groups(watched, place), place)
    return Project(sources, folder.resolve(), place, tuple(mirrors))


def chosen(project: Project, names: Collection[str]) -> tuple[Codebase, ...]:
    """The codebases of these ids; all where none is named."""
    known = {codebase.id: codebase for codebase in project.sources.codebase}
    if wrong := [name for name in names if name not in known]:
        raise ProjectError(f"no codebase {', '.join(wrong)} in sources.toml, which names {', '.join(known)}")
    return tuple(known[name] for name in names) or project.sources.codebase


def targets(codebases: Collection[Codebase]) -> Iterator[Target]:
    """What is crawled for these codebases: upstreams before their forks, which borrow from their facts."""
    repositories = [repository for codebase in codebases for repository in codebase.repository]
    for repository in sorted(repositories, key=lambda r: r.fork_of is not None):
        yield Target(repository.url, repository)
        for url in repository.former:
            yield Target(url, repository)
