"""Gradle build scripts, Groovy and Kotlin, read as text and never run."""

import re
from collections.abc import Iterator

from oshealth.collect.manifests.entry import Entry, File, Scope
from oshealth.collect.manifests.gradle_calls import (
    Call,
    called_names,
    calls,
    is_configuration,
    managed,
    without_comments,
)
from oshealth.collect.manifests.gradle_catalogue import ALIAS, Catalogue, catalogues_of
from oshealth.collect.manifests.names import which
from oshealth.collect.manifests.requirements import package_source
from oshealth.collect.manifests.syntax import Lines, refuse_conflict

_CONFIGURATION = r"\b([A-Za-z]\w*)"
_WRAPPED = r"[ \t]*\(?[ \t]*(?:(?:enforcedPlatform|platform|testFixtures)[ \t]*\(?[ \t]*)?"
_MAP = re.compile(
    _CONFIGURATION + _WRAPPED + r"""group\s*[:=]\s*["']([^"']+)["']\s*,\s*name\s*[:=]\s*["']([^"']+)["']"""
    r"""(?:\s*,\s*version\s*[:=]\s*(?:["']([^"']+)["']|([\w.]+)))?"""
)
_POSITIONAL = re.compile(_CONFIGURATION + r"""[ \t]*\(\s*"([^":]+)"\s*,\s*"([^":]+)"\s*(?:,\s*"([^"]+)"\s*)?\)""")
_PLUGIN = re.compile(
    r"""\b(id|kotlin)[ \t]*\(?[ \t]*["']([^"']+)["'][ \t]*\)?[ \t]+version[ \t]*\(?[ \t]*["']?([^"'\s)]+)"""
)
_REPOSITORY = re.compile(
    r"""\bmaven[ \t]*(?:\([ \t]*|\{[^}]{0,300}?url[ \t]*=?[ \t]*(?:uri[ \t]*\()?[ \t]*)["'](https?://[^"']+)"""
)
_VARIABLE = re.compile(
    r"""(?:^|[\s{\[])(?:(?:ext|extra)[.\[]["']?)?([A-Za-z_][\w.]*)["']?\]?\s*(?::\s*String\s*)?"""
    r"""(?:=|\bby extra\s*\()\s*["']([^"'\n$]+)["']""",
    re.MULTILINE,
)
# Configurations of the tools that check and generate code.
_TOOLS = re.compile(r"checkstyle|errorprone|pmd|spotbugs|codenarc|ktlint|detekt|jacoco|lint|rewrite|antlr|protobuf")
_EXACT = re.compile(r"^\d[\w.-]*$")
_REFERENCE = re.compile(r"\$\{?((?:\w+\.)*\w+)\}?")


def build_script(file: File) -> Iterator[Entry]:
    """What a configuration takes in by string, map or catalogue; `project(…)` and `files(…)` are the repository's."""
    refuse_conflict(file.text)
    text = without_comments(file.text)
    lines, variables = Lines(text), _variables(file, text)
    catalogue = catalogues_of(file)
    for call in calls(text):
        # A constraint is a dependency where nothing else names the module: whoever needs it does so elsewhere.
        is_elsewhere = call.is_constraint and ":".join(call.notation.split(":")[:2]) in _names(file)
        for entry in _called(call, variables, catalogue) if not is_elsewhere else ():
            yield _placed(entry, call.configuration, lines.at(call.offset), file)
    for match in _MAP.finditer(text):
        version = match[4] or variables.get((match[5] or "").rpartition(".")[2])
        entry = _entry(f"{match[2]}:{match[3]}", version, variables)
        if is_configuration(match[1]):
            yield _placed(entry, match[1], lines.at(match.start()), file)
    for match in _POSITIONAL.finditer(text):
        if is_configuration(match[1]):
            entry = _entry(f"{match[2]}:{match[3]}", match[4], variables)
            yield _placed(entry, match[1], lines.at(match.start()), file)
    yield from _plugins(text, lines, catalogue, variables)
    for match in _REPOSITORY.finditer(text):
        if source := package_source(match[1], lines.at(match.start())):
            yield source


def _names(file: File) -> set[str]:
    if "gradle names" not in file.shared:
        texts = (text for path, text in file.others.items() if which(path) == "gradle")
        file.shared["gradle names"] = called_names(texts)
    names: set[str] = file.shared["gradle names"]
    return names


def _called(call: Call, variables: dict[str, str], catalogue: Catalogue) -> list[Entry]:
    if call.is_accessor:
        return catalogue.libraries(call.notation)
    entry = _from_notation(call.notation, variables)
    return [entry] if entry else []


def _placed(entry: Entry, configuration: str, line: int, file: File) -> Entry:
    entry.scope, entry.line = scope_of(configuration), line
    if entry.declared_range is None and (version := _managed(file).get(entry.name)):
        entry.declared_range = version
        entry.version = version if _EXACT.match(version) else None
    return entry


def _managed(file: File) -> dict[str, str]:
    """The one version that constraints and dependency management anywhere in the repository give a module."""
    if "gradle managed" not in file.shared:
        found: dict[str, set[str]] = {}
        for path, other in file.others.items():
            if which(path) == "gradle" and ("constraints" in other or "dependencyManagement" in other):
                text = without_comments(other)
                variables = _variables(file, text)
                for notation in managed(text):
                    entry = _from_notation(notation, variables)
                    if entry is not None and entry.declared_range:
                        found.setdefault(entry.name, set()).add(entry.declared_range)
        file.shared["gradle managed"] = {name: min(versions) for name, versions in found.items() if len(versions) == 1}
    versions: dict[str, str] = file.shared["gradle managed"]
    return versions


def scope_of(configuration: str) -> Scope:
    lower = configuration.lower()
    if "test" in lower or "developmentonly" in lower or lower.startswith("debug"):
        return "development"
    is_tool = bool(_TOOLS.match(lower)) or lower.endswith(("processor", "kapt", "ksp", "classpath"))
    return "build" if is_tool and lower not in {"compileclasspath", "runtimeclasspath"} else "runtime"


def _variables(file: File, text: str) -> dict[str, str]:
    """Literals by the last part of their names: of the properties, of all build scripts, of this one above all."""
    if "gradle variables" not in file.shared:
        found: dict[str, str] = {}
        for path, other in file.others.items():
            if which(path) == "gradle_properties":
                found |= dict(re.findall(r"^[ \t]*([\w.]+)[ \t]*[=:][ \t]*(\S+)[ \t]*$", other, re.MULTILINE))
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
    is_exact = bool(_EXACT.match(known))
    return Entry("maven", name, known or None, known if is_exact else None, keys=(name,))


def _plugins(text: str, lines: Lines, catalogue: Catalogue, variables: dict[str, str]) -> Iterator[Entry]:
    for match in _PLUGIN.finditer(text):
        identifier = f"org.jetbrains.kotlin.{match[2]}" if match[1] == "kotlin" else match[2]
        version = variables.get(match[3].rpartition(".")[2], match[3])
        entry = _entry(f"{identifier}:{identifier}.gradle.plugin", version, variables)
        entry.scope, entry.line = "build", lines.at(match.start())
        yield entry
    for match in ALIAS.finditer(text):
        for entry in catalogue.plugins(match[1]):
            entry.line = lines.at(match.start())
            yield entry
