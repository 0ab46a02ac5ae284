"""What the environment says, read when a command starts and nowhere else."""

import os
from collections.abc import Sequence
from pathlib import Path

from oshealth.pipeline.watched.project import SOURCES_FILE, Project, open_project
from oshealth.sources import Host, SourcesError, read_sources


def mirrors(options: Sequence[str] | None) -> tuple[str, ...]:
    """The entries of `--mirror`, then those of OSHEALTH_MIRROR; of two with the same prefix the first counts."""
    return (*(options or ()), *os.environ.get("OSHEALTH_MIRROR", "").split())


def hosts() -> tuple[Host, ...]:
    """The forges of one's own that sources.toml in the current folder names; an audit needs no such file."""
    try:
        return read_sources(Path.cwd() / SOURCES_FILE).host
    except SourcesError:
        return ()


def project(data: Path | None, options: Sequence[str] | None = None) -> Project:
    """The project folder that is the current one."""
    return open_project(Path.cwd(), data, mirrors(options))


def data_folder(data: Path | None) -> Path:
    """Where the data lies, for commands that need nothing else of the project folder."""
    return data or Path.cwd() / "warehouse"
