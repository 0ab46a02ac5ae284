"""GitHub workflows and actions, and those of Gitea and Forgejo: what they use, run in, install and download."""

import re
from collections.abc import Iterator
from typing import Any

from oshealth.collect.manifests.entry import Entry, File, Unreadable
from oshealth.collect.manifests.purls import from_git, from_image
from oshealth.collect.manifests.shell import Setting, commands
from oshealth.collect.manifests.syntax import array, string, table
from oshealth.collect.manifests.yaml_events import line_of, read_yaml

_SETTING = Setting("workflow", "build", "ubuntu")
_ACTION = re.compile(r"^([\w.-]+/[\w.-]+)((?:/[\w./-]*)?)@(\S+)$")
_COMMIT = re.compile(r"^[0-9a-f]{40}([0-9a-f]{24})?$")
_LINE = re.compile(r"^\s*(?:-\s+)?(uses|image|container):\s*[\"']?([^\s\"'#]+)")


def workflow(file: File) -> Iterator[Entry]:
    """A workflow or an action; of a file that is no YAML, the lines that plainly use an action or an image."""
    try:
        data = read_yaml(file.text)
    except Unreadable:
        yield from _by_line(file.text)
        raise
    for job in table(data, "jobs").values():
        yield from _job(job)
    runs = table(data, "runs")
    yield from _steps(array(runs, "steps"))
    if image := string(runs, "image"):
        yield from _image(image, line_of(runs, "image"), must_be_named="docker://")


def _job(job: Any) -> Iterator[Entry]:
    yield from _used(job)
    for place in (("container",), *(("services", name) for name in table(job, "services"))):
        holder, value = job, table(job, *place[:-1]).get(place[-1]) if place[:-1] else table(job).get(place[-1])
        image = string(value, "image") or string(value)
        line = line_of(value, "image") or line_of(holder, *place)
        for one in _of_matrix(job, image) if image else ():
            yield from _image(one, line)
    yield from _steps(array(job, "steps"))


def _of_matrix(job: Any, image: str) -> list[str]:
    """The image, or all images that the job's matrix puts in its place."""
    wanted = re.fullmatch(r"\$\{\{\s*matrix((?:\.[\w-]+)+)\s*\}\}", image)
    if wanted is None:
        return [image]
    first, *rest = wanted[1].removeprefix(".").split(".")
    matrix = table(job, "strategy", "matrix")
    values = [*array(matrix, first), *(table(line).get(first) for line in array(matrix, "include"))]
    return [found for value in values if (found := string(value, *rest))]


def _steps(steps: list[Any]) -> Iterator[Entry]:
    for step in steps:
        yield from _used(step)
        if run := string(step, "run"):
            first = (line_of(step, "run") or 1) + (1 if "\n" in run else 0)
            yield from commands(run, _SETTING, first)


def _used(holder: Any) -> Iterator[Entry]:
    if (uses := string(holder, "uses")) and (entry := from_uses(uses, line_of(holder, "uses"))):
        yield entry


def from_uses(uses: str, line: int | None) -> Entry | None:
    """The entry of what `uses` names; `None` for an action of the repository itself."""
    if uses.startswith("docker://"):
        entry = from_image(uses, source="workflow", line=line)
        if entry is not None:
            entry.scope = "build"
        return entry
    if uses.startswith(("https://", "http://")):
        place, _, reference = uses.rpartition("@")
        entry = from_git(place, reference, source="workflow", line=line)
        entry.scope = "build"
        return entry
    action = _ACTION.match(uses)
    if action is None:
        return None
    entry = Entry("github", action[1], action[3], action[3], line, "build", source="workflow")
    entry.subpath = action[2].strip("/") or None
    entry.is_pinned = entry.has_integrity = bool(_COMMIT.match(action[3]))
    return entry


def _image(image: str, line: int | None, must_be_named: str = "") -> Iterator[Entry]:
    if image.startswith(must_be_named) and (entry := from_image(image, source="workflow", line=line)):
        entry.scope = "build"
        yield entry


def _by_line(text: str) -> Iterator[Entry]:
    for number, line in enumerate(text.splitlines(), start=1):
        if match := _LINE.match(line):
            entry = from_uses(match[2], number) if match[1] == "uses" else None
            if entry:
                yield entry
            elif match[1] != "uses":
                yield from _image(match[2], number)
