"""Gradle build scripts, Groovy and Kotlin, read as text and never run."""

import re
from collections.abc import Iterator

from oshealth.collect.manifests.entry import Entry, File, Scope
from oshealth.collect.manifests.gradle_catalogue import Catalogue, catalogues_of
from oshealth.collect.manifests.names import which
from oshealth.collect.manifests.requirements import package_source
from oshealth.collect.manifests.syntax import Lines, refuse_conflict

_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.DOTALL)
_CONFIGURATION = (
    r"\b([a-z]\w*?(?:[iI]mplementation|[aA]pi|[cC]ompileOnly|[rR]untimeOnly|[cC]ompile|[rR]untime|[pP]rocessor|"
    r"[dD]evelopmentOnly|[cC]lasspath|[kK]apt|[kK]sp)|implementation|api|compileOnly|compileOnlyApi|runtimeOnly|compile|"
    r"runtime|annotationProcessor|developmentOnly|classpath|kapt|ksp|coreLibraryDesugaring|provided)"
)
_WRAPPED = r"[ \t]*\(?[ \t]*(?:(?:enforcedPlatform|platform|testFixtures)[ \t]*\(?[ \t]*)?"
_STRING = re.compile(_CONFIGURATION + _WRAPPED + r"""["']([^"':\s]+:[^"'\s]+)["']""")
_MAP = re.compile(
    _CONFIGURATION + _WRAPPED + r"""group\s*[:=]\s*["']([^"']+)["']\s*,\s*name\s*[:=]\s*["']([^"']+)["']"""
    r"""(?:\s*,\s*version\s*[:=]\s*(?:["']([^"']+)["']|([\w.]+)))?"""
)
_POSITIONAL = re.compile(_CONFIGURATION + r"""[ \t]*\(\s*"([^":]+)"\s*,\s*"([^":]+)"\s*(?:,\s*"([^"]+)"\s*)?\)""")
_ACCESSOR = re.compile(_CONFIGURATION + _WRAPPED + r"(libs(?:\.\w+)+)")
_PLUGIN = re.compile(
    r"""\b(id|kotlin)[ \t]*\(?[ \t]*["']([^"']+)["'][ \t]*\)?[ \t]+version[ \t]*\(?[ \t]*["']?([^"'\s)]+)"""
)
_ALIAS = re.compile(r"\balias[ \t]*\(?[ \t]*(libs\.plugins(?:\.\w+)+)")
_REPOSITORY = re.compile(
    r"""\bmaven[ \t]*(?:\([ \t]*|\{[^}]{0,300}?url[ \t]*=?[ \t]*(?:uri[ \t]*\()?[ \t]*)["'](https?://[^"']+)"""
)
_VARIABLE = re.compile(
    r"""(?:^|[\s{\[])(?:(?:ext|extra)[.\[]["']?)?([A-Za-z_][\w.]*)["']?\]?\s*(?::\s*String\s*)?"""
    r"""(?:=|\bby extra\s*\()\s*["']([^"'\n$]+)["']""",
    re.MULTILINE,
)
_REFERENCE = re.compile(r"\$\{?((?:\w+\.)*\w+)\}?")


def build_script(file: File) -> Iterator[Entry]:
    """What a configuration takes in by string, map or catalogue; `project(…)` and `files(…)` are the repository's."""
    refuse_conflict(file.text)
    text = _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), file.text)
    lines, variables = Lines(text), _variables(file, text)
    for match in _STRING.finditer(text):
        if entry := _from_notation(match[2], variables):
            yield _placed(entry, match[1], lines.at(match.start()))
    for match in _MAP.finditer(text):
        version = match[4] or variables.get((match[5] or "").rpartition(".")[2])
        yield _placed(_entry(f"{match[2]}:{match[3]}", version, variables), match[1], lines.at(match.start()))
    for match in _POSITIONAL.finditer(text):
        yield _placed(_entry(f"{match[2]}:{match[3]}", match[4], variables), match[1], lines.at(match.start()))
    catalogue = catalogues_of(file)
    for match in _ACCESSOR.finditer(text):
        for entry in catalogue.libraries(match[2]):
            yield _placed(entry, match[1], lines.at(match.start()))
    yield from _plugins(text, lines, catalogue, variables)
    for match in _REPOSITORY.finditer(text):
        if source := package_source(match[1], lines.at(match.start())):
            yield source


def _placed(entry: Entry, configuration: str, line: int) -> Entry:
    entry.scope, entry.line = scope_of(configuration), line
    return entry


def scope_of(configuration: str) -> Scope:
    lower = configuration.lower()
    if "test" in lower or "developmentonly" in lower or lower.startswith("debug"):
        return "development"
    is_build = lower.endswith(("processor", "kapt", "ksp", "classpath")) and not lower.endswith(("runtimeclasspath",))
    return "build" if is_build and lower != "compileclasspath" else "runtime"


def _variables(file: File, text: str) -> dict[str, str]:
    """Literals by the last part of their names: of the properties, of all build scripts, of this one above all."""
    if "gradle variables" not in file.shared:
        found: dict[str, str] = {}
        for path, other in file.others.items():
            if which(path) == "gradle_properties":
                found |= dict(re.findall(r"^\s*([\w.]+)\s*[=:]\s*(\S+)\s*$", other, re.MULTILINE))
            elif which(path) == "gradle":
                found |= {match[1].rpartition(".")[2]: match[2] for match in _VARIABLE.finditer(other)}
        file.shared["gradle variables"] = found
    own = {match[1].rpartition(".")[2]: match[2] for match in _VARIABLE.finditer(text)}
    return {**file.shared["gradle variables"], **own}


def _from_notation(notation: str, variables: dict[str, str]) -> Entry | None:
    parts = notation.partition("@")[0].split(":")
    if len(parts) < 2 or "$" in parts[0]:
        return None
    entry = _entry(f"{parts[0]}:{parts[1]}", parts[2] if len(parts) > 2 and parts[2] else None, variables)
    if len(parts) > 3:
        entry.qualifiers = {"classifier": parts[3]}
    return entry


def _entry(name: str, version: str | None, variables: dict[str, str]) -> Entry:
    known = _REFERENCE.sub(lambda match: variables.get(match[1].rpartition(".")[2], match[0]), version or "")
    is_exact = bool(re.match(r"^\d[\w.-]*$", known)) and not known.endswith("+")
    return Entry("maven", name, known or None, known if is_exact else None, keys=(name,))


def _plugins(text: str, lines: Lines, catalogue: Catalogue, variables: dict[str, str]) -> Iterator[Entry]:
    for match in _PLUGIN.finditer(text):
        identifier = f"org.jetbrains.kotlin.{match[2]}" if match[1] == "kotlin" else match[2]
        version = variables.get(match[3].rpartition(".")[2], match[3])
        entry = _entry(f"{identifier}:{identifier}.gradle.plugin", version, variables)
        entry.scope, entry.line = "build", lines.at(match.start())
        yield entry
    for match in _ALIAS.finditer(text):
        for entry in catalogue.plugins(match[1]):
            entry.line = lines.at(match.start())
            yield entry
