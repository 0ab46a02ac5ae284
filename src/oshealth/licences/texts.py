"""Licence files recognised by their text, each with the share of the text that matched."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from oshealth.licences.additions import differs, one_of, restricts, takes_back
from oshealth.licences.expressions import COMMONS_CLAUSE, spdx_id
from oshealth.licences.notices import notice_of
from oshealth.licences.openness import judge, name_of

MOST_CHARACTERS = 200_000
ENOUGH_SHARE = 0.9
"""Of a packaged text and of the file, so that neither a part nor a collection is taken for the whole."""
SAME_SHARE = 0.98
"""From here on it is the packaged text itself, with another copyright line."""
_SHORTEST = 120
_COMMONS_CLAUSE = re.compile(
    r"commons clause.{0,80}licen[cs]e condition|does not grant to you,? the right to sell the software"
    r"|\bwith (?:the )?[“\"]?commons clause",
    re.I | re.S,
)
_HEADER = re.compile(
    r"^[^\S\n]*(?:(?:copyright\b|\(c\)|©)(?:[^.\n]|\.(?!\s+\S))*"
    r"|all rights reserved\.?|(?:the )?(?:mit|isc) licen[cs]e(?:\s*\(\w+\))?:?(?=\s*$))",
    re.I | re.M,
)
"""Whose it is and what it is called, to the end of the sentence: what follows may be a condition."""
_CONDITIONED = re.compile(
    r"^[^\S\n]*(?:copyright\b(?=.{0,20}(?:\d{4}|\(c\)|©))|\(c\)\s*\d|©).{0,200}\b(?:(?:non-?)?commercial\w*|forbidden|prohibited|only)\b",
    re.I | re.M,
)
"""A line that says whose it is and, in the same breath, what may not be done: the classifier reads over it."""
_WORD = re.compile(r"\w+")
_FEWEST_WORDS = 6
"""That make a sentence which says something of its own."""
_SENTENCE = re.compile(r"(?<=[.:!?])\s+|\n\s*\n")


@dataclass(frozen=True)
class Match:
    """The licence of a text."""

    expression: str
    score: float
    """Share of the text that matched, 0 to 1."""
    source: str
    """Who recognised it: licenseclassifier, a packaged text, or a notice."""


@dataclass(frozen=True)
class _Part:
    """A part of a text that is word for word a licence, or the notice of one."""

    licence: str | None
    start: int
    end: int


@lru_cache(maxsize=2_000)
def recognise(text: str) -> Match | None:
    """The licence of a text, or of the notice at its head; nothing where it is none that is known, or several are.

    Nothing, too, where what stands beside it or was changed in it may restrict what the licence permits.
    """
    text = text[:MOST_CHARACTERS]
    if len(text.strip()) < _SHORTEST:
        return None
    if _CONDITIONED.search(text):
        return None
    if _COMMONS_CLAUSE.search(text):
        return _without_selling(text)
    # The same words are quickly compared; the classifier takes a third of a second to begin with.
    found = _overlapping(text)
    if found is None or found.score < SAME_SHARE:
        parts = _classified(text)
        found = _one(text, parts) if parts else found
        # A notice says, too, whether later versions may be chosen, which a text does not.
        found = _noticed(text, parts) or found
    return found


def _without_selling(text: str) -> Match:
    """Whatever the licence is that the Commons Clause was put before or behind: it takes the right to sell away."""
    parts = _classified(text)
    known = one_of(part.licence for part in parts)
    score = _covered(text, parts) if known else 1.0
    return Match(f"{known} AND {COMMONS_CLAUSE}" if known else COMMONS_CLAUSE, score, "licenseclassifier")


def _classified(text: str) -> Sequence[_Part]:
    from licenseclassifier import identify_license  # noqa: PLC0415 (unpacks its scanner when first needed)

    return [_Part(spdx_id(found.id), found.start, found.end) for found in identify_license(text)]


def _noticed(text: str, parts: Sequence[_Part]) -> Match | None:
    """What the notice at the head applies, though the file may go on with the licences of parts."""
    notice = notice_of(text)
    if notice is None or takes_back(_beside(text, notice.expression, parts)):
        return None
    return Match(notice.expression, round(notice.length / len(text.strip()), 3), "notice")


def _one(text: str, parts: Sequence[_Part]) -> Match | None:
    """What is said of the whole text, where nothing beside the licence restricts."""
    known = one_of(part.licence for part in parts)
    if known is None or (judge(known).openness != "non-open" and restricts(_beside(text, known, parts))):
        return None
    return Match(known, _covered(text, parts), "licenseclassifier")


def _covered(text: str, parts: Sequence[_Part]) -> float:
    characters = sum(part.end - part.start for part in parts)
    return round(min(1.0, characters / len(text.strip())), 3)


def _beside(text: str, licence: str, parts: Sequence[_Part]) -> str:
    """What stands between the parts, without names of the licence and what is known to stand beside licences."""
    ends = [0, *(part.end for part in parts)]
    starts = [*(part.start for part in parts), len(text)]
    left = "\n\n".join(text[end:start] for end, start in zip(ends, starts, strict=True))
    named = set(_WORD.findall(f"the {licence} {name_of(licence)} license licence".lower()))
    added = (each for each in _SENTENCE.split(left) if not _is_usual(_plain(each), named))
    return _HEADER.sub(" ", "\n".join(added))


def _is_usual(words: str, named: set[str]) -> bool:
    """Whether a sentence is a title, or known from a packaged text: the GPL ends with how to apply it."""
    of_words = words.split()
    if len(of_words) >= _FEWEST_WORDS and f" {words} " in _packaged_sentences():
        return True
    return set(of_words) <= named


def _overlapping(text: str) -> Match | None:
    """The packaged text that shares most words with this one, both ways, and differs in none that matters."""
    words = _words(text)
    scored = {licence: _share(words, packaged) for licence, packaged in packaged_words().items()}
    best = max(scored, key=lambda licence: scored[licence])
    if scored[best] < ENOUGH_SHARE:
        return None
    packaged = packaged_words()[best]
    added, missing = " ".join((words - packaged).elements()), " ".join((packaged - words).elements())
    return None if differs(added, missing) else Match(best, round(scored[best], 3), "packaged text")


def _share(words: Counter[str], packaged: Counter[str]) -> float:
    """Words in common, counted as often as both have them, over the longer of the two."""
    return (words & packaged).total() / max(words.total(), packaged.total(), 1)


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(_HEADER.sub(" ", text).lower().replace("sub-licen", "sublicen")))


def _plain(sentence: str) -> str:
    return " ".join(_WORD.findall(sentence.lower()))


@cache
def _packaged_sentences() -> str:
    usual = (files("oshealth.licences") / "data" / "beside.txt").read_text(encoding="utf-8")
    return f" {' '.join(map(_plain, [*_packaged().values(), usual]))} "


@cache
def packaged_words() -> Mapping[str, Counter[str]]:
    """The words of each packaged text."""
    return {licence: _words(text) for licence, text in _packaged().items()}


@cache
def _packaged() -> Mapping[str, str]:
    folder = files("oshealth.licences") / "data" / "texts"
    texts = [path for path in folder.iterdir() if path.name.endswith(".txt")]
    return {path.name.removesuffix(".txt"): path.read_text(encoding="utf-8") for path in sorted(texts, key=str)}
