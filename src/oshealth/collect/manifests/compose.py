"""Compose files: the images of services, with the defaults of their variables."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from oshealth.collect.manifests.dockerfile import dockerfile
from oshealth.collect.manifests.entry import Entry, File, Unreadable
from oshealth.collect.manifests.names import which
from oshealth.collect.manifests.purls import from_image
from oshealth.collect.manifests.syntax import string, table
from oshealth.collect.manifests.yaml_events import line_of, read_yaml

_DEFAULT = re.compile(r"\$\{\w+:?-([^}]*)\}")


def compose(file: File) -> Iterator[Entry]:
    data = read_yaml(file.text)
    # The first format had no `services`: every key at the top was one.
    services = table(data, "services") or {name: one for name, one in table(data).items() if string(one, "image")}
    above = ("services",) if table(data, "services") else ()
    # With `build` the image is the repository's own, and its name only a label, in whichever service it stands.
    built = {string(one, "image") for one in services.values() if table(one).get("build")}
    unknown = list(_unread(file, data, services))
    for name, service in services.items():
        image = string(service, "image")
        yield from _inline(file, service)
        if image is None or image in built or table(service).get("build"):
            continue
        entry = from_image(_DEFAULT.sub(r"\1", image), source="compose", line=line_of(data, *above, name, "image"))
        if entry is None:
            unknown.append(f"unknown_image: line {line_of(data, *above, name, 'image')}: a variable without a default")
            continue
        if "$" in image:
            entry.declared_range = image
        yield entry
    if unknown:
        raise Unreadable(unknown[0])


def _unread(file: File, data: Any, services: Mapping[str, Any]) -> Iterator[str]:
    """The files that are included, or whose services are extended, so far as they are not read as compose files."""
    includes = table(data).get("include")
    named: list[Any] = [*includes] if isinstance(includes, list) else []
    named += [table(one).get("path") for one in named]
    named += [string(one, "extends", "file") for one in services.values()]
    for path in (path for one in named for path in (one if isinstance(one, list) else [one])):
        place = file.beside(path) if isinstance(path, str) and "$" not in path else None
        if isinstance(path, str) and (place not in file.others or which(place or "") != "compose"):
            yield f"missing_include: {path}: not read as a compose file"


def _inline(file: File, service: Any) -> Iterator[Entry]:
    """What a Dockerfile says that stands in the compose file itself."""
    text = string(service, "build", "dockerfile_inline")
    line = line_of(service, "build", "dockerfile_inline") or 0
    for entry in dockerfile(File(file.path, text)) if text else ():
        entry.line = line + (entry.line or 0)
        yield entry
