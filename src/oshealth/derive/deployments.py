"""Branches that carry a municipality's name: where a fork is run for many, each has a branch of its own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from oshealth.derive.users import plain_name

FEWEST = 3
"""Fewer branches that bear a municipality's name may do so by chance."""
_WORDS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Deployment:
    """One municipality and the branches that bear its name, in alphabetical order."""

    organisation: str
    name: str
    country: str
    branches: tuple[str, ...]


def deployments(branches: pl.DataFrame, organisations: pl.DataFrame) -> tuple[Deployment, ...]:
    """Municipalities of one country, that of which most are named; none where it is fewer than three.

    A branch bears a name if it begins with it: "nova-gorica-k8s", "koper2020", "trzic". Names of one country alone
    are told apart from words that are some place's name somewhere.
    """
    known = _municipalities(organisations)
    found: dict[str, dict[str, Deployment]] = {}
    for branch in branches.filter(~pl.col("is_default"))["name"].sort():
        for country, (organisation, name) in _named(branch, known).items():
            of_country = found.setdefault(country, {})
            earlier = of_country[organisation].branches if organisation in of_country else ()
            of_country[organisation] = Deployment(organisation, name, country, (*earlier, branch))
    most = max(found.values(), key=len, default={})
    return tuple(most.values()) if len(most) >= FEWEST else ()


def _named(branch: str, known: Mapping[str, Mapping[str, tuple[str, str]]]) -> Mapping[str, tuple[str, str]]:
    """By country the municipality with the longest name that the branch begins with."""
    words = [plain_name(word) for word in _WORDS.findall(branch)][:5]
    of_branch: dict[str, tuple[str, str]] = {}
    for length in range(len(words), 0, -1):
        for country, municipality in known.get(" ".join(words[:length]), {}).items():
            of_branch.setdefault(country, municipality)
    return of_branch


def _municipalities(organisations: pl.DataFrame) -> dict[str, dict[str, tuple[str, str]]]:
    """By plain name and country."""
    known: dict[str, dict[str, tuple[str, str]]] = {}
    rows = organisations.filter(pl.col("type") == "municipality").drop_nulls(["name", "country"])
    for organisation, name, country in rows.select("organisation", "name", "country").iter_rows():
        known.setdefault(plain_name(name), {}).setdefault(country, (organisation, name))
    return known
