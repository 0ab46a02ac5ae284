"""GitLab CI: images, services, includes, and what its scripts install and download."""

import re
from collections.abc import Iterator
from typing import Any

from oshealth.collect.manifests.entry import Entry, File, Unreadable
from oshealth.collect.manifests.purls import from_download, from_image
from oshealth.collect.manifests.shell import Setting, commands, expand
from oshealth.collect.manifests.syntax import array, string, table
from oshealth.collect.manifests.yaml_events import line_of, read_documents

_LINE = re.compile(r"^\s*(?:-\s+)?(image|name):\s*[\"']?([^\s\"'#]+)")
_SCRIPTS = ("before_script", "script", "after_script")
_COMPONENT = re.compile(r"^([\w.-]+\.[a-z]+|\$\{?CI_SERVER_(?:FQDN|HOST)\}?)/(.+?)/([^/@]+)@(\S+)$")
MAX_NESTED = 5


def gitlab_ci(file: File) -> Iterator[Entry]:
    """A pipeline; of a file that is no YAML, the lines that plainly name an image."""
    try:
        documents = list(read_documents(file.text))
    except Unreadable:
        yield from _by_line(file.text)
        raise
    # A document with the inputs of a pipeline may stand before it.
    for data in documents:
        yield from _pipeline(data)


def _pipeline(data: Any) -> Iterator[Entry]:
    variables = {name: value for name, value in table(data, "variables").items() if isinstance(value, str)}
    includes = table(data).get("include")
    for include in includes if isinstance(includes, list) else [includes]:
        if entry := _included(include, line_of(include, *table(include)) or line_of(data, "include")):
            yield entry
    # Images and services may stand at the top, under `default`, and in each job.
    for name, holder in [("", data), *table(data).items()]:
        if name in {"variables", "include", "stages", "workflow", "spec"} or not isinstance(holder, dict):
            continue
        inherited = {**variables, **{k: v for k, v in table(holder, "variables").items() if isinstance(v, str)}}
        yield from _holder(holder, inherited)
        yield from _matrix(holder, inherited)


def _holder(holder: dict[str, Any], variables: dict[str, str]) -> Iterator[Entry]:
    services = holder.get("services")
    named = [holder.get("image"), *(services if isinstance(services, list) else [])]
    for position, value in enumerate(named):
        field = "services" if position else "image"
        if image := string(value, "name") or string(value):
            line = line_of(value, "name") or line_of(holder, field)
            if entry := from_image(expand(image, variables), source="workflow", line=line):
                entry.scope = "build"
                yield entry
    for field in _SCRIPTS:
        text = "\n".join(_flat(holder.get(field)))
        yield from commands(text, Setting("workflow", "build", None, variables), (line_of(holder, field) or 0) + 1)


def _matrix(holder: dict[str, Any], variables: dict[str, str]) -> Iterator[Entry]:
    """The images of a job that runs once for each line of a matrix which names them."""
    image = string(holder.get("image"), "name") or string(holder.get("image"))
    wanted = re.fullmatch(r"\$\{?(\w+)\}?", image or "")
    for line in array(holder, "parallel", "matrix") if wanted else ():
        value = table(line).get(wanted[1]) if wanted else None
        for one in value if isinstance(value, list) else [value]:
            place = expand(one, variables) if isinstance(one, str) else ""
            if entry := from_image(place, source="workflow", line=line_of(line, wanted[1] if wanted else "")):
                entry.scope = "build"
                yield entry


def _flat(value: Any, depth: int = 0) -> Iterator[str]:
    """The lines of a script: a text, or a list of texts and lists, as references give them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and depth < MAX_NESTED:
        for one in value:
            yield from _flat(one, depth + 1)


def _included(include: Any, line: int | None) -> Entry | None:
    """Pipelines of other projects, addresses and catalogues; local files and GitLab's own templates are none."""
    address = string(include, "remote") or string(include)
    entry = None
    if address and address.startswith(("http://", "https://")):
        entry = from_download(address, source="workflow", line=line)
    elif project := string(include, "project"):
        reference = string(include, "ref")
        entry = Entry("generic", project, reference, reference, line, source="workflow", is_pinned=False)
        entry.subpath = string(include, "file")
    elif component := _COMPONENT.match(string(include, "component") or ""):
        # By a variable, it is on the server where the pipeline runs, wherever that is.
        url = None if "$" in component[1] else f"https://{component[1]}/{component[2]}"
        entry = Entry("generic", component[2], component[4], component[4], line, source="workflow", url=url)
        entry.subpath = component[3]
        entry.qualifiers = {"vcs_url": f"git+{url}@{component[4]}"} if url else {}
    if entry is not None:
        entry.scope, entry.is_pinned = "build", bool(re.match(r"^[0-9a-f]{40}$", entry.version or ""))
    return entry


def _by_line(text: str) -> Iterator[Entry]:
    for number, line in enumerate(text.splitlines(), start=1):
        if (match := _LINE.match(line)) and (entry := from_image(match[2], source="workflow", line=number)):
            entry.scope = "build"
            yield entry
