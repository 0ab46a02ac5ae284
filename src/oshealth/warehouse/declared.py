"""What sources.toml declares, as frames of the warehouse's tables."""

from collections.abc import Iterator, Mapping

import polars as pl

from oshealth.sources import Codebase, Repository, Sources, repository_id
from oshealth.warehouse.frames import CODEBASE, CODEBASE_ORGANISATION, ORGANISATION, REPOSITORY


def watched_ids(sources: Sources) -> list[str]:
    """The repositories whose facts a warehouse holds: own ones, forks and former homes."""
    return repositories(sources).filter(pl.col("role") != "found")["repository"].to_list()


def repositories(sources: Sources) -> pl.DataFrame:
    """One row per repository; where one is named twice, the first stands."""
    rows = [row for c in sources.codebase for r in (*c.repository, *c.found_forks) for row in _rows(c, r)]
    return pl.DataFrame(rows, schema=REPOSITORY, orient="row").unique("repository", keep="first", maintain_order=True)


def codebases(sources: Sources) -> pl.DataFrame:
    """One row per codebase, in the order of the file."""
    rows = [
        (c.id, c.name, c.summary or None, c.declared_archetype, list(c.countries), position)
        for position, c in enumerate(sources.codebase)
    ]
    return pl.DataFrame(rows, schema=CODEBASE, orient="row")


def codebase_organisations(sources: Sources) -> pl.DataFrame:
    """One row per codebase, organisation and role."""
    rows = [
        (codebase.id, organisation, role)
        for codebase in sources.codebase
        for role, named in (("steward", codebase.stewards), ("supplier", codebase.suppliers), ("user", codebase.users))
        for organisation in dict.fromkeys(named)
    ]
    return pl.DataFrame(rows, schema=CODEBASE_ORGANISATION, orient="row")


def organisations(sources: Sources) -> pl.DataFrame:
    """One row per organisation that the file describes."""
    rows = [(o.id, o.name, o.type, o.country) for o in sources.organisation]
    return pl.DataFrame(rows, schema=ORGANISATION, orient="row")


def undeclared_repositories(addresses: Mapping[str, str]) -> pl.DataFrame:
    """One row per repository of an audit, which belongs to no codebase, from its id and address."""
    rows: list[tuple[object, ...]] = [(name, None, url, "own", None, []) for name, url in addresses.items()]
    return pl.DataFrame(rows, schema=REPOSITORY, orient="row")


def _rows(codebase: Codebase, repository: Repository) -> Iterator[tuple[object, ...]]:
    upstream = repository_id(repository.fork_of) if repository.fork_of else None
    role = "found" if repository in codebase.found_forks else "fork" if upstream else "own"
    yield repository.id, codebase.id, repository.url, role, upstream, list(repository.packages)
    for url in repository.former:
        yield repository_id(url), codebase.id, url, "former", repository.id, []
