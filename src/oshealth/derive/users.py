"""Who is declared to use a codebase, in publiccode.yml and in sources.toml, as organisations where they are known."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import polars as pl

_TITLES = re.compile(
    r"\b(?:kommune|kommun|kaupunki|municipality|city|town|council|of|the|ayuntamiento|ajuntament|concello|gemeente"
    r"|gemeinde|stadt|landeshauptstadt|comune|commune|ville|mairie|de|di|la|obcina|mestna|mesto|hlavni|primaria)\b"
)
"""Words around a municipality's name, without accents."""
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "å": "a", "ł": "l", "đ": "d"})
"""Letters that are no other with an accent."""


@dataclass(frozen=True)
class User:
    """An organisation that uses the codebase; `organisation`, `type` and `country` are null where it is not known."""

    name: str
    sources: tuple[str, ...]
    organisation: str | None = None
    type: str | None = None
    country: str | None = None


@dataclass(frozen=True)
class Directory:
    """The organisations known, by id and by name without titles and accents."""

    by_id: Mapping[str, User]
    by_name: Mapping[str, User | None]
    """null: several have the name"""


def directory_of(organisations: pl.DataFrame) -> Directory:
    """Of rows of `facts.ORGANISATION`."""
    by_id: dict[str, User] = {}
    by_name: dict[str, User | None] = {}
    for key, name, kind, country in organisations.select("organisation", "name", "type", "country").iter_rows():
        by_id[key] = User(name or key, (), key, kind, country)
        plain = plain_name(name or key)
        by_name[plain] = None if plain in by_name else by_id[key]
    return Directory(by_id, by_name)


def declared_users(ids: Iterable[str], names: Iterable[str], directory: Directory) -> tuple[User, ...]:
    """Each user once: `ids` from sources.toml, `names` from publiccode.yml's `usedBy`."""
    users: dict[str, User] = {}
    for key in ids:
        users[key] = replace(directory.by_id.get(key, User(key, (), key)), sources=("sources.toml",))
    for name in names:
        known = directory.by_name.get(plain_name(name)) or User(name, ())
        key = known.organisation or plain_name(name)
        earlier = users[key].sources if key in users else ()
        users[key] = replace(known, sources=tuple(dict.fromkeys((*earlier, "publiccode.yml"))))
    return tuple(users.values())


@lru_cache(maxsize=65_536)
def plain_name(name: str) -> str:
    """A name as it is compared: lower case, without accents, punctuation and words such as "Kommune"."""
    folded = name.casefold().translate(_LETTERS)
    letters = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    plain = " ".join(re.sub(r"[^\w]+", " ", letters).split())
    short = " ".join(_TITLES.sub(" ", plain).split())
    return short or plain
