"""People's names as they stand in commits: folded so that spellings meet, and judged for what they can prove."""

import re
import unicodedata
from functools import lru_cache

from oshealth.people.vocabulary import words as words_of

LONGEST_NAME = 200
"""Longer ones are no names: they are kept, and link to nothing."""

# Letters that decompose to nothing under NFKD, and the digraphs that people write in their place.
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "œ": "oe",
        "æ": "ae",
        "ß": "ss",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ł": "l",
        "ı": "i",
        "ħ": "h",
        "ŋ": "n",
        "ə": "e",
    }
)
_DIGRAPHS = (("oe", "o"), ("ae", "a"), ("ue", "u"), ("aa", "a"))
_WORD = re.compile(r"[^\W_]+")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|<[^>]*>|\"[^\"]*\"|\b(?:via|at) [\w .-]+$|@\S+", re.IGNORECASE)
_ESCAPED = re.compile(r"\\x[0-9a-fA-F]{2}")
_BOT = re.compile(
    r"\[bot\]|(?:^|[\s_.-])bot(?:$|[\s_.-])|^bot-|\bci$|^ci\b|\bservice account$"
    r"|(?:^|[\s_-])(?:robot|autobot|buildbot)(?:$|[\s_-])",
    re.IGNORECASE,
)
_PLACEHOLDERS = frozenset(
    {"john doe", "doe jane", "doe j", "foo bar", "full name", "first last", "committed not yet", "name your"}
)


def readable(name: str) -> bool:
    """Whether a name can prove anything at all: no control characters, no escaped bytes, not endless."""
    return bool(name) and len(name) <= LONGEST_NAME and not _ESCAPED.search(name) and name.isprintable()


@lru_cache(maxsize=2**12)
def tokens(name: str) -> tuple[str, ...]:
    """The words of a name, folded, in their order: "Sørensen, Åse (Firm)" gives ("ase", "sorensen")."""
    bare = _ASIDE.sub(" ", name)
    if bare.count(",") == 1:
        last, first = bare.split(",")
        bare = f"{first} {last}" if len(_WORD.findall(last)) <= 2 else bare
    return tuple(word for raw in _WORD.findall(bare) if (word := fold(raw)))


def fold(text: str) -> str:
    """Lower case without accents: "Ødegård" and "Odegard" meet; see `spelt` for "Oedegaard"."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@lru_cache(maxsize=2**17)
def spelt(word: str) -> str:
    """A folded word with the digraphs for ø, ä, ü and å reduced, so that "soeren", "søren" and "soren" meet."""
    for digraph, letter in _DIGRAPHS:
        word = word.replace(digraph, letter)
    return word


def is_full(words: tuple[str, ...]) -> bool:
    """Whether the words are a full name: two or more of two letters or more, not all of them generic."""
    long = [word for word in words if len(word) > 1 and not word.isdigit()]
    if len(long) < 2 or " ".join(sorted(words)) in _PLACEHOLDERS:
        return False
    return not any(word in words_of("generic_words") for word in long)


def is_generic(name: str) -> bool:
    """Whether it names nobody: "root", "GitHub action", "unknown", "Superuser"."""
    words = tokens(name)
    return all(word in words_of("generic_words") or word.isdigit() or len(word) == 1 for word in words)


def is_bot(name: str) -> bool:
    """Whether it is a program's: known by name, or with "bot" as a word."""
    joined = "".join(tokens(name))
    return bool(_BOT.search(name)) or fold(name).strip() in words_of("bot_names") or joined in words_of("bot_names")


def compatible(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two full names may be one person's: each word of the shorter begins, or misspells, one of the longer."""
    shorter, longer = sorted((one, other), key=len)
    if sum(word in longer for word in shorter) == 0:
        return alike("".join(shorter), "".join(longer))
    return all(any(_stands_for(word, candidate) for candidate in longer) for word in shorter)


def _stands_for(word: str, other: str) -> bool:
    short, long = sorted((word, other), key=len)
    return long.startswith(short) or alike(word, other)


def alike(one: str, other: str) -> bool:
    """At most one letter of five or more differs, is missing or has changed places."""
    if min(len(one), len(other)) < 5 or abs(len(one) - len(other)) > 1:
        return one == other
    head = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    one, other = one[head:], other[head:]
    return one[1:] == other[1:] or one[1:] == other or one == other[1:] or (one[1::-1] + one[2:]) == other
