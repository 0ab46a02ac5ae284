"""Whether what a subject needs is open: each package once over all repositories, and what the answer rests on."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from oshealth.derive.facts_of import Facts
from oshealth.derive.needs import unreadable_files
from oshealth.derive.own_licence import OwnLicence
from oshealth.derive.publiccode import PublicCode
from oshealth.licences.answer import NO_MANIFEST, NOT_COLLECTED, Down, Own
from oshealth.licences.catalogue import called, closed_product

COUNTED = ("runtime", "build")
"""What runs and what builds; what only develops is told, and not counted."""
_LEAST_OPEN = ("non-open", "unknown", "open", "approved")


@dataclass(frozen=True, eq=False)
class Openness:
    """What counts of a subject's needs."""

    needed: pl.DataFrame
    """One row per package that runs or builds, with repositories."""
    unreadable: tuple[str, ...]
    """Files that could not be read, with their repository where there are several."""
    declared_closed: tuple[str, ...]
    """What publiccode.yml says it cannot do without, and is proprietary."""
    own: Mapping[str, OwnLicence]
    repositories: Sequence[str] = ()
    """All of the subject, those without a file that could be read among them."""
    uncollected: tuple[str, ...] = ()
    """Repositories whose facts are older than the collecting of dependencies."""

    @property
    def nothing(self) -> str:
        """Why there is nothing to measure, where there is nothing."""
        return NOT_COLLECTED if self.uncollected else NO_MANIFEST

    @property
    def is_empty(self) -> bool:
        return self.needed.is_empty() and not self.unreadable

    @property
    def known(self) -> pl.DataFrame:
        return self.needed.filter(pl.col("openness") != "unknown")

    @property
    def unknown(self) -> pl.DataFrame:
        return self.needed.filter(pl.col("openness") == "unknown")

    @property
    def closed(self) -> pl.DataFrame:
        return self.needed.filter(pl.col("openness") == "non-open")

    @property
    def down(self) -> Down:
        """What the one sentence rests on."""
        own = min(self.own.values(), key=_place, default=None)
        return Down(
            needed_count=self.needed.height + len(self.declared_closed),
            unknown_count=self.unknown.height,
            closed=[*closed_names(self.closed), *self.declared_closed],
            unreadable=self.unreadable,
            own=_state(own) if own else "unknown",
            own_name=own.title if own else "",
            without_licence=self._without_licence if len(self.repositories) > 1 else (),
            unread=[_short(name) for name in self.repositories if name not in self.own] if self.own else (),
            uncollected=[name for name in self.uncollected if name in self.own or not self.own],
        )

    @property
    def _without_licence(self) -> Sequence[str]:
        return [_short(name) for name, own in self.own.items() if own.is_none]


def openness_of(facts: Facts, own: Mapping[str, OwnLicence], public_codes: Mapping[str, PublicCode]) -> Openness:
    """Gather what the measures and the answer need."""
    # Copies of one name may bear different licences: the least open one counts.
    least = pl.col("openness").replace_strict({state: n for n, state in enumerate(_LEAST_OPEN)}, return_dtype=pl.Int8)
    counted = facts.needs.filter(pl.col("scope").is_in(COUNTED)).with_columns(least.min().over("key").alias("_least"))
    needed = counted.filter(least == pl.col("_least")).unique("key", keep="first", maintain_order=True).drop("_least")
    unreadable = unreadable_files(facts.table("dependency"))
    several = unreadable["repository"].n_unique() > 1
    files = [f"{repository}: {path}" if several else path for repository, path, _ in unreadable.iter_rows()]
    found = _known_as(needed.filter(pl.col("openness") == "non-open"))
    closed = [
        need.name
        for code in public_codes.values()
        for need in code.depends_on
        if need.openness == "proprietary" and not need.is_optional and _plain(need.name) not in found
    ]
    return Openness(
        needed,
        tuple(files),
        tuple(dict.fromkeys(closed)),
        own,
        facts.subject.repositories,
        tuple(sorted(facts.uncollected)),
    )


def _known_as(closed: pl.DataFrame) -> set[str]:
    """The names that publiccode.yml may have for what was found: the package's, and the product's."""
    columns = ("ecosystem", "name", "resolved_version", "purl")
    products = [
        closed_product(ecosystem or "", name or "", version, purl or "")
        for ecosystem, name, version, purl in closed.select(columns).iter_rows()
    ]
    titles = [product.title for product in products if product]
    return {_plain(name) for name in (*closed["name"].drop_nulls(), *titles)}


def _plain(name: str) -> str:
    return re.sub(r"\W|_", "", name.casefold())


def closed_names(closed: pl.DataFrame) -> Sequence[str]:
    """Each with its licence: "left-pad (SSPL-1.0)"."""
    shown = pl.when(pl.col("licence").str.starts_with("LicenseRef-")).then(pl.lit("proprietary")).otherwise("licence")
    columns = ("ecosystem", pl.coalesce("name", "key"), "resolved_version", pl.col("purl").fill_null(""))
    rows = closed.select(*columns, shown.alias("shown")).iter_rows()
    names = [(called(ecosystem or "", *what), licence) for ecosystem, *what, licence in rows]
    return [f"{name} ({licence})" if licence else name for name, licence in names]


def _state(own: OwnLicence) -> Own:
    return "none" if own.is_none else own.openness


def _short(repository: str) -> str:
    return repository.rpartition("/")[2]


def _place(own: OwnLicence) -> int:
    return ("none", "non-open", "unknown", "open", "approved").index(_state(own))
