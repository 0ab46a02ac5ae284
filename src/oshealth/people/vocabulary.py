"""The lists in data/words.toml: words that say nothing of a person, domains that say nothing of an employer."""

import tomllib
from functools import cache
from importlib.resources import files


@cache
def words(key: str) -> frozenset[str]:
    """One list of data/words.toml."""
    return frozenset(_lists()[key].split())


@cache
def _lists() -> dict[str, str]:
    return tomllib.loads((files("oshealth.people") / "data" / "words.toml").read_text("utf-8"))
