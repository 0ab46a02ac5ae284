"""What is watched: sources.toml, read and checked whole before anything is fetched."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from oshealth.toml_lines import TomlLines

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


class SourcesError(Exception):
    """sources.toml is missing or wrong; the message lists every mistake with its line."""


def repository_id(url: str) -> str:
    """The name a repository has in every table: its address without scheme and ending, "github.com/owner/name"."""
    parts = urlsplit(url)
    return f"{(parts.hostname or '').lower()}{parts.path.rstrip('/').removesuffix('.git')}"


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or not parts.path.strip("/"):
        raise ValueError("an address like https://host/owner/name")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("an address without user, password, query and fragment")
    return url.rstrip("/").removesuffix(".git")


Address = Annotated[str, AfterValidator(_address)]
Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Organisation(_Strict):
    """Somebody who stewards, supplies, uses or writes: typed, and in a country."""

    id: Key
    name: str
    type: OrganisationType
    country: Country | None = None


class Repository(_Strict):
    """One repository that is crawled: a codebase's own, or a fork worth comparing."""

    url: Address
    former: tuple[Address, ...] = ()
    """Where it lived before; these lend their history and are no subjects of their own."""
    fork_of: Address | None = None
    """The upstream repository, which is watched too. A fork is measured alone, never pooled into its codebase."""
    tag_pattern: str | None = None
    """A regular expression for release tags that the usual forms do not know."""
    packages: tuple[str, ...] = ()
    """Package URLs of what it publishes: "pkg:npm/%40golemio/core"."""

    @property
    def id(self) -> str:
        return repository_id(self.url)


class Codebase(_Strict):
    """A product that somebody stewards, made of repositories."""

    id: Key
    name: str
    summary: str = ""
    stewards: tuple[Key, ...] = Field(min_length=1)
    suppliers: tuple[Key, ...] = ()
    users: tuple[Key, ...] = ()
    countries: tuple[Country, ...] = ()
    declared_archetype: Archetype | None = None
    repository: tuple[Repository, ...] = ()

    @property
    def own_repositories(self) -> tuple[Repository, ...]:
        """Those that are pooled into the codebase's measures: all but the forks."""
        return tuple(r for r in self.repository if r.fork_of is None)


class Schedule(_Strict):
    """When the nightly run starts."""

    cron: str = "30 3 * * *"
    time_zone: str = "Europe/Copenhagen"


class Limits(_Strict):
    """What one repository may cost."""

    concurrency: int = Field(default=4, ge=1, le=64)
    seconds: int = Field(default=1800, ge=1)
    megabytes: int = Field(default=4096, ge=1)


class Host(_Strict):
    """A host beyond github.com and gitlab.com, or one on a private network."""

    name: str
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
    except FileNotFoundError:
        raise SourcesError(f"{path}: no such file; `oshealth init FOLDER` makes one") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SourcesError(f"{path}: cannot be read: {error}") from None
    try:
        return Sources.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SourcesError(f"{path}: not TOML: {error}") from None
    except ValidationError as error:
        lines = TomlLines(text)
        raise SourcesError("\n".join(_mistakes(path.name, lines, error))) from None


def _mistakes(name: str, lines: TomlLines, error: ValidationError) -> Iterator[str]:
    for mistake in sorted(error.errors(), key=lambda m: lines.of(m["loc"])):
        key = ".".join(str(part) for part in mistake["loc"])
        yield f"{name}, line {lines.of(mistake['loc'])}: {key}: {_words(mistake['type'], mistake)}"


def _words(kind: str, mistake: Mapping[str, object]) -> str:
    if kind == "extra_forbidden":
        return "unknown key; see `oshealth sources --help` for those allowed"
    if kind == "missing":
        return "is missing"
    return str(mistake["msg"]).removeprefix("Value error, ")
