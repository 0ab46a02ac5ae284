"""`package.json`, and the specifiers by which every lock file of npm, Yarn and pnpm names a package."""

import posixpath
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

from oshealth.collect.manifests.entry import Entry, File, Scope, Unreadable
from oshealth.collect.manifests.names import which
from oshealth.collect.manifests.purls import from_git, without_credentials
from oshealth.collect.manifests.syntax import Lines, array, read_json, string, table
from oshealth.collect.manifests.yaml_events import read_yaml

SECTIONS: dict[str, Scope] = {
    "dependencies": "runtime",
    "optionalDependencies": "runtime",
    "peerDependencies": "runtime",
    "devDependencies": "development",
}
_LOCAL = ("file:", "link:", "portal:", "workspace:", "./", "../", "/", "~/")
_ARCHIVE = re.compile(r"\.(tgz|tar|tar\.gz)(#.*|::.*)?$")
_EXACT = re.compile(r"^[=v]{0,2}(\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?)$")
_GIT = re.compile(
    r"^(git[+:@]|(github|gitlab|bitbucket|gist):|ssh://|https?://(www\.)?(github|gitlab|bitbucket)\.(com|org)/[^/]+/[^/]+?"
    r"(\.git)?(#.*)?$|https?://\S+\.git(#.*)?$|[\w.-]+/[\w.-]+(#.*)?$)"
)


def package_json(file: File) -> Iterator[Entry]:
    """Direct dependencies; a package of this repository itself (`workspace:`, `file:`) is none."""
    data = read_json(file.text)
    lines = Lines(file.text)
    own = _own_names(file)
    seen: set[str] = set()
    for section in ("optionalDependencies", "dependencies", "devDependencies", "peerDependencies"):
        for name, wanted in table(data, section).items():
            # npm: what is optional too overrides; a peer that is a development dependency too is wanted at run time.
            is_overridden = section == "dependencies" and name in seen
            if not isinstance(wanted, str) or is_overridden or name in own:
                continue
            seen.add(name)
            if entry := from_specifier(name, _of_catalogue(file, name, wanted), SECTIONS[section]):
                entry.line = lines.of_key(section, name)
                optional = string(data, "peerDependenciesMeta", name, "optional")
                meta = table(data, "peerDependenciesMeta", name).get("optional") is True or optional is not None
                entry.is_optional = section == "optionalDependencies" or (section == "peerDependencies" and meta)
                yield entry
    yield from _bundled(data, lines, seen)


def _own_names(file: File) -> set[str]:
    """The names of a workspace's packages: one that asks for another asks for no dependency.

    Without a workspace a name proves nothing: anyone may call an example as a package is called.
    """
    if "npm names" not in file.shared:
        packages = []
        for path, text in file.others.items():
            if which(path) == "npm":
                with suppress(Unreadable):
                    packages.append(read_json(text))
        is_workspace = any("workspaces" in package for package in packages)
        is_workspace = is_workspace or any(path.endswith("pnpm-workspace.yaml") for path in file.others)
        file.shared["npm names"] = {string(package, "name") or "" for package in packages} if is_workspace else set()
    found: set[str] = file.shared["npm names"]
    return found


def _of_catalogue(file: File, name: str, wanted: str) -> str:
    """The range that `catalog:` stands for in pnpm's nearest workspace; what names no range stays as it stands."""
    if not wanted.startswith("catalog:"):
        return wanted
    catalogue = wanted.removeprefix("catalog:").strip() or "default"
    folder = file.folder
    while True:
        path = posixpath.join(folder, "pnpm-workspace.yaml")
        if path in file.others:
            data = _workspace(file, path)
            ranges = table(data, "catalogs", catalogue) or (table(data, "catalog") if catalogue == "default" else {})
            return string(ranges, name) or wanted
        if not folder:
            return wanted
        folder = posixpath.dirname(folder)


def _workspace(file: File, path: str) -> dict[str, Any]:
    if path not in file.shared:
        file.shared[path] = {}
        with suppress(Unreadable):
            file.shared[path] = table(read_yaml(file.others[path]))
    found: dict[str, Any] = file.shared[path]
    return found


def _bundled(data: dict[str, Any], lines: Lines, seen: set[str]) -> Iterator[Entry]:
    for section in ("bundledDependencies", "bundleDependencies"):
        for name in array(data, section):
            if isinstance(name, str) and name not in seen:
                seen.add(name)
                yield Entry("npm", name, line=lines.of_key(section, name), keys=(name,))


def from_specifier(name: str, wanted: str, scope: Scope) -> Entry | None:
    """The entry that a name and a specifier mean; `None` for a package of the repository itself."""
    wanted = wanted.strip()
    specific = wanted.removeprefix("npm:")
    keys = (f"{name}@{specific}", name)
    if wanted.startswith("patch:"):
        wanted = "npm:" + unquote(wanted.removeprefix("patch:").partition("#")[0]).replace("npm:", "")
    if wanted.startswith("npm:"):
        target, at, version = wanted.removeprefix("npm:").rpartition("@")
        # "npm:^1" is a range of the package itself, "npm:other@^1" and "npm:@org/other" are another's.
        if at and target:
            name, wanted = target, version
        elif wanted.startswith("npm:@"):
            name, wanted = wanted.removeprefix("npm:"), ""
        else:
            wanted = wanted.removeprefix("npm:")
    if is_folder(wanted):
        return None
    if wanted.startswith(_LOCAL):
        entry = Entry("npm", name, wanted, is_pinned=True)
    elif _GIT.match(wanted):
        entry = from_package_of_git(name, wanted)
    elif wanted.startswith(("http:", "https:")):
        url = without_credentials(wanted)
        entry = Entry("npm", name, wanted, url=url, qualifiers={"download_url": url})
    else:
        exact = _EXACT.match(wanted)
        entry = Entry("npm", name, wanted, exact[1] if exact else None)
    entry.scope, entry.keys = scope, keys
    return entry


def is_folder(wanted: str) -> bool:
    """Whether a specifier means a folder of the repository; an archive that lies in it holds a package of its own."""
    return wanted.startswith(_LOCAL) and not _ARCHIVE.search(wanted)


def from_package_of_git(name: str, address: str, version: str | None = None) -> Entry:
    """A package of npm's form that git holds: its package URL keeps the repository as `vcs_url`."""
    place, _, reference = address.partition("#")
    if re.match(r"^[\w.-]+/[\w.-]+$", place):
        place = f"github:{place}"
    reference = reference.removeprefix("commit=").partition("&")[0]
    git = from_git(place, reference or None)
    entry = Entry("npm", name, address, version, url=git.url, is_pinned=git.is_pinned)
    entry.qualifiers = {"vcs_url": f"git+{git.url}" + (f"@{reference}" if reference else "")}
    return entry
