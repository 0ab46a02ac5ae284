"""Text from outside, safe where people read it: in a terminal, a log, a message."""

import json
import unicodedata

_SEPARATORS = {"Zl", "Zp"}


def visible(text: str, kept: str = "\n") -> str:
    r"""The text with every character that acts instead of being seen as an escape: "\x1b[2J" is r"\x1b[2J".

    These are the controls of C0 and C1, what turns the direction of writing around, what has no width, and surrogates.

    Args:
        text: from a repository, a forge or a registry, say.
        kept: which of them stay: lines for a text of several, "" for one that must stay on its line.
    """
    if text.isprintable():
        return text
    return "".join(c.encode("unicode_escape").decode("ascii") if _acts(c) and c not in kept else c for c in text)


def visible_json(text: str) -> str:
    r"""The same of a JSON text, which goes on saying the same: such characters stand in its strings, now as \u001b."""
    if text.isprintable():
        return text
    return "".join(json.dumps(c)[1:-1] if _acts(c) and c != "\n" else c for c in text)


def _acts(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] == "C" or category in _SEPARATORS
