"""Reading a repository that lies on this machine: nothing is copied or changed, its configuration never read.

An overlay is a temporary bare repository of our own that borrows the source's objects. Whatever the source says of
hooks, filters, commands, grafts or replacements stays in the source.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from oshealth.collect.address import Place
from oshealth.collect.borrowed_objects import holds_a_pipe
from oshealth.collect.child import Limits
from oshealth.collect.errors import AddressError, CollectError, printable
from oshealth.collect.git_command import Git
from oshealth.collect.opened import (
    Opened,
    make_bare,
    reason_of,
    status_of,
    status_of_failure,
    write_head,
    write_refs,
)
from oshealth.collect.refs import ID, Refs, is_bundle, read_refs, read_small
from oshealth.collect.transfer import fetch, list_remote
from oshealth.facts import Status

_SHALLOW_BYTES = 1 << 26
_MISSING = (b"missing", b"ambiguous")
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_NAMED = 2
"""A repository's address has a host, an owner and a name: more parts than these."""


@contextmanager
def overlay(target: Path, limits: Limits | None = None) -> Iterator[Opened]:
    """Open a folder with a repository (also a bare one, a worktree or a submodule), or a bundle.

    Raises:
        AddressError: there is none; the message is one sentence.
    """
    source = Path(os.path.abspath(target))  # noqa: PTH100 - a link's own name is kept in messages
    with tempfile.TemporaryDirectory(prefix="oshealth-") as folder:
        directory = Path(folder) / "overlay.git"
        directory.mkdir(mode=0o700)
        git = Git(directory, limits=limits or Limits())
        if is_bundle(source):
            yield _open_bundle(source, git)
        else:
            yield _borrow(*_found(source, target), git)


def _found(path: Path, target: Path) -> tuple[Path, Path]:
    try:
        if len(target.parts) > _NAMED and _HOST.fullmatch(target.parts[0]) and not path.exists():
            raise AddressError(f"{_shown(path)}: there is no such folder; is https://{_shown(target)} meant?")
        return find_repository(path)
    except OSError as error:
        raise AddressError(f"{_shown(path)}: it cannot be read ({error.strerror}).") from None


def find_repository(path: Path) -> tuple[Path, Path]:
    """A repository's own folder and the one that holds its objects and refs: two only for a worktree.

    Raises:
        AddressError: the path holds no repository.
    """
    if not path.exists():
        raise AddressError(f"{_shown(path)}: there is no such file or folder.")
    for candidate in (path / ".git", path):
        own = _pointed_to(candidate) if candidate.is_file() else candidate
        if not own or not _is_entry(own / "HEAD"):
            continue
        common = own / _text(own / "commondir") if (own / "commondir").is_file() else own
        if (common / "objects").is_dir() and (common / "refs").exists():
            return own, common
    above = next((folder for folder in path.absolute().parents if (folder / ".git").exists()), None)
    hint = f", but lies in one: {_shown(above)}" if above else ""
    raise AddressError(f"{_shown(path)}: this is not a git repository{hint}.")


def _is_entry(path: Path) -> bool:
    return path.is_symlink() or path.is_file()


def _pointed_to(file: Path) -> Path | None:
    """Where the file ".git" of a worktree or submodule points to."""
    text = _text(file)
    return file.parent / text.removeprefix("gitdir:").strip() if text.startswith("gitdir:") else None


def _text(file: Path) -> str:
    return os.fsdecode(read_small(file).rstrip(b"\r\n").partition(b"\0")[0])


def _borrow(own: Path, common: Path, git: Git) -> Opened:
    if (common / "reftable").is_dir():
        return Opened(git, Refs(), "corrupt", "Its refs are kept in reftable form, which is not read.")
    objects = os.path.realpath(common / "objects")
    if holds_a_pipe(Path(objects)):
        return Opened(git, Refs(), "corrupt", "Among its objects lies a pipe or a device, which is not read.")
    refs = read_refs(own, common)
    make_bare(git.directory, refs.object_format)
    write_refs(git.directory, refs)
    boundary = [line for line in read_small(common / "shallow", _SHALLOW_BYTES).split() if ID.fullmatch(line)]
    if boundary:
        (git.directory / "shallow").write_bytes(b"".join(line + b"\n" for line in boundary))
    environment = {**git.environment, "GIT_ALTERNATE_OBJECT_DIRECTORIES": quoted(objects)}
    # A commit-graph in the source could tell other parents than its commits do.
    reader = replace(git, environment=environment).with_settings(core__commitGraph="false")
    return _without_lost_tips(reader, refs, Path(objects))


def quoted(path: str) -> str:
    """A path as git reads it in a list separated by colons, whatever stands in it."""
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _without_lost_tips(git: Git, refs: Refs, objects: Path) -> Opened:
    """Leave out refs whose object is not there: git would refuse to read the others with them."""
    status, detail = status_of(refs, git)
    wanted = sorted({*refs.tips.values(), *filter(None, [refs.head])})
    if not wanted:
        return Opened(git, refs, status, detail)
    try:
        answer = git.run("cat-file", "--batch-check", stdin="".join(f"{tip}\n" for tip in wanted).encode())
    except CollectError as error:
        return Opened(git, Refs(), status_of_failure(error), "Git cannot read the repository's objects.")
    kinds = {line.split(b" ")[0].decode(): line.split(b" ")[1] for line in answer.splitlines()}
    lost = {name for name, kind in kinds.items() if kind in _MISSING}
    if refs.head and kinds.get(refs.head) != b"commit":
        return Opened(git, Refs(), "corrupt", "The commit of its default branch is missing or cannot be read.")
    if lost:
        refs = replace(refs, tips={name: tip for name, tip in refs.tips.items() if tip not in lost})
        write_refs(git.directory, refs)
    if lost:
        status, detail = "partial", f"{len(lost)} objects that branches or tags name are missing."
    elif status == "ok" and any((objects / "pack").glob("*.promisor")):
        status, detail = _of_partial_clone(git)
    return Opened(git, refs, status, detail)


def _of_partial_clone(git: Git) -> tuple[Status, str]:
    """What was left out when it was cloned may have been fetched since: only what is missing counts."""
    try:
        listed = git.run("rev-list", "--objects", "--all", "--missing=print", "--quiet")
    except CollectError:
        return "partial", "A partial clone: objects that were never fetched are missing."
    count = sum(line.startswith(b"?") for line in listed.splitlines())
    return (
        ("partial", f"A partial clone: objects that were never fetched are missing ({count:,}).")
        if count
        else ("ok", "")
    )


def _open_bundle(file: Path, git: Git) -> Opened:
    """A bundle cannot be borrowed from: its objects are unpacked into the overlay."""
    place = Place(str(file), "file", is_operators=True)
    try:
        remote = list_remote(git, place)
        make_bare(git.directory, remote.refs.object_format)
        fetch(git, remote)
    except CollectError as error:
        return Opened(git, Refs(), status_of_failure(error), f"Git cannot read the bundle: {reason_of(error)}.")
    write_head(git.directory, remote.refs)
    refs = read_refs(git.directory, git.directory)
    return Opened(git, refs, *status_of(refs, git))


def _shown(path: Path) -> str:
    return printable(os.fsencode(path)).replace("\n", "\\n")
