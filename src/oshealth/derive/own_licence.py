"""A repository's own licence: what publiccode.yml, manifests and licence files each say, and whether they agree."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from oshealth.collect.manifests.syntax import read_json, read_toml
from oshealth.licences.additions import family, one_of
from oshealth.licences.expressions import read_licence
from oshealth.licences.openness import Openness, judge
from oshealth.licences.texts import recognise

_PUBLICCODE = "publiccode.yml"
_MOST_CHARACTERS = 1_000_000
_IDS = re.compile(r"[A-Za-z][\w.+-]*\d[\w.+-]*|[A-Za-z][\w-]*")


@dataclass(frozen=True)
class Said:
    """What one file says."""

    path: str
    raw: str
    expression: str | None
    score: float | None = None
    """Matched share, of a text."""


@dataclass(frozen=True)
class OwnLicence:
    """All that is said, the most believed first: publiccode.yml, then manifests, then licence files."""

    said: tuple[Said, ...] = ()
    file_count: int = 0
    """Licence files, recognised or not."""
    unread: tuple[str, ...] = ()
    """Those whose text is none that is known."""

    @property
    def expression(self) -> str | None:
        """The licence, where what is believed names one. Several licence files do not say whether one may choose."""
        known = [one for one in self.said if one.expression]
        declared = [one for one in known if _is_declared(one)]
        if not declared:
            return one_of(one.expression for one in self.said if _is_file(one))
        if declared[0].path == _PUBLICCODE:
            return declared[0].expression
        # Of manifests that disagree one may be a template's: then the text of the licence tells which.
        held = _families_of_files(known)
        return next((one for one in declared if _families(one) & held), declared[0]).expression

    @property
    def is_none(self) -> bool:
        """Whether no file says anything: then nobody may use or change it."""
        return not self.said and not self.file_count

    @property
    def is_text_read(self) -> bool:
        """Whether the text of any licence file is recognised."""
        return any(_is_file(one) for one in self.said)

    @property
    def names(self) -> tuple[str, ...]:
        """The licence, or all that its licence files are under."""
        if self.expression:
            return (self.expression,)
        return tuple(dict.fromkeys(one.expression for one in self.said if one.expression))

    @property
    def title(self) -> str:
        """The licence as a sentence names it; where none is known, what was read instead."""
        if closed := self._closed_text:
            declared, text = closed
            return f"{declared.expression} in {declared.path}, but {text.expression} in {text.path}"
        said = [f"“{one.raw}” in {one.path}, which is no licence that is known" for one in self.said]
        unread = [f"{path}, whose text is not recognised" for path in self.unread]
        return ", ".join(self.names) or next(iter([*said, *unread]), "")

    @property
    def openness(self) -> Openness:
        """That of the licence; of several licence files that of the least open. No declaration opens a closed text."""
        if self._closed_text:
            return "unknown"
        order: tuple[Openness, ...] = ("non-open", "unknown", "open", "approved")
        return min((judge(name).openness for name in self.names), key=order.index, default="unknown")

    @property
    def _closed_text(self) -> tuple[Said, Said] | None:
        """What is declared to be open, and the licence file that is not."""
        if self.disagreeing is None or not judge(self.expression).is_open:
            return None
        declared = next(one for one in self.said if _is_declared(one) and one.expression)
        files = [one for one in self.said if _is_file(one)]
        if any(_families(declared) & _families(one) for one in files):
            return None
        closed = (one for one in files if judge(one.expression).openness == "non-open")
        return next(((declared, one) for one in closed), None)

    @property
    def disagreeing(self) -> tuple[Said, Said] | None:
        """The first two that name no licence in common."""
        known = [one for one in self.said if one.expression]
        declared = [one for one in known if _is_declared(one)]
        texts = _families_of_files(known)
        for index, one in enumerate(declared):
            for other in declared[index + 1 :]:
                if not _families(one) & _families(other):
                    return one, other
        first = next((one for one in known if _is_file(one)), None)
        if declared and first is not None and not _families(declared[0]) & texts:
            return declared[0], first
        return None


def own_licence(publiccode: str | None, manifests: Mapping[str, str], files: Mapping[str, str]) -> OwnLicence:
    """What the files of one repository say.

    Args:
        publiccode: `legal/license` of publiccode.yml.
        manifests: texts by path, of manifests at the root.
        files: texts by path, of licence files.
    """
    said = [Said(_PUBLICCODE, publiccode, read_licence(publiccode).expression)] if publiccode else []
    for path, text in sorted(manifests.items()):
        raw = _of_manifest(path, text)
        said += [Said(path, raw, read_licence(raw).expression)] if raw else []
    matches = {path: recognise(text) for path, text in sorted(files.items())}
    said += [Said(path, match.expression, match.expression, match.score) for path, match in matches.items() if match]
    return OwnLicence(tuple(said), len(files), tuple(path for path, match in matches.items() if match is None))


def is_manifest(path: str) -> bool:
    """Whether a file at this path may say the repository's licence."""
    return _reader(path) in _READERS


def _reader(path: str) -> str:
    return "*.gemspec" if path.endswith(".gemspec") and "/" not in path else path


def _is_declared(said: Said) -> bool:
    return said.score is None


def _is_file(said: Said) -> bool:
    return said.score is not None


def _families(said: Said) -> frozenset[str]:
    """The licences that are named, without "only" and "or later", which a text alone does not tell."""
    ids = _IDS.findall(said.expression or "")
    return frozenset(family(each) for each in ids if each not in {"AND", "OR", "WITH"})


def _families_of_files(said: Iterable[Said]) -> frozenset[str]:
    return frozenset[str]().union(*(_families(one) for one in said if _is_file(one)))


@lru_cache(maxsize=500)
def _of_manifest(path: str, text: str) -> str | None:
    if len(text) > _MOST_CHARACTERS:
        return None
    try:
        found = _READERS[_reader(path)](text)
    except (ValueError, RecursionError, TypeError, AttributeError):
        return None
    return found if isinstance(found, str) and found.strip() and len(found) < 500 else None


def _npm(text: str) -> Any:
    found = read_json(text)
    several = found.get("licenses")  # before npm 2: what several of them mean was never said
    if not found.get("license") and isinstance(several, list):
        return "; ".join(str(one.get("type")) if isinstance(one, dict) else str(one) for one in several)
    # A package that is never published has no licence to offer by that field; its files still say one.
    licence = found.get("license")
    if isinstance(licence, dict):
        licence = licence.get("type")
    return None if found.get("private") is True and str(licence).upper() == "UNLICENSED" else licence


def _composer(text: str) -> Any:
    licence = read_json(text).get("license")
    return " OR ".join(map(str, licence)) if isinstance(licence, list) else licence


def _pyproject(text: str) -> Any:
    found = read_toml(text)
    project = found.get("project") or found.get("tool", {}).get("poetry", {})
    licence = project.get("license")
    return _exact(licence.get("text") if isinstance(licence, dict) else licence, project.get("classifiers"))


def _exact(licence: Any, classifiers: Iterable[str] | None) -> Any:
    """The licence as it is named, unless a classifier says which of a family it is: "AGPL"."""
    is_known = isinstance(licence, str) and read_licence(licence).expression
    return licence if is_known else _classified(classifiers) or licence


def _classified(classifiers: Iterable[str] | None) -> str:
    """What is classified; several do not say whether one may choose, and name no licence for the reader."""
    return "; ".join(text for text in classifiers or () if str(text).startswith("License ::"))


def _cargo(text: str) -> Any:
    return read_toml(text).get("package", {}).get("license")


def _setup_cfg(text: str) -> str | None:
    found = re.search(r"^license\s*=\s*(.+)$", text, re.MULTILINE)
    classifiers = re.findall(r"^[ \t]+(License :: [^\n]+)$", text, re.MULTILINE)
    licence = _exact(found[1].strip() if found else None, map(str.strip, classifiers))
    return licence if isinstance(licence, str) else None


def _setup_py(text: str) -> str | None:
    """A keyword of the call, where it is a plain string. The file is not run."""
    found = re.search(r"""^[^#\n]{0,200}?\blicense\s{0,5}=\s{0,5}(["'])([^"'\n]{1,200})\1""", text, re.MULTILINE)
    return found[2] if found else None


def _gemspec(text: str) -> str | None:
    """Of one licence or of a list; what several of them mean is not said."""
    found = re.search(r"^[^#\n]{0,200}?\.licenses?\s{0,5}=\s{0,5}([^\n]{1,300})", text, re.MULTILINE)
    return "; ".join(re.findall(r"""["']([^"']{1,100})["']""", found[1])) if found else None


def _pom(text: str) -> str | None:
    found = re.search(r"<licenses>(.{1,2000}?)</licenses>", text, re.DOTALL)
    return "; ".join(name.strip() for name in re.findall(r"<name>([^<]{1,200})</name>", found[1])) if found else None


_READERS: Mapping[str, Callable[[str], Any]] = {
    "package.json": _npm,
    "composer.json": _composer,
    "pyproject.toml": _pyproject,
    "Cargo.toml": _cargo,
    "setup.cfg": _setup_cfg,
    "setup.py": _setup_py,
    "*.gemspec": _gemspec,
    "pom.xml": _pom,
}


def standing_texts(pairs: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, dict[str, str]]]:
    """By repository the texts by path, of rows (repository, path, text)."""
    gathered: dict[str, dict[str, str]] = {}
    for repository, path, text in pairs:
        gathered.setdefault(repository, {})[path] = text
    yield from gathered.items()
