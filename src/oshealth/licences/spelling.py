"""Ways to write one SPDX id: "GNU GPL v3", "EUPLv1.2", "CC BY-SA 4.0": name and version, with other signs between."""

import re

_LATER_WORDS = (
    r"or[ -](?:\(?at your option\)? )?(?:any )?(?:later|newer|above|higher)(?: versions?)?",
    r"oder (?:spätere?r?|neuere?r?|höhere?r?)(?: version(?:en)?)?",
    r"ou (?:ultérieure?s?|(?:version )?(?:plus récente|supérieure|ulterior|superior))",
    r"[ou] (?:una |uma )?(?:posterior(?:es)?|successiv[ae]|superiore?s?)",
    r"eller (?:senere|nyere|senare)",
    r"of (?:later|nieuwer|hoger)",
)
_LATER = re.compile(rf"^(.+?)[,\s-]*(?:{'|'.join(_LATER_WORDS)})$", re.I)
_CALLED = re.compile(
    r"^(?:spdx-license-identifier|licen[cs]e|lizenz|licen[cz]ia|licença|licenza|licentie)\s*:?\s+", re.I
)
_BEHIND = re.compile(r"[- ](?:lizenz|licensed)$", re.I)
_GNU = re.compile(
    r"^(?:gnu[ -])?(?:(affero |lesser |library )(?:general public licen[cs]e|gpl)|general public licen[cs]e)"
    r"(?: \([al]?gpl\))?(?=\W|$)"
)
_GNU_LETTER = {"affero ": "agpl", "lesser ": "lgpl", "library ": "lgpl"}
_EUPL = re.compile(
    r"^(?:european union public licen[cs]e|open-source-lizenz für die europäische union"
    r"|licence publique de l[’']union européenne|licenza pubblica dell[’']unione europea"
    r"|licencia pública de la unión europea|openbare licentie van de europese unie"
    r"|licença pública da união europeia)(?: \(eupl\))?"
)
_TO_VERSION = re.compile(r"[\s-]*(?:\bversion|\bv|(?<=[a-z])v)[.\s-]*(?=\d)|\s+")
_SHORT_GPL = re.compile(r"^([al]?gpl)-?(\d)(?:\.0)?(?=$|\+|-only$|-or-later$)")
_DATED = re.compile(r" \d{1,2} [a-z]+ \d{4}$")


def as_id(plain: str) -> str:
    """What has name and version, written as ids are. `plain`: lower case, without commas, single spaces."""
    text = _GNU.sub(lambda found: _GNU_LETTER.get(found[1] or "", "gpl"), _DATED.sub("", plain))
    text = _EUPL.sub("eupl", text.removeprefix("gnu ").removeprefix("gnu-"))
    return _SHORT_GPL.sub(r"\1-\2.0", _TO_VERSION.sub("-", text))


def or_later(text: str) -> str | None:
    """What stands before "or later", in the languages that people say it in."""
    found = _LATER.match(text)
    return found[1] if found else None


def bare(text: str) -> str:
    """The name without the word for what it is: "Licence: MIT", "MIT-Lizenz"."""
    return _BEHIND.sub("", _CALLED.sub("", text))
