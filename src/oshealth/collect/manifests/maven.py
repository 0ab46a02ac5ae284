"""`pom.xml`: properties, parents in the repository, dependency management, profiles and plugins."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from oshealth.collect.manifests.entry import Entry, File, Scope, Unreadable
from oshealth.collect.manifests.names import which
from oshealth.collect.manifests.requirements import package_source
from oshealth.collect.manifests.syntax import Element, read_xml

_VARIABLE = re.compile(r"\$\{([^${}]+)\}")
_SCOPES: dict[str, Scope] = {"test": "development"}
_PLUGIN_GROUP = "org.apache.maven.plugins"
MAX_PARENTS = 20
MAX_EXPANSIONS = 20
MAX_IMPORTS = 5


@dataclass(frozen=True)
class _Managed:
    """What dependency management says of a dependency that names no version itself."""

    version: str | None
    scope: str | None = None


@dataclass(frozen=True)
class _Model:
    """One pom with its parents in the repository, the nearest first."""

    poms: list[Element]
    properties: Mapping[str, str]
    managed: dict[str, _Managed]

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


def _dependency(model: _Model, dependency: Element, own: Mapping[str, str]) -> Entry | None:
    name = model.coordinates(dependency)
    managed = model.managed.get(name)
    scope = dependency.value("scope") or (managed.scope if managed else None)
    if name in own or scope == "system":
        return None
    entry = _entry(model, dependency, _SCOPES.get(scope or "", "runtime"))
    if entry is not None:
        entry.is_optional = (dependency.value("optional") or "").lower() == "true"
    return entry


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
    if name.startswith(":") or name.endswith(":"):
        return None
    managed = model.managed.get(name)
    declared = element.value("version") or (managed.version if managed else None)
    version = model.expanded(declared)
    is_exact = bool(version and re.match(r"^\[?[\w.+-]+\]?$", version) and version not in {"LATEST", "RELEASE"})
    entry = Entry("maven", name, declared, version.strip("[]") if version and is_exact else None, element.line, scope)
    entry.keys = (name,)
    kind, classifier = element.value("type"), element.value("classifier")
    entry.qualifiers = {"type": kind} if kind and kind not in {"jar", "pom", "maven-plugin"} else {}
    if classifier and "${" not in classifier:
        entry.qualifiers["classifier"] = classifier
    return entry


def _model(file: File, root: Element, depth: int = 0) -> _Model:
    poms = _parents(file, root)
    model = _Model(poms, _properties(poms), {})
    imports: list[str] = []
    for element in reversed(poms):
        for one in element.all("dependencyManagement", "dependencies", "dependency"):
            if one.value("scope") == "import":
                imports.append(model.coordinates(one))
            else:
                model.managed[model.coordinates(one)] = _Managed(one.value("version"), one.value("scope"))
        for one in element.all("build", "pluginManagement", "plugins", "plugin"):
            model.managed[model.coordinates(one, _PLUGIN_GROUP)] = _Managed(one.value("version"))
    for name in imports if depth < MAX_IMPORTS else ():
        model.managed.update(_imported(file, name, depth) | model.managed)
    return model


def _properties(poms: list[Element]) -> dict[str, str]:
    properties: dict[str, str] = {}
    for element in reversed(poms):
        for one in element.all("properties"):
            properties |= {child.tag: child.text.strip() for child in one.children}
        for field in ("groupId", "artifactId", "version"):
            if value := element.value(field) or element.value("parent", field):
                properties[f"project.{field}"] = properties[f"pom.{field}"] = value
            if inherited := element.value("parent", field):
                properties[f"project.parent.{field}"] = inherited
    return properties


def _imported(file: File, name: str, depth: int) -> dict[str, _Managed]:
    """What a bill of materials manages, if it is a module of this repository, with its own properties."""
    path = _modules(file).get(name)
    root = _shared(file, path) if path else None
    if path is None or root is None:
        return {}
    kept = f"maven bill {path}"
    if kept not in file.shared:
        file.shared[kept] = {}  # one that imports itself brings nothing more
        model = _model(File(path, "", file.others, file.shared), root, depth + 1)
        file.shared[kept] = {
            one: _Managed(model.expanded(managed.version), managed.scope) for one, managed in model.managed.items()
        }
    found: dict[str, _Managed] = file.shared[kept]
    return found


def _parents(file: File, root: Element) -> list[Element]:
    """This pom and its parents as far as the repository holds them; a cycle ends at its second visit."""
    poms, path, seen = [root], file.path, {file.path}
    while len(poms) < MAX_PARENTS and (parent := poms[-1].child("parent")):
        relative = parent.value("relativePath") or "../pom.xml"
        target = File(path, "", file.others).beside(relative if relative.endswith(".xml") else f"{relative}/pom.xml")
        element = _shared(file, target) if target else None
        if element is None or element.value("artifactId") != parent.value("artifactId"):
            # Maven looks for the repository's other modules next.
            target = _modules(file).get(f"{parent.value('groupId')}:{parent.value('artifactId')}")
            element = _shared(file, target) if target else None
        if target is None or element is None or target in seen:
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


def _modules(file: File) -> dict[str, str]:
    """The paths of the repository's own modules by their coordinates."""
    if "maven modules" not in file.shared:
        own: dict[str, str] = {}
        for path in file.others:
            if which(path) == "maven" and (element := _shared(file, path)):
                group = element.value("groupId") or element.value("parent", "groupId")
                own.setdefault(f"{group}:{element.value('artifactId')}", path)
        file.shared["maven modules"] = own
    modules: dict[str, str] = file.shared["maven modules"]
    return modules
