"""NuGet: project files with central package management, `packages.config`, `packages.lock.json`, tools."""

import posixpath
import re
from collections.abc import Iterator

from oshealth.collect.manifests.entry import Entry, File, Scope, Unreadable
from oshealth.collect.manifests.syntax import Element, Lines, read_json, read_xml, string, table

_VARIABLE = re.compile(r"\$\((\w[\w.]*)\)")
_PLAIN = re.compile(r"^\[?\s*(\d+(?:\.\d+)*(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)\s*\]?$")
_REFERENCES: dict[str, Scope] = {
    "PackageReference": "runtime",
    "GlobalPackageReference": "build",
    "DotNetCliToolReference": "build",
    "PackageDownload": "build",
}


def project(file: File) -> Iterator[Entry]:
    """References of a project or of a props file; a central version without a reference is no dependency."""
    root = read_xml(file.text)
    above = _above(file)
    properties = _properties([*above, root])
    central = _central([*above, root])
    for tag, scope in _REFERENCES.items():
        for reference in _groups(root, tag):
            name = reference.attributes.get("Include") or reference.attributes.get("Update")
            if not name or ("Update" in reference.attributes and not _version(reference)):
                continue
            wanted = _version(reference) or central.get(name.lower())
            entry = entry_of(name, _expanded(wanted, properties), reference.line)
            assets = reference.attributes.get("PrivateAssets") or reference.value("PrivateAssets") or ""
            entry.scope = "build" if assets.lower() == "all" else scope
            yield entry
    if match := re.match(r"^([\w.]+)/([\w.-]+)$", root.attributes.get("Sdk", "")):
        entry = entry_of(match[1], match[2], root.line)
        entry.scope = "build"
        yield entry


def entry_of(name: str, wanted: str | None, line: int | None) -> Entry:
    """NuGet takes the lowest version that fits, so a plain version is the one that is used."""
    plain = _PLAIN.match(wanted or "")
    return Entry("nuget", name.strip(), wanted, plain[1] if plain else None, line, keys=(name.strip().lower(),))


def _groups(root: Element, tag: str) -> list[Element]:
    groups = [*root.all("ItemGroup"), *root.all("Choose", "When", "ItemGroup")]
    return [element for group in groups for element in group.children if element.tag == tag]


def _version(reference: Element) -> str | None:
    for name in ("VersionOverride", "Version"):
        if value := reference.attributes.get(name) or reference.value(name):
            return value
    return None


def _above(file: File) -> list[Element]:
    """The props files that MSBuild takes in from the folders above, the outermost first."""
    found = []
    for name in ("Directory.Build.props", "Directory.Packages.props"):
        folder = file.folder
        while True:
            path = posixpath.join(folder, name)
            if path in file.others and path != file.path:
                found.append(_shared(file, path))
                break
            if not folder:
                break
            folder = posixpath.dirname(folder)
    return [element for element in found if element]


def _shared(file: File, path: str) -> Element | None:
    kept = f"dotnet {path}"
    if kept not in file.shared:
        try:
            file.shared[kept] = read_xml(file.others[path])
        except Unreadable:
            file.shared[kept] = None
    element: Element | None = file.shared[kept]
    return element


def _properties(roots: list[Element]) -> dict[str, str]:
    return {
        element.tag.lower(): element.text.strip()
        for root in roots
        for group in root.all("PropertyGroup")
        for element in group.children
    }


def _central(roots: list[Element]) -> dict[str, str]:
    versions = [element for root in roots for element in _groups(root, "PackageVersion")]
    return {
        (element.attributes.get("Include") or element.attributes.get("Update") or "").lower(): version
        for element in versions
        if (version := _version(element))
    }


def _expanded(wanted: str | None, properties: dict[str, str]) -> str | None:
    """The version with its properties; one that is not known stays as it stands."""
    for _ in range(10):
        if wanted is None or not _VARIABLE.search(wanted) or len(wanted) > 200:
            break
        wanted = _VARIABLE.sub(lambda match: properties.get(match[1].lower(), match[0]), wanted)
    return wanted


def packages_config(file: File) -> Iterator[Entry]:
    for package in read_xml(file.text).all("package"):
        if name := package.attributes.get("id"):
            entry = entry_of(name, package.attributes.get("version"), package.line)
            entry.is_direct = None
            is_development = package.attributes.get("developmentDependency", "").lower() == "true"
            entry.scope = "development" if is_development else "runtime"
            yield entry


def packages_lock(file: File) -> Iterator[Entry]:
    """Each package and version once, though it stands under each target framework."""
    lines = Lines(file.text).of_objects()
    seen: set[tuple[str, str | None]] = set()
    frameworks = table(read_json(file.text), "dependencies")
    for packages in frameworks.values():
        for name, package in table(packages).items():
            kind, version = string(package, "type"), string(package, "resolved")
            if kind == "Project" or (name.lower(), version) in seen:
                continue
            seen.add((name.lower(), version))
            entry = Entry("nuget", name, string(package, "requested"), version, source="lock")
            entry.line = next(iter(lines.get(name, [])), None)
            entry.is_direct, entry.scope = kind == "Direct", None
            entry.keys, entry.has_integrity = (name.lower(),), bool(string(package, "contentHash"))
            entry.requires = tuple(one.lower() for one in table(package, "dependencies"))
            yield entry


def global_json(file: File) -> Iterator[Entry]:
    lines = Lines(file.text)
    for name, version in table(read_json(file.text), "msbuild-sdks").items():
        entry = entry_of(name, str(version), lines.of_key("msbuild-sdks", name))
        entry.scope = "build"
        yield entry


def tools(file: File) -> Iterator[Entry]:
    lines = Lines(file.text)
    for name, tool in table(read_json(file.text), "tools").items():
        entry = entry_of(name, string(tool, "version"), lines.of_key("tools", name))
        entry.scope = "development"
        yield entry
