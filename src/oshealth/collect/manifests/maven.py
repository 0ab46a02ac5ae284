"""`pom.xml`: properties, parents in the repository, dependency management, profiles and plugins."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from oshealth.collect.manifests.entry import Entry, File, Scope, Unreadable
from oshealth.collect.manifests.requirements import package_source
from oshealth.collect.manifests.syntax import Element, read_xml

_VARIABLE = re.compile(r"\$\{([^${}]+)\}")
_SCOPES: dict[str, Scope] = {"test": "development"}
_PLUGIN_GROUP = "org.apache.maven.plugins"
MAX_PARENTS = 20
MAX_EXPANSIONS = 20


@dataclass(frozen=True)
class _Model:
    """One pom with its parents in the repository, the nearest first."""

    poms: list[Element]
    properties: Mapping[str, str]
    managed: Mapping[str, Element]

    def expanded(self, text: str | None) -> str | None:
        """Text with its properties; one that is unknown, or stands for itself, stays as it is."""
        for _ in range(MAX_EXPANSIONS):
            if text is None or "${" not in text or len(text) > 500:
                break
            text = _VARIABLE.sub(lambda match: self.properties.get(match[1].strip(), match[0]), text)
        return text

    def coordinates(self, element: Element, group: str = "") -> str:
        group_id = self.expanded(element.value("groupId")) or group
        return f"{group_id}:{self.expanded(element.value('artifactId')) or ''}"


def pom(file: File) -> Iterator[Entry]:
    root = read_xml(file.text)
    model = _model(file, root)
    own = _modules(file)
    parent = root.child("parent")
    if parent and len(model.poms) == 1 and (entry := _entry(model, parent, "build")):
        yield entry
    for place in (root, *root.all("profiles", "profile")):
        for dependency in place.all("dependencies", "dependency"):
            if entry := _dependency(model, dependency, own):
                yield entry
        yield from _plugins(model, place)
        for repository in place.all("repositories", "repository"):
            address = model.expanded(repository.value("url"))
            if address and (source := package_source(address, repository.line)):
                yield source


def _dependency(model: _Model, dependency: Element, own: frozenset[str]) -> Entry | None:
    name = model.coordinates(dependency)
    scope = dependency.value("scope") or _managed(model, name, "scope")
    if name in own or scope == "system":
        return None
    entry = _entry(model, dependency, _SCOPES.get(scope or "", "runtime"))
    if entry is not None:
        entry.is_optional = (dependency.value("optional") or "").lower() == "true"
    return entry


def _managed(model: _Model, name: str, field: str) -> str | None:
    managed = model.managed.get(name)
    return managed.value(field) if managed else None


def _plugins(model: _Model, place: Element) -> Iterator[Entry]:
    plugins = [*place.all("build", "plugins", "plugin"), *place.all("reporting", "plugins", "plugin")]
    for plugin in plugins:
        if entry := _entry(model, plugin, "build", _PLUGIN_GROUP):
            yield entry
        for dependency in plugin.all("dependencies", "dependency"):
            if entry := _entry(model, dependency, "build"):
                yield entry
    for extension in place.all("build", "extensions", "extension"):
        if entry := _entry(model, extension, "build"):
            yield entry


def _entry(model: _Model, element: Element, scope: Scope, group: str = "") -> Entry | None:
    name = model.coordinates(element, group)
    if "${" in name or name.startswith(":") or name.endswith(":"):
        return None
    declared = element.value("version") or _managed(model, name, "version")
    version = model.expanded(declared)
    is_exact = bool(version and re.match(r"^\[?[\w.+-]+\]?$", version) and version not in {"LATEST", "RELEASE"})
    entry = Entry("maven", name, declared, version.strip("[]") if version and is_exact else None, element.line, scope)
    entry.keys = (name,)
    kind, classifier = element.value("type"), element.value("classifier")
    entry.qualifiers = {"type": kind} if kind and kind not in {"jar", "pom", "maven-plugin"} else {}
    if classifier and "${" not in classifier:
        entry.qualifiers["classifier"] = classifier
    return entry


def _model(file: File, root: Element) -> _Model:
    poms = _parents(file, root)
    properties: dict[str, str] = {}
    managed: dict[str, Element] = {}
    for element in reversed(poms):
        for one in element.all("properties"):
            properties |= {child.tag: child.text.strip() for child in one.children}
        for field in ("groupId", "artifactId", "version"):
            if value := element.value(field) or element.value("parent", field):
                properties[f"project.{field}"] = properties[f"pom.{field}"] = value
            if inherited := element.value("parent", field):
                properties[f"project.parent.{field}"] = inherited
    model = _Model(poms, properties, managed)
    for element in reversed(poms):
        managed |= {
            model.coordinates(one): one
            for one in element.all("dependencyManagement", "dependencies", "dependency")
            if one.value("scope") != "import"
        }
        plugins = element.all("build", "pluginManagement", "plugins", "plugin")
        managed |= {model.coordinates(one, _PLUGIN_GROUP): one for one in plugins}
    return model


def _parents(file: File, root: Element) -> list[Element]:
    """This pom and its parents as far as the repository holds them; a cycle ends at its second visit."""
    poms, path, seen = [root], file.path, {file.path}
    while len(poms) < MAX_PARENTS and (parent := poms[-1].child("parent")):
        relative = parent.value("relativePath") or "../pom.xml"
        target = File(path, "", file.others).beside(relative if relative.endswith(".xml") else f"{relative}/pom.xml")
        if target is None or target in seen or (element := _shared(file, target)) is None:
            break
        if element.value("artifactId") != parent.value("artifactId"):
            break
        poms.append(element)
        seen.add(target)
        path = target
    return poms


def _shared(file: File, path: str) -> Element | None:
    kept = f"maven {path}"
    if kept not in file.shared:
        try:
            file.shared[kept] = read_xml(file.others[path]) if path in file.others else None
        except Unreadable:
            file.shared[kept] = None
    element: Element | None = file.shared[kept]
    return element


def _modules(file: File) -> frozenset[str]:
    """The coordinates of the repository's own modules."""
    if "maven modules" not in file.shared:
        own = set()
        for path in file.others:
            if path.endswith("pom.xml") and (element := _shared(file, path)):
                group = element.value("groupId") or element.value("parent", "groupId")
                own.add(f"{group}:{element.value('artifactId')}")
        file.shared["maven modules"] = frozenset(own)
    modules: frozenset[str] = file.shared["maven modules"]
    return modules
