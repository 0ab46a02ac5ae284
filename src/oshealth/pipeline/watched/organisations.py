"""The organisations that a project folder knows: the package's, those of sources.toml, those of organisations.toml."""

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from oshealth.people.registry import Registry, load_registry
from oshealth.sources import Sources, SourcesError
from oshealth.toml_lines import Location
from oshealth.toml_mistakes import said

ORGANISATIONS_FILE = "organisations.toml"
_ROLES = ("stewards", "suppliers", "users")


def registry_of(folder: Path, sources: Sources) -> Registry:
    """All of them.

    Raises:
        RegistryError: organisations.toml is wrong or contradicts the package's list.
    """
    own = folder / ORGANISATIONS_FILE
    return load_registry(sources.organisation, own.read_text("utf-8") if own.exists() else "")


def check_organisations(path: Path, sources: Sources) -> None:
    """Whether whoever stewards, supplies and uses the codebases of a sources.toml is known: a typo would be nobody.

    Raises:
        SourcesError: somebody is not; the message names each with its line and what is near.
        RegistryError: organisations.toml is wrong or contradicts the package's list.
    """
    unknown = _but(_named(sources), [organisation.id for organisation in sources.organisation])
    unknown = _but(unknown, load_registry().organisations["organisation"]) if unknown else []
    if not unknown:
        return
    known = registry_of(path.parent, sources).organisations
    if mistakes := [(where, _words(name, known)) for where, name in _but(unknown, known["organisation"])]:
        raise SourcesError(said(path.read_text("utf-8"), path.name, mistakes))


def _named(sources: Sources) -> Iterator[tuple[Location, str]]:
    for number, codebase in enumerate(sources.codebase):
        for role in _ROLES:
            for place, name in enumerate(getattr(codebase, role)):
                yield ("codebase", number, role, place), name


def _but(named: Iterable[tuple[Location, str]], known: Iterable[str]) -> list[tuple[Location, str]]:
    names = frozenset(known)
    return [(where, name) for where, name in named if name not in names]


def _words(name: str, known: pl.DataFrame) -> str:
    near = _near(name, known)
    which = f"did you mean {near}?" if near else f"[[organisation]] here or in {ORGANISATIONS_FILE} makes it known"
    return f"{name}: no such organisation; {which}"


def _near(name: str, known: pl.DataFrame) -> str:
    """The id most like it, else the ids of those whose names are: a municipality's id is a number."""
    ids = list(known["organisation"])
    for alike in difflib.get_close_matches(name, ids, n=1, cutoff=0.75):
        return str(alike)
    titles: dict[str, list[str]] = defaultdict(list)
    for who, title in known["organisation", "name"].iter_rows():
        titles[title.lower().replace(" ", "-")].append(f"{who} ({title})")
    return " or ".join(
        each for alike in difflib.get_close_matches(name, titles, n=1, cutoff=0.8) for each in titles[alike]
    )
