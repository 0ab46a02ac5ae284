"""Dockerfiles: the images of their stages, what they copy, add, install and download."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from dockerfile_parse import DockerfileParser

from oshealth.collect.manifests.entry import Entry, File, Scope, Unreadable
from oshealth.collect.manifests.purls import from_download, from_git, from_image
from oshealth.collect.manifests.shell import Setting, commands, expand
from oshealth.collect.manifests.syntax import refuse_conflict

_HEREDOC = re.compile(r"<<-?\s*([\"']?)(\w+)\1")
_FROM = re.compile(r"^(?:--\S+\s+)*(\S+)(?:\s+as\s+(\S+))?", re.IGNORECASE)
_ARG = re.compile(r"""([A-Za-z_]\w*)(?:=("[^"]*"|'[^']*'|\S*))?""")
# Official images that are made from Debian's unless their tag says otherwise.
_DEBIAN = {
    "debian",
    "python",
    "node",
    "ruby",
    "php",
    "golang",
    "rust",
    "postgres",
    "nginx",
    "httpd",
    "openjdk",
    "perl",
    "buildpack-deps",
}


# What every build knows of its platform; stages are named by it.
_PLATFORM = {
    "BUILDPLATFORM": "linux/amd64",
    "BUILDOS": "linux",
    "BUILDARCH": "amd64",
    "BUILDVARIANT": "",
    "TARGETPLATFORM": "linux/amd64",
    "TARGETOS": "linux",
    "TARGETARCH": "amd64",
    "TARGETVARIANT": "",
}
MAX_CHARACTERS = 200_000
"""dockerfile-parse takes quadratic time for continued lines."""


@dataclass
class _Stage:
    """One stage of a build as far as it is read."""

    name: str | None
    image: str
    line: int
    parent: int | None
    distribution: str | None
    arguments: dict[str, str]
    entries: list[Entry] = field(default_factory=list)


def dockerfile(file: File) -> Iterator[Entry]:
    """The last stage, with the stages that it is made from, is what runs; the others build."""
    refuse_conflict(file.text)
    if len(file.text) > MAX_CHARACTERS:
        raise Unreadable(f"too_large: a Dockerfile of more than {MAX_CHARACTERS:,} characters")
    text, documents = _without_documents(file.text)
    stages: list[_Stage] = []
    arguments = dict(_PLATFORM)
    unknown: list[str] = []
    syntax = re.match(r"^#\s*syntax\s*=\s*(\S+)", file.text)
    if syntax and (entry := from_image(syntax[1], source="dockerfile", line=1)):
        entry.scope = "build"
        yield entry
    for instruction in _instructions(text):
        name, value, line = instruction["instruction"].upper(), instruction["value"], instruction["startline"] + 1
        if name == "FROM" and (match := _FROM.match(value)):
            stages.append(_stage(match, line, stages, arguments))
            is_known = stages[-1].parent is not None or from_image(stages[-1].image, source="dockerfile")
            if "$" in stages[-1].image and not is_known:
                unknown.append(f"unknown_image: line {line}: an argument without a default")
        elif name in {"ARG", "ENV"}:
            _note(stages[-1].arguments if stages else arguments, name, value, arguments)
        elif stages:
            stages[-1].entries += _within(name, value, line, stages, documents.get(line, ""))
    yield from _in_order(stages)
    if unknown:
        raise Unreadable(unknown[0])


def _instructions(text: str) -> list[dict[str, Any]]:
    structure: list[dict[str, Any]] = DockerfileParser(fileobj=BytesIO(text.encode("utf-8", "replace"))).structure
    return structure


def _without_documents(text: str) -> tuple[str, dict[int, str]]:
    """The text with the lines of here-documents blanked, and these by the line that they belong to."""
    lines = text.splitlines()
    kept: list[str] = []
    documents: dict[int, str] = {}
    number = 0
    start = 1
    while number < len(lines):
        line = lines[number]
        if number == 0 or not lines[number - 1].rstrip().endswith("\\"):
            start = number + 1
        kept.append(line)
        number += 1
        if not re.match(r"^\s*(run|copy|add)\b", line, re.IGNORECASE):
            continue
        for _, word in _HEREDOC.findall(line):
            first = number
            while number < len(lines) and lines[number].strip() != word:
                number += 1
            documents[start] = documents.get(start, "") + "\n".join(lines[first:number]) + "\n"
            kept += [""] * (min(number + 1, len(lines)) - first)
            number += 1
    return "\n".join(kept) + "\n", documents


def _stage(match: re.Match[str], line: int, stages: list[_Stage], arguments: dict[str, str]) -> _Stage:
    image = expand(match[1].strip("\"'"), arguments)
    parent = _index(stages, image)
    distribution = stages[parent].distribution if parent is not None else _distribution(image)
    # Arguments from before the first FROM are known in a stage only where it asks for them.
    return _Stage(
        match[2], image, line, parent, distribution, dict(stages[parent].arguments) if parent is not None else {}
    )


def _index(stages: list[_Stage], name: str) -> int | None:
    found = [number for number, stage in enumerate(stages) if stage.name and stage.name.lower() == name.lower()]
    return found[-1] if found else None


def _distribution(image: str) -> str | None:
    name, _, tag = image.partition("@")[0].rpartition("/")[2].partition(":")
    for known in ("ubuntu", "alpine", "fedora", "rockylinux", "almalinux", "centos", "amazonlinux", "opensuse"):
        if known in name or known in tag:
            return known
    is_debian = name in _DEBIAN or re.search(r"(bookworm|bullseye|buster|trixie|stretch|debian)", tag)
    return "debian" if is_debian else None


def _note(arguments: dict[str, str], name: str, value: str, outer: dict[str, str]) -> None:
    if name == "ENV" and "=" not in value.partition(" ")[0]:
        key, _, rest = value.partition(" ")
        arguments[key] = rest.strip()
        return
    for key, default in _ARG.findall(value):
        if default:
            arguments[key] = expand(default.strip("\"'"), {**outer, **arguments})
        elif key in outer:
            arguments.setdefault(key, outer[key])


def _within(name: str, value: str, line: int, stages: list[_Stage], document: str) -> Iterator[Entry]:
    stage = stages[-1]
    if name == "RUN":
        for image in re.findall(r"--mount=\S*?\bfrom=([^\s,]+)", value):
            yield from _copied(image, line, stages)
        command = re.sub(r"^(--\S+\s+)+", "", value)
        if command.startswith("["):
            command = " ".join(re.findall(r'"((?:[^"\\]|\\.)*)"', command))
        setting = Setting("dockerfile", "runtime", stage.distribution, stage.arguments)
        yield from commands(command, setting, line)
        yield from commands(document, setting, line + 1)
    elif name in {"COPY", "ADD"}:
        if image := re.search(r"--from=(\S+)", value):
            yield from _copied(expand(image[1], stage.arguments), line, stages)
        for address in (
            re.findall(r"(?:^|\s)(https?://\S+|git@\S+)", expand(value, stage.arguments)) if name == "ADD" else []
        ):
            is_git = address.startswith("git@") or ".git" in address
            place, _, reference = address.partition("#")
            entry = from_git(place, reference or None, source="dockerfile", line=line) if is_git else None
            entry = entry or from_download(address, source="dockerfile", line=line)
            entry.has_integrity = entry.has_integrity or bool(re.search(r"--checksum=\w+:\w", value))
            yield entry


def _copied(image: str, line: int, stages: list[_Stage]) -> Iterator[Entry]:
    is_stage = image.isdigit() or _index(stages, image) is not None
    if not is_stage and (entry := from_image(image, source="dockerfile", line=line)):
        yield entry


def _in_order(stages: list[_Stage]) -> Iterator[Entry]:
    final: set[int] = set()
    number: int | None = len(stages) - 1 if stages else None
    while number is not None:
        final.add(number)
        number = stages[number].parent
    for position, stage in enumerate(stages):
        scope: Scope = "runtime" if position in final else "build"
        is_image = stage.parent is None and stage.image.lower() != "scratch"
        if is_image and (entry := from_image(stage.image, source="dockerfile", line=stage.line)):
            entry.scope = scope
            yield entry
        for entry in stage.entries:
            entry.scope = scope
            yield entry
