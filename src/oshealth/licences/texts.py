"""Licence files recognised by their text, each with the share of the text that matched."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from oshealth.licences.expressions import spdx_id
from oshealth.licences.notices import notice_of

MOST_CHARACTERS = 200_000
ENOUGH_SHARE = 0.9
"""Of a packaged text and of the file, so that neither a part nor a collection is taken for the whole."""
SAME_SHARE = 0.98
"""From here on it is the packaged text itself, with another copyright line."""
_SHORTEST = 120
_COMMONS_CLAUSE = re.compile(r"commons clause.{0,80}licen[cs]e condition", re.I | re.S)
_HEADER = re.compile(
    r"^[^\S\n]*(copyright\b|\(c\)|©|all rights reserved|the mit licen[cs]e|mit licen[cs]e|isc licen[cs]e).*$",
    re.I | re.M,
)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Match:
    """The licence of a text."""

    expression: str
    score: float
    """Share of the text that matched, 0 to 1."""
    source: str
    """Who recognised it: licenseclassifier, a packaged text, or a notice."""


@lru_cache(maxsize=2_000)
def recognise(text: str) -> Match | None:
    """The licence of a text, or of the notice at its head; nothing where it is none that is known, or several are."""
    text = text[:MOST_CHARACTERS]
    if len(text.strip()) < _SHORTEST:
        return None
    # The same words are quickly compared; the classifier takes a third of a second to begin with.
    found = _overlapping(text)
    if found is None or found.score < SAME_SHARE:
        ids = _classified(text)
        found = None if len({_family(each) for each in ids}) > 1 else _one(text, ids) or found
    if notice := notice_of(text):
        # It says, too, whether later versions may be chosen, which a text does not.
        found = Match(notice.expression, round(notice.length / len(text.strip()), 3), "notice")
    if found is not None and _COMMONS_CLAUSE.search(text):
        return Match(f"{found.expression} AND LicenseRef-Commons-Clause", found.score, found.source)
    return found


def _classified(text: str) -> dict[str, int]:
    """The licences that licenseclassifier finds, and how many characters each covers."""
    from licenseclassifier import identify_license  # noqa: PLC0415 (unpacks its scanner when first needed)

    covered: dict[str, int] = {}
    for each in identify_license(text):
        covered[each.id] = covered.get(each.id, 0) + each.end - each.start
    return covered


def _family(licence: str) -> str:
    """The text, without which versions may be chosen: GNU's end with an example of a notice that says "or later"."""
    return re.sub(r"-(?:only|or-later)$", "", licence)


def _one(text: str, covered: Mapping[str, int]) -> Match | None:
    """What is said of the whole text."""
    for found, characters in sorted(covered.items(), key=lambda pair: -pair[1]):
        if licence := spdx_id(found):
            return Match(licence, round(min(1.0, characters / len(text.strip())), 3), "licenseclassifier")
    return None


def _overlapping(text: str) -> Match | None:
    """The packaged text that shares most words with this one, both ways."""
    words = _words(text)
    scored = {licence: _share(words, packaged) for licence, packaged in packaged_words().items()}
    best = max(scored, key=lambda licence: scored[licence])
    return Match(best, round(scored[best], 3), "packaged text") if scored[best] >= ENOUGH_SHARE else None


def _share(words: Counter[str], packaged: Counter[str]) -> float:
    """Words in common, counted as often as both have them, over the longer of the two."""
    return (words & packaged).total() / max(words.total(), packaged.total(), 1)


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(_HEADER.sub(" ", text).lower()))


@cache
def packaged_words() -> Mapping[str, Counter[str]]:
    """The words of each packaged text."""
    folder = files("oshealth.licences") / "data" / "texts"
    texts = [path for path in folder.iterdir() if path.name.endswith(".txt")]
    return {path.name.removesuffix(".txt"): _words(path.read_text(encoding="utf-8")) for path in sorted(texts, key=str)}
