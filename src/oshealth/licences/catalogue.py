"""Closed products known by name, whatever their package says, and closed services that an open client is made for."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import unquote, urlsplit

from oshealth.licences.expressions import PROPRIETARY


@dataclass(frozen=True)
class Product:
    """A closed product or service."""

    title: str
    why: str
    instead: str = ""
    ecosystems: tuple[str, ...] = ()
    from_version: tuple[int, ...] = ()
    before_version: tuple[int, ...] = ()
    """The first version that is open again."""
    licence: str = PROPRIETARY


def closed_product(ecosystem: str, name: str, version: str | None, purl: str = "") -> Product | None:
    """The closed product that this is, by its name or by where it is downloaded.

    Where only some versions are closed, an unknown version is none.
    """
    found = _products("package").get(name.lower()) or _downloads().get(_host(purl))
    if found is None or (found.ecosystems and ecosystem not in found.ecosystems):
        return None
    if found.from_version:
        numbers = _numbers(version)
        is_before = not found.before_version or numbers < found.before_version
        return found if numbers and numbers >= found.from_version and is_before else None
    return found


def called(ecosystem: str, name: str, version: str | None, purl: str) -> str:
    """The name that tells what it is: a product's where a file of its maker is called "js"."""
    found = closed_product(ecosystem, name, version, purl)
    return name if found is None or name.lower() in _products("package") else f"{found.title} ({name})"


def known_licence(ecosystem: str, name: str) -> str | None:
    """The licence of something that no package registry tells of, by its own repository."""
    return _known().get(ecosystem, {}).get(name.lower())


def closed_service(name: str) -> Product | None:
    """The service that this package is a client of."""
    return _products("service").get(name.lower())


def _host(purl: str) -> str:
    """Where a package URL says that it is downloaded."""
    _, is_told, address = purl.partition("?download_url=")
    return (urlsplit(unquote(address)).hostname or "") if is_told else ""


def _numbers(version: str | None) -> tuple[int, ...]:
    found = re.match(r"v?(\d+(?:\.\d+)*)", version or "")
    return tuple(int(number) for number in found[1].split(".")[:4]) if found else ()


@cache
def _known() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files("oshealth.licences") / "data" / "known.toml").read_text(encoding="utf-8"))


@cache
def _products(kind: str) -> Mapping[str, Product]:
    return {name.lower(): _product(row) for row in _catalogue()[kind] for name in row["names"]}


@cache
def _downloads() -> Mapping[str, Product]:
    return {host: _product(row) for row in _catalogue()["package"] for host in row.get("hosts", ())}


def _product(row: Mapping[str, Any]) -> Product:
    return Product(
        title=row["title"],
        why=row["why"],
        instead=row.get("instead", ""),
        ecosystems=tuple(row.get("ecosystems", ())),
        from_version=_numbers(row.get("from_version")),
        before_version=_numbers(row.get("before_version")),
        licence=row.get("licence", PROPRIETARY),
    )


@cache
def _catalogue() -> Mapping[str, list[dict[str, Any]]]:
    return tomllib.loads((files("oshealth.licences") / "data" / "proprietary.toml").read_text(encoding="utf-8"))
