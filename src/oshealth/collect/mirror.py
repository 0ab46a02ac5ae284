"""A bare mirror of each repository watched: its branches and tags, brought up to date by a fetch.

Mirrors are named by a hash of the canonical address. One that could not be brought up to date stays as it was.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from oshealth.collect.address import Mirrors, Place, check_address, mirror_folder
from oshealth.collect.child import Limits
from oshealth.collect.errors import AddressError, ChildFailed, ChildTimedOut, CollectError
from oshealth.collect.git_command import Git
from oshealth.collect.opened import Opened, make_bare, reason_of, status_of, status_of_failure, write_head
from oshealth.collect.refs import Refs, read_refs
from oshealth.collect.transfer import Remote, fetch, fetch_piecewise, list_remote
from oshealth.sources import Host

_PACKS_BEFORE_REPACKING = 40


def refresh(
    url: str, folder: Path, limits: Limits, mirrors: Mirrors | None = None, hosts: tuple[Host, ...] = ()
) -> Opened:
    """Bring the mirror of one repository up to date and open it; `folder` holds all mirrors.

    Where that fails, the status says how, and the mirror is open as it was left before: its refs may be empty.

    Raises:
        AddressError: the address may not be fetched from.
    """
    address = check_address(url, hosts)
    place = (mirrors or Mirrors()).place(address)
    git = _git(address, folder, limits)
    try:
        with _locked(git.directory.with_suffix(".lock"), limits.seconds):
            return _refresh(git, place, hosts)
    except CollectError as error:
        status = "unreachable" if isinstance(error, AddressError) else status_of_failure(error, "unreachable")
        return Opened(git, _refs(git), status, _sentence(error, place, address))


def open_mirror(url: str, folder: Path, limits: Limits, hosts: tuple[Host, ...] = ()) -> Opened:
    """Open a mirror as it is, without asking anybody."""
    git = _git(check_address(url, hosts), folder, limits)
    refs = _refs(git)
    return Opened(git, refs, *status_of(refs, git))


def _git(address: str, folder: Path, limits: Limits) -> Git:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return Git(folder.absolute() / mirror_folder(address), limits=limits)


def _refs(git: Git) -> Refs:
    return read_refs(git.directory, git.directory)


def _refresh(git: Git, place: Place, hosts: tuple[Host, ...]) -> Opened:
    remote = list_remote(git, place, hosts)
    if not remote.refs.tips:
        # Nothing is fetched, so that a repository which was emptied does not empty its mirror.
        return Opened(git, Refs(), "empty", "The repository holds no branch and no tag.")
    lost_count = 0
    if not _is_same(_refs(git), remote.refs):
        _sweep(git.directory)
        lost_count = _fetch_or_rebuild(git, remote)
    refs = _refs(git)
    if lost_count:
        return Opened(git, refs, "partial", f"{lost_count} branches or tags could not be fetched: objects are missing.")
    return Opened(git, refs, *status_of(refs, git))


def _is_same(mine: Refs, theirs: Refs) -> bool:
    is_same_head = mine.head == theirs.head and (mine.head is None or mine.head_ref == theirs.head_ref)
    return is_same_head and mine.tips == theirs.tips


def _fetch_or_rebuild(git: Git, remote: Remote) -> int:
    """Fetch into the mirror; one that git cannot work with any more is made anew. How many refs could not be had."""
    if git.directory.is_dir() and _refs(git).object_format == remote.refs.object_format:
        try:
            fetch(git, remote)
        except ChildFailed as error:
            if not _is_damage(error):
                raise
        else:
            _settle(git, remote)
            return 0
    return _rebuild(git, remote)


def _is_damage(error: ChildFailed) -> bool:
    return status_of_failure(error, "unreachable") in {"corrupt", "partial"}


def _settle(git: Git, remote: Remote) -> None:
    """After a fetch: let HEAD name what it names there, keep refs in one file, and packs few."""
    git.run("pack-refs", "--all")
    if len(list((git.directory / "objects" / "pack").glob("*.pack"))) > _PACKS_BEFORE_REPACKING:
        git.run("repack", "--quiet", "-d", "--geometric=2")
    head = remote.refs.head
    if head and remote.refs.head_ref is None:
        head = _known(git, head)
    write_head(git.directory, replace(remote.refs, head=head))


def _known(git: Git, commit: str) -> str | None:
    """The commit of a detached HEAD, if a branch or tag brought it along."""
    try:
        git.run("cat-file", "-e", f"{commit}^{{commit}}")
    except ChildFailed:
        return None
    return commit


def _rebuild(git: Git, remote: Remote) -> int:
    """Make the mirror beside its place, and put it there once it is whole, or as whole as can be."""
    fresh = replace(git, directory=git.directory.with_suffix(".new"))
    shutil.rmtree(fresh.directory, ignore_errors=True)
    make_bare(fresh.directory, remote.refs.object_format)
    try:
        lost_count = _fetch_what_can_be_had(fresh, remote)
        _settle(fresh, remote)
        _put_in_place(fresh.directory, git.directory)
    finally:
        shutil.rmtree(fresh.directory, ignore_errors=True)
    return lost_count


def _fetch_what_can_be_had(git: Git, remote: Remote) -> int:
    try:
        fetch(git, remote)
    except ChildFailed as error:
        if not _is_damage(error):
            raise
        return fetch_piecewise(git, remote)
    return 0


def _put_in_place(new: Path, place: Path) -> None:
    old = place.with_suffix(".old")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    new.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def _sweep(directory: Path) -> None:
    """Remove what a fetch left that was killed: its locks and half-written packs. We hold the mirror's own lock."""
    for left in (*directory.glob("*.lock"), *(directory / "refs").rglob("*.lock")):
        left.unlink(missing_ok=True)
    for left in (directory / "objects").glob("*/tmp_*"):
        left.unlink(missing_ok=True)


@contextmanager
def _locked(path: Path, seconds: float) -> Iterator[None]:
    """Hold the lock of one mirror, waiting for whoever holds it."""
    deadline = time.monotonic() + seconds
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise ChildTimedOut("another run held the mirror for too long") from None
                time.sleep(0.05)
        yield


def _sentence(error: CollectError, place: Place, address: str) -> str:
    reason = reason_of(error).replace(place.remote, address)
    if "returned error: 3" in reason:
        reason = "it has moved; write its new address into sources.toml"
    return f"It could not be fetched: {reason}."
