"""The commands that install packages: what they name, by package manager."""

import re
from collections.abc import Callable, Iterator

from oshealth.collect.manifests.entry import Entry, File, Unreadable
from oshealth.collect.manifests.npm import from_specifier
from oshealth.collect.manifests.purls import from_download
from oshealth.collect.manifests.pypi import from_requirement
from oshealth.collect.manifests.requirements import package_source

Installer = Callable[[list[str], str | None], Iterator[Entry]]

_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9.+_-]*$")
_VALUED = {
    "apt": {"-t", "-o", "-c", "--target-release", "--option", "-a"},
    "dnf": {"-c", "--repo", "--enablerepo", "--disablerepo", "--installroot", "--releasever", "--setopt", "-x"},
    "apk": {"-t", "--virtual", "-X", "--repository", "-p", "--root", "--repositories-file", "--keys-dir"},
    "pip": {"-r", "--requirement", "-c", "--constraint", "-t", "--target", "--prefix", "--root", "--python", "-p",
            "--timeout", "--retries", "--trusted-host", "--platform", "--python-version", "--abi", "--implementation",
            "--no-binary", "--only-binary", "--cache-dir", "--proxy", "--log", "-e", "--editable", "--group", "--src"},
    "npm": {"--prefix", "-C", "--registry", "--cache", "-w", "--workspace", "--loglevel", "--userconfig", "--cwd"},
    "snap": {"--channel", "--revision", "--cohort", "--name"},
    "flatpak": {"--arch", "--installation", "--sideload-repo"},
    "gem": {"-v", "--version", "-i", "--install-dir", "-n", "--bindir", "--source", "-P", "--platform"},
    "cargo": {"--version", "--git", "--branch", "--tag", "--rev", "--path", "--root", "--features", "-F", "--bin",
              "--profile", "--target", "-j"},
}  # fmt: skip
# A version or architecture that only the running script knows: the package is known.
_UNKNOWN_VERSION = re.compile(r"^([A-Za-z0-9][A-Za-z0-9.+_-]*)(?:[=<>~!]=?|[:@])\$\S*$")
# Whose packages have which form: a package URL's namespace is the distribution, where the container image says it.
_DISTRIBUTIONS = {
    "deb": {"debian", "ubuntu"},
    "rpm": {"fedora", "rockylinux", "almalinux", "centos", "amazonlinux", "opensuse"},
    "apk": {"alpine"},
}
_INDEX_OPTIONS = ("--extra-index-url", "--index-url", "-i", "--find-links", "-f")
_VERBS = {
    "apt": {"install"},
    "dnf": {"install", "in", "groupinstall", "localinstall", "reinstall"},
    "apk": {"add"},
    "pip": {"install", "inject", "run"},
    "npm": {"install", "i", "add", "in"},
    "snap": {"install"},
    "flatpak": {"install"},
    "gem": {"install"},
    "cargo": {"install", "binstall"},
}
# A variable may hold options or a folder, too; where it is not called so, and nothing else is named, it is a package.
_NO_NAME = r"(?!\S*(?:dir|path|root|folder|pwd|home|file|whl|wheel|dist|src|flag|opt|arg))"
_VARIABLE = re.compile(rf"^\${_NO_NAME}[\w{{@*…}}]+$", re.IGNORECASE)
_UNKNOWN = {"pip": "pypi", "npm": "npm", "snap": "snap", "flatpak": "flatpak", "gem": "gem", "cargo": "cargo"}
_PROGRAMS = {
    **dict.fromkeys(("apt", "apt-get", "aptitude", "nala", "apt-fast"), "apt"),
    **dict.fromkeys(("dnf", "yum", "microdnf", "tdnf", "zypper", "dnf5"), "dnf"),
    **dict.fromkeys(("pip", "pip3", "pip2", "pipx"), "pip"),
    **dict.fromkeys(("npm", "pnpm", "yarn", "bun"), "npm"),
    "apk": "apk", "snap": "snap", "flatpak": "flatpak", "gem": "gem", "cargo": "cargo",
}  # fmt: skip


def listed(file: File) -> Iterator[Entry]:
    """A list of system packages, one to a line, that some script installs; prose of that name is none."""
    lines = [line.partition("#")[0].strip() for line in file.text.splitlines()]
    if not all(re.match(r"^[a-z0-9][a-z0-9.+:=~_-]*$|^$", line) for line in lines):
        return
    for number, line in enumerate(lines, start=1):
        for entry in _READERS["apt"](line.split(), None):
            entry.line = number
            yield entry


def installed(program: str, arguments: list[str], distribution: str | None) -> Iterator[Entry]:
    """The packages that one command installs; nothing for a command that installs none."""
    if re.match(r"^python[\d.]*$", program) and arguments[:2] == ["-m", "pip"]:
        program, arguments = "pip", arguments[2:]
    elif program == "uv" and arguments[:1] in (["pip"], ["tool"]):
        program, arguments = "pip", arguments[1:]
    elif program in {"yarn", "composer"} and arguments[:1] == ["global"]:
        arguments = arguments[1:]
    if re.match(r"^pip[\d.]+$", program):
        program = "pip"
    if program == "dpkg" and {"-i", "--install"} & set(arguments):
        # A file that was fetched before is told by its fetch; one that the script is given is not known.
        yield from (Entry("deb", argument) for argument in arguments if re.match(r"^\$\{?\w+\}?$", argument))
        return
    if program in {"go", "dotnet", "composer"}:
        yield from _versioned(program, arguments)
        return
    manager = _PROGRAMS.get(program)
    if manager is None:
        return
    names = _names(manager, arguments)
    if names and manager in _UNKNOWN and all(map(_VARIABLE.match, names)):
        # Only the running script knows what it installs.
        yield from (Entry(_UNKNOWN[manager], name) for name in names)
    elif names is not None:
        yield from _READERS[manager](names, distribution)
        yield from _indexes(manager, arguments)


def _names(manager: str, arguments: list[str]) -> list[str] | None:
    """The arguments of an install that are no options, `None` for another command; options go with their values."""
    names: list[str] = []
    is_install = False
    skip = False
    for argument in arguments:
        if skip:
            skip = False
        elif argument in _VALUED[manager] or (argument in _INDEX_OPTIONS and manager == "pip"):
            skip = True
        elif argument.startswith("-"):
            continue
        elif re.match(r"^(\d*>|<|2>)", argument):
            break
        elif not is_install:
            if argument not in _VERBS[manager]:
                return None
            is_install = True
        elif argument not in {"]", "}", ")", "\\"}:
            names.append(_UNKNOWN_VERSION.sub(r"\1", argument))
    return names if is_install else None


def _indexes(manager: str, arguments: list[str]) -> Iterator[Entry]:
    if manager == "pip":
        for option, value in zip(arguments, [*arguments[1:], ""], strict=True):
            address = (
                value
                if option in _INDEX_OPTIONS
                else option.partition("=")[2]
                if option.startswith(_INDEX_OPTIONS)
                else ""
            )
            if address and (entry := package_source(address, None)):
                yield entry


def _system(kind: str, default: str | None, pattern: str) -> Installer:
    def read(names: list[str], distribution: str | None) -> Iterator[Entry]:
        for name in names:
            if name.startswith(("http://", "https://")):
                yield from_download(name, source="script")
                continue
            if "$" in name and "/" not in name:
                # Only the running script knows what it installs.
                yield Entry(kind, name)
                continue
            match = re.match(pattern, name)
            # A path is a file that was fetched or built before: the fetch is the evidence.
            # "name-" takes a package away.
            if (
                match is None
                or name.endswith(("-", ".deb", ".rpm", ".apk"))
                or "/" in match[1]
                or not _NAME.match(match[1])
            ):
                continue
            place = distribution if distribution in _DISTRIBUTIONS[kind] else default
            wanted = match[2] or None
            is_range = "*" in (wanted or "") or name[len(match[1]) :].startswith(("<", ">", "~"))
            yield Entry(kind, f"{place}/{match[1]}" if place else match[1], wanted, None if is_range else wanted)

    return read


def _pip(names: list[str], _: str | None) -> Iterator[Entry]:
    for name in names:
        try:
            # A shell has taken the quotes out of a marker.
            if entry := from_requirement(name.strip("\"'").partition(";")[0]):
                yield entry
        except Unreadable:
            continue


def _npm(names: list[str], _: str | None) -> Iterator[Entry]:
    for name in names:
        at = name.find("@", 1)
        package, wanted = (name[:at], name[at + 1 :]) if at > 0 else (name, "")
        if re.match(r"^(@[\w.-]+/)?[\w][\w.-]*$", package) and (entry := from_specifier(package, wanted, "runtime")):
            entry.declared_range = entry.declared_range or None
            yield entry


def _plain(kind: str) -> Installer:
    def read(names: list[str], _: str | None) -> Iterator[Entry]:
        for name in names:
            package, _at, version = name.partition("@" if kind == "cargo" else ":")
            if _NAME.match(package):
                yield Entry(kind, package, version or None, version or None, is_pinned=bool(version))

    return read


def _flatpak(names: list[str], _: str | None) -> Iterator[Entry]:
    for name in names:
        # An application is named in reverse: "org.example.App"; a single word is the remote.
        if re.match(r"^[A-Za-z][\w-]*(\.[\w-]+){2,}(//[\w.-]+)?$", name):
            yield Entry("flatpak", name.partition("//")[0], None, None)


def _versioned(program: str, arguments: list[str]) -> Iterator[Entry]:
    """`go install path@version`, `dotnet tool install name`, `composer require vendor/name:range`."""
    if program == "go" and arguments[:1] in (["install"], ["get"]):
        for argument in arguments[1:]:
            path, _, version = argument.partition("@")
            if "." in path.partition("/")[0] and not path.startswith(".") and "$" not in argument:
                yield Entry("golang", path, version or None, version if version.startswith("v") else None)
    elif program == "dotnet" and arguments[:2] == ["tool", "install"]:
        yield from (Entry("nuget", argument) for argument in arguments[2:3] if _NAME.match(argument))
    elif program == "composer" and arguments[:1] == ["require"]:
        for argument in arguments[1:]:
            if match := re.match(r"^([\w.-]+/[\w.-]+)(?::(\S+))?$", argument):
                yield Entry("composer", match[1].lower(), match[2])


_READERS: dict[str, Installer] = {
    "apt": _system("deb", None, r"^([^=/:]+)(?::\w+)?(?:=([^/]+))?(?:/[\w-]+)?[+]?$"),
    "dnf": _system("rpm", None, r"^([^=<>]+?)(?:[=<>]+(\S+))?$"),
    "apk": _system("apk", "alpine", r"^([^=<>~@]+)(?:@\w+)?(?:[=<>~]+(\S+))?$"),
    "pip": _pip,
    "npm": _npm,
    "snap": _plain("snap"),
    "flatpak": _flatpak,
    "gem": _plain("gem"),
    "cargo": _plain("cargo"),
}
