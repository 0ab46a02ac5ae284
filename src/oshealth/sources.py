"""What is watched: sources.toml, read and checked whole before anything is fetched."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr, StringConstraints, ValidationError

from oshealth.toml_mistakes import Mistake, mistakes_of, said

OrganisationType = Literal[
    "municipality",
    "region",
    "state",
    "publicly owned company",
    "association",
    "foundation",
    "supplier",
    "civil society",
    "university",
    "volunteer",
    "machine",
    "unknown",
]
Archetype = Literal[
    "internal",
    "quasi-internal",
    "association",
    "foundation",
    "civil-society supplier",
    "private supplier",
    "mixed",
]
ForgeKind = Literal["github", "gitlab", "none"]


_HOST_NAME = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?")


class SourcesError(Exception):
    """sources.toml is missing or wrong; the message lists every mistake with its line."""


def repository_id(url: str) -> str:
    """The name a repository has in every table: its address without scheme and ending, "github.com/owner/name"."""
    parts = urlsplit(url)
    return f"{(parts.hostname or '').lower()}{parts.path.rstrip('/').removesuffix('.git')}"


def _address(url: str) -> str:
    if _id(url) is None:
        raise ValueError("an address like https://host/owner/name")
    if not url.isprintable() or " " in url:
        raise ValueError("an address without spaces and control characters")
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or not parts.path.strip("/"):
        raise ValueError("an address like https://host/owner/name")
    if "@" in url or parts.query or parts.fragment:
        raise ValueError("an address without user, password, query and fragment")
    return url.rstrip("/").removesuffix(".git")


def _host_name(name: str) -> str:
    if not _HOST_NAME.fullmatch(name):
        raise ValueError("the name of a host, with a port if it is not 443, such as git.town.example:8443")
    return name


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError('a time zone such as "Europe/Copenhagen" or "UTC"') from None
    return name


def _regular_expression(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"a regular expression; this one is not: {error}") from None
    return pattern


def _matching(pattern: str, allowed: str) -> AfterValidator:
    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(allowed)
        return text

    return AfterValidator(check)


Text = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$")]
Address = Annotated[str, AfterValidator(_address)]
Key = Annotated[str, _matching(r"[a-z0-9][a-z0-9-]*", "lower-case letters, digits and dashes")]
Country = Annotated[str, _matching(r"[A-Z]{2}", 'a country code of two capitals, such as "DK"')]
Cron = Annotated[str, _matching(r"\s*(\S+\s+){4}\S+\s*", 'a cron line of five fields, such as "30 3 * * *"')]
Pattern = Annotated[str, AfterValidator(_regular_expression)]
Count = Annotated[int, Field(ge=0, le=50)]
Package = Annotated[str, _matching(r"pkg:[a-z]+/\S+", 'a package URL, such as "pkg:npm/%40golemio/core"')]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Organisation(_Strict):
    """Somebody who stewards, supplies, uses or writes: typed, and in a country."""

    id: Key
    name: Text
    type: OrganisationType
    country: Country | None = None


class Repository(_Strict):
    """One repository that is crawled: a codebase's own, or a fork worth comparing."""

    url: Address
    former: tuple[Address, ...] = ()
    """Where it lived before; these lend their history and issues, and are no subjects of their own."""
    fork_of: Address | None = None
    """The upstream repository, which is watched too. A fork is measured alone, never pooled into its codebase."""
    tag_pattern: Pattern | None = None
    """A regular expression for release tags that the usual forms do not know."""
    packages: tuple[Package, ...] = ()
    """Package URLs of what it publishes: "pkg:npm/%40golemio/core"."""
    compare_forks: Count | None = None
    """How many of the forks that its forge names are compared with it; else what the codebase says."""

    @property
    def id(self) -> str:
        return repository_id(self.url)


class Group(_Strict):
    """A GitLab group or a GitHub organisation, which stands for its public repositories; forks are left out."""

    url: Address
    include: tuple[Text, ...] = ("*",)
    """Patterns such as "app-*", of the path below the group; one must match."""
    exclude: tuple[Text, ...] = ()
    """Patterns of which none may match."""

    def holds(self, url: str) -> bool:
        """Whether the patterns let a repository in."""
        name = url.removeprefix(f"{self.url}/").lower()
        wanted = any(fnmatchcase(name, pattern.lower()) for pattern in self.include)
        return wanted and not any(fnmatchcase(name, pattern.lower()) for pattern in self.exclude)


class Codebase(_Strict):
    """A product that somebody stewards, made of repositories."""

    id: Key
    name: Text
    summary: Annotated[str, StringConstraints(max_length=500)] = ""
    stewards: tuple[Key, ...] = Field(min_length=1)
    suppliers: tuple[Key, ...] = ()
    users: tuple[Key, ...] = ()
    countries: tuple[Country, ...] = ()
    declared_archetype: Archetype | None = None
    repository: tuple[Repository, ...] = ()
    group: tuple[Group, ...] = ()
    compare_forks: Count = 0
    """How many forks of each repository are compared with it though nobody declared them: the most active ones."""
    _found_forks: tuple[Repository, ...] = PrivateAttr(default=())

    @property
    def found_forks(self) -> tuple[Repository, ...]:
        """The forks that were compared so: filled in from what forges tell, never from the file."""
        return self._found_forks

    def with_found_forks(self, forks: Iterable[Repository]) -> "Codebase":
        """The same with forks that nobody declared."""
        copy = self.model_copy()
        copy._found_forks = tuple(forks)  # noqa: SLF001 (its own)
        return copy

    def forks_wanted(self, repository: Repository) -> int:
        """How many forks of a repository are compared with it; of a fork only where it says so itself."""
        if repository.compare_forks is not None:
            return repository.compare_forks
        return 0 if repository.fork_of else self.compare_forks

    @property
    def own_repositories(self) -> tuple[Repository, ...]:
        """Those that are pooled into the codebase's measures: all but the forks."""
        return tuple(r for r in self.repository if r.fork_of is None)


class Schedule(_Strict):
    """When the nightly run starts."""

    cron: Cron = "30 3 * * *"
    time_zone: Annotated[str, AfterValidator(_time_zone)] = "Europe/Copenhagen"


class Limits(_Strict):
    """What a run and one repository may cost."""

    concurrency: int = Field(default=4, ge=1, le=64)
    """How many repositories are crawled at once, each in a process; so many requests one forge gets at once. No more
    are measured at once than there are processors."""
    look_ups: int = Field(default=20, ge=1, le=100)
    """How many questions to registries are on their way at once."""
    seconds: int = Field(default=1800, ge=1)
    megabytes: int = Field(default=4096, ge=1)
    maintainability_seconds: int = Field(default=60, ge=0, le=600)
    """For the maintainability of recent changes, per repository and run; 0: not measured."""


class Host(_Strict):
    """A host beyond github.com and gitlab.com, or one on a private network."""

    name: Annotated[str, AfterValidator(_host_name)]
    forge: ForgeKind = "none"
    is_private: bool = False
    """Allowed although its address is private; else such hosts are refused."""


class Sources(_Strict):
    """The whole file."""

    schedule: Schedule = Schedule()
    limits: Limits = Limits()
    host: tuple[Host, ...] = ()
    organisation: tuple[Organisation, ...] = ()
    codebase: tuple[Codebase, ...] = Field(min_length=1)

    @property
    def repositories(self) -> tuple[Repository, ...]:
        return tuple(r for c in self.codebase for r in c.repository)


def read_sources(path: Path) -> Sources:
    """Read and check sources.toml. Every mistake is named at once, each with its line, key and what is allowed."""
    try:
        text = path.read_text(encoding="utf-8")
        raw = tomllib.loads(text)
    except FileNotFoundError:
        raise SourcesError(f"{path}: no such file; `oshealth init FOLDER` makes one") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SourcesError(f"{path}: cannot be read: {error}") from None
    except (ValueError, RecursionError) as error:
        raise SourcesError(f"{path}: not TOML: {error}") from None
    mistakes = list(_references(raw))
    try:
        sources = Sources.model_validate(raw)
    except ValidationError as error:
        mistakes += mistakes_of(error, Sources)
    if mistakes:
        raise SourcesError(said(text, path.name, mistakes)) from None
    return sources


def _id(url: object) -> str | None:
    """The id of what stands where an address should; none where it is no address at all."""
    try:
        return repository_id(url) if isinstance(url, str) else None
    except ValueError:
        return None


def _references(raw: dict[str, Any]) -> Iterator[Mistake]:
    """What no single key shows: names given twice, an upstream that the file does not have, nothing to read at all."""
    codebases = list(_tables(raw, "codebase"))
    repositories = [(*at, *where) for at, c in codebases for where, _ in _tables(c, "repository")]
    rows = [row for _, c in codebases for _, row in _tables(c, "repository")]
    addresses = [_id(row.get("url")) for row in rows]
    yield from _twice((at, str(o.get("id"))) for at, o in _tables(raw, "organisation"))
    yield from _twice((at, str(c.get("id"))) for at, c in codebases)
    yield from _twice(((*at, "url"), a.lower()) for at, a in zip(repositories, addresses, strict=True) if a)
    for at in (at for at, c in codebases if not c.get("repository") and not c.get("group")):
        yield at, "has neither a [[codebase.repository]] nor a [[codebase.group]]"
    for at, row in zip(repositories, rows, strict=True):
        upstream = row.get("fork_of")
        if isinstance(upstream, str) and _id(upstream) not in addresses:
            yield (*at, "fork_of"), "the address of a repository in this file"


def _tables(table: dict[str, Any], key: str) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    rows = table.get(key)
    for number, row in enumerate(rows if isinstance(rows, list) else []):
        if isinstance(row, dict):
            yield (key, number), row


def _twice(names: Iterable[tuple[tuple[str | int, ...], str]]) -> Iterator[Mistake]:
    seen: set[str] = set()
    for at, name in names:
        if name in seen:
            yield at, f"{name!r} stands here a second time"
        seen.add(name)
