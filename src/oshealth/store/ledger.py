"""The ledger of one crawl: written last, so that a folder with one is complete, and one without is nothing."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any, get_args
from urllib.parse import quote, unquote

from oshealth.facts import SCHEMA_VERSION, Status

FILE_NAME = "ledger.json"
_LONGEST_NAME = 200
_STATUSES = get_args(Status)
_MOMENTS = ("crawled_at", "refs_at", "manifests_at")


class StoreError(Exception):
    """Something that was to be stored, or was found in the store, is not what it must be."""


@dataclass(frozen=True)
class Ledger:
    """What one crawl of one repository found, and in which files its rows stand."""

    repository: str
    url: str
    crawled_at: datetime
    status: Status
    detail: str = ""
    """One sentence for people: why the status is not "ok"."""
    head: str | None = None
    """The commit of the default branch that the rows were read at."""
    default_branch: str | None = None
    fingerprint: str = ""
    """Of all that the rows depend on besides the tool: refs and options. Equal: there is nothing to read."""
    read_as: Status | None = None
    """Of a stale one: how the crawl ended that read its rows; fingerprint and head are that crawl's, too."""
    refs_at: datetime | None = None
    """When the refs were first seen as they are: since then the branches stand so."""
    manifests_at: datetime | None = None
    """The end of the tree whose manifests the dependencies stand in, exclusive; None: of the newest tree."""
    schema_version: int = SCHEMA_VERSION
    crawl: str = ""
    """The crawl's folder; set when the ledger is written."""
    rows: Mapping[str, int] = field(default_factory=dict)
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Per table its Parquet files, relative to the repository's folder; some may lie in older crawls' folders."""
    sizes: Mapping[str, int] = field(default_factory=dict)
    """Bytes of each of these files: a file cut short by a crash is seen without opening it."""

    @property
    def is_stale(self) -> bool:
        """Whether the rows are an earlier crawl's, because this one could not read the repository."""
        return self.status in {"unreachable", "corrupt", "too_large", "timed_out"} and self.head is not None

    @property
    def is_whole(self) -> bool:
        """Whether the rows tell the whole history, its own or those that a stale one keeps."""
        return (self.read_as or self.status) == "ok"


def write_ledger(path: Path, ledger: Ledger) -> None:
    """Write the file by which the crawl becomes visible."""
    moments = {name: at.isoformat() if (at := getattr(ledger, name)) else None for name in _MOMENTS}
    content = {**asdict(ledger), **moments}
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def replace_ledger(path: Path, ledger: Ledger) -> None:
    """Put another ledger in a ledger's place: readers find the one or the other."""
    temporary = path.with_name(f".{FILE_NAME}.{secrets.token_hex(4)}")
    write_ledger(temporary, ledger)
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    temporary.replace(path)


def read_ledger(folder: Path) -> Ledger | None:
    """The ledger of a crawl's folder; none where it is missing, cut short, of another schema or lacks a file."""
    ledger = stored_ledger(folder)
    try:
        sizes = ledger.sizes.items() if ledger else ()
        complete = all((folder.parent / name).stat().st_size == size for name, size in sizes)
    except (OSError, ValueError, TypeError):
        return None
    return ledger if complete else None


def stored_ledger(folder: Path) -> Ledger | None:
    """The same without a look at the files that it names."""
    try:
        content = json.loads((folder / FILE_NAME).read_bytes())
        if content["schema_version"] != SCHEMA_VERSION or content["status"] not in _STATUSES:
            return None
        return _ledger(content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _ledger(content: Mapping[str, Any]) -> Ledger:
    known = {f.name: content[f.name] for f in fields(Ledger) if f.name in content}
    known |= {name: datetime.fromisoformat(known[name]) if known.get(name) else None for name in _MOMENTS}
    known["files"] = {table: tuple(names) for table, names in known["files"].items()}
    known["sizes"] = dict(known["sizes"].items())
    return Ledger(**known)


def folder_name(repository: str) -> str:
    """The folder of a repository: its id with "+" for "/"."""
    parts = repository.split("/")
    if not all(parts) or any(part.startswith(".") for part in parts):
        raise StoreError(f"{repository!r} is no repository id: expected one like github.com/owner/name")
    name = "+".join(quote(part, safe="@~ ") for part in parts)
    if len(name) > _LONGEST_NAME:
        raise StoreError(f"the repository id {repository[:40]!r}… is longer than {_LONGEST_NAME} characters")
    return name


def repository_of(name: str) -> str:
    """The repository whose folder it is."""
    return unquote(name.replace("+", "/"))


def crawl_name(crawled_at: datetime) -> str:
    """The folder of a crawl: its moment in UTC, "20261123T031500Z"."""
    return f"{crawled_at:%Y%m%dT%H%M%SZ}"


def crawl_moment(name: str) -> datetime | None:
    """The moment in a crawl folder's name, suffix or not; none where it is no such name."""
    try:
        return datetime.strptime(name[:16], "%Y%m%dT%H%M%SZ")  # noqa: DTZ007 (moments are UTC without a zone)
    except ValueError:
        return None
