"""Whether words that stand beside a licence's own may take away what it permits, or name another licence."""

import re
from collections.abc import Iterable

_STANDARD = re.compile(
    r"you may not use (?:this|the) \w+ except in compliance with the licen[cs]e"
    r"|if a copy of the \w+ was not\s+distributed with this file"
    r"|public,? scientific[\w,\s]{0,60} establishment|https?://www\.gnu\.org/\S*"
    r"|unless required by applicable law or agreed to in writing"
    r"|without even the implied warranty|without (?:any )?warrant(?:y|ies)(?: or conditions)? of any kind"
    r"|terms and conditions|do not edit|if not,? (?:see|write to)"
    r"|\b(?:[234]|two|three|four)[- ]clause|unless (?:otherwise|explicitly)(?: \w+)? (?:stated|noted)"
    r"|only valid version of the GPL as far as .{0,60}? concerned is .{0,120}?(?=unless|\.\s)",
    re.I | re.S,
)
"""What notices say that change nothing."""
_RESTRICTING = re.compile(
    r"\b(?:not|cannot|never|no|non|only|except|excluding|excluded|unless|must|shall|however|limited|within"
    r"|commercial\w*|noncommercial\w*|nonprofit|profit|sell|selling|sold|resale|fees?|pay|paid|payments?|purchas\w+"
    r"|subscri\w+|forbid\w*|prohibit\w*|restrict\w*|disallow\w*|exclusive\w*|military|weapons?|nuclear|evil|harm\w*"
    r"|compet\w+|hosted|managed|saas|academic|educational|research|personal|private|internal|evaluation|trial|purposes?"
    r"|proprietary|confidential|enterprise|commons|clauses?|conditions?|additional|consent|agreement|revenue|employees"
    r"|intelligence|training|nc|nd|busl|sspl|elastic|polyform)\b",
    re.I,
)
_USES = (
    r"(?:commercial|military|evaluation|trial|resale|re-?sell|sell|sold|hosted|saas|compet|academic|educational|research"
    r"|personal|internal|nuclear|weapons?)\w*"
)
_TAKING_BACK = re.compile(
    r"\bnon-?commercial|commons clause"
    rf"|\b(?:no|not|never|only|except|forbid\w*|prohibit\w*|restrict\w*|disallow\w*)\b[^.]{{0,80}}\b{_USES}"
    rf"|\b{_USES}[^.]{{0,80}}\b(?:forbidden|prohibited|not|only|requires?|needs?)\b",
    re.I,
)
_ANOTHER = re.compile(r"\b(?:affero|lesser)\b", re.I)
_GRANTING = re.compile(
    r"\b(?:use|used|copy|copies|copied|modify|modified|modification|modifications|merge|publish|distribut\w+"
    r"|redistribut\w+|sublicense|sell|fee|charge|without|permission|permitted|hereby|granted|grants|purpose)\b",
    re.I,
)


def restricts(beside: str) -> bool:
    """Whether a word of it may restrict. Better a licence unknown than one that is not what it is taken for."""
    return bool(_RESTRICTING.search(_STANDARD.sub(" ", beside)))


def takes_back(beside: str) -> bool:
    """Whether a sentence of it plainly forbids a use; what merely goes on, with the licences of parts, does not."""
    return bool(_TAKING_BACK.search(beside))


def differs(added: str, missing: str) -> bool:
    """Whether words that a text has beyond a licence's, or lacks, may make it another one."""
    return restricts(added) or bool(_ANOTHER.search(added)) or bool(_GRANTING.search(missing))


def one_of(ids: Iterable[str | None]) -> str | None:
    """The one licence that stands in a text, in whole or by its notice; a notice that comes first says which versions.

    The LGPL-3.0 is the GPL-3.0 with permissions added, so that both stand in its file.
    """
    known = list(dict.fromkeys(ids))
    families = {family(each) for each in known if each}
    if families == {"GPL-3.0", "LGPL-3.0"}:
        return next((each for each in known if each and family(each) == "LGPL-3.0"), None)
    return known[0] if len(families) == 1 and None not in known else None


def family(licence_id: str) -> str:
    """The text, without which versions may be chosen."""
    return re.sub("-(?:only|or-later)$", "", licence_id)
