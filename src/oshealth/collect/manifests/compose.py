"""Compose files: the images of services, with the defaults of their variables."""

import re
from collections.abc import Iterator

from oshealth.collect.manifests.entry import Entry, File, Unreadable
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
    unknown: list[str] = []
    for name, service in services.items():
        image = string(service, "image")
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
