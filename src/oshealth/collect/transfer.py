"""Asking a server for its refs, and fetching branches and tags: the two moments when git talks to somebody."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from oshealth.collect.address import Place, public_addresses
from oshealth.collect.errors import ChildFailed, ChildTooLarge, Unreachable
from oshealth.collect.git_command import Git
from oshealth.collect.refs import Refs, advertised_refs, bundle_refs, is_bundle
from oshealth.sources import Host

_LISTING_SECONDS = 120.0
_MAXIMUM_PIECES = 100
_LISTING_BYTES = 1 << 27
_PROXIES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
_NOT_THERE = ("not found", "returned error: 3", "returned error: 404", "username")

_REFSPECS = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
_FETCH = (
    *("fetch", "--quiet", "--force", "--prune", "--no-tags", "--refmap=", "--update-shallow", "--no-write-fetch-head"),
    *("--no-auto-maintenance", "--no-recurse-submodules", "--no-write-commit-graph", "--no-show-forced-updates"),
)

# Faults that old and honest histories have, and that do no harm to those who check nothing out. Others are refused.
_TOLERATED = (
    *("badDate", "badDateOverflow", "badEmail", "badFilemode", "badName", "badTagName", "badTimezone"),
    *("duplicateEntries", "gitattributesBlob", "gitattributesLarge", "gitattributesLineLength"),
    *("gitattributesMissing", "gitmodulesBlob", "gitmodulesLarge", "gitmodulesMissing", "gitmodulesName"),
    *("gitmodulesParse", "gitmodulesPath", "gitmodulesSymlink", "gitmodulesUpdate", "gitmodulesUrl", "hasDotgit"),
    *("missingEmail", "missingNameBeforeEmail", "missingSpaceBeforeDate", "missingSpaceBeforeEmail"),
    *("missingTaggerEntry", "multipleAuthors", "nulInCommit", "nullSha1", "zeroPaddedDate", "zeroPaddedFilemode"),
)
_CHECKS: Mapping[str, str] = {
    "fetch.fsckObjects": "true",
    **{f"fetch.fsck.{name}": "ignore" for name in _TOLERATED},
}


@dataclass(frozen=True)
class Remote:
    """What a server offers, and how it was reached."""

    place: Place
    refs: Refs
    settings: Mapping[str, str]


def list_remote(git: Git, place: Place, hosts: tuple[Host, ...] = ()) -> Remote:
    """The refs that a server offers. The repository of `git` need not exist yet.

    Raises:
        AddressError: the host's name stands for a private address.
        Unreachable: it stands for none.
        CollectError: git could not read the refs.
    """
    if place.protocol == "file" and is_bundle(Path(place.remote)):
        return Remote(place, bundle_refs(Path(place.remote)), {})
    settings = _pinned(place, hosts, git.environment)
    limits = replace(
        git.limits,
        seconds=min(git.limits.seconds, _LISTING_SECONDS),
        output_bytes=min(git.limits.output_bytes, _LISTING_BYTES),
    )
    asking = replace(_talking(git, place, settings), directory=Path(os.devnull), limits=limits)
    *spellings, last = _spellings(place)
    for spelling in spellings:
        try:
            return _listed(asking, spelling, settings)
        except ChildFailed as error:
            if not any(words in error.stderr.lower() for words in _NOT_THERE):
                raise
    return _listed(asking, last, settings)


def is_proxied(url: str, environment: Mapping[str, str]) -> bool:
    """Whether a proxy of the user's is asked for a host, and not the host itself: its name may be known there alone."""
    if not any(environment.get(name) for name in _PROXIES):
        return False
    host = f".{urlsplit(url).hostname or ''}"
    exempt = (environment.get("no_proxy") or environment.get("NO_PROXY") or "").lower()
    names = (name.partition(":")[0].lstrip(".") for name in exempt.replace(",", " ").split())
    return not any(name == "*" or host.endswith(f".{name}") for name in names)


def fetch(git: Git, remote: Remote, names: Sequence[bytes] = ()) -> None:
    """Fetch branches and tags, all or those named, and drop those that are gone.

    Refs change only once their objects are all there.
    """
    refspecs = [f"+{name}:{name}" for name in map(os.fsdecode, names)] or _REFSPECS
    talking = _talking(git, remote.place, {**remote.settings, **_CHECKS})
    packs = git.directory / "objects" / "pack"

    def weigh() -> None:
        if folder_bytes(packs) >= git.limits.file_bytes:
            raise ChildTooLarge(f"the repository is larger than {git.limits.file_bytes:,} bytes")

    try:
        talking.run(*_FETCH, *_program(remote.place), "--", remote.place.remote, *refspecs, watch=weigh)
    except ChildFailed:
        # The system ends whatever writes a larger file, and git says no more than that its own child was gone.
        weigh()
        raise


def fetch_piecewise(git: Git, remote: Remote) -> int:
    """Fetch what can be had of a repository that lacks objects: its default branch, then the others in halves.

    Returns how many branches and tags could not be had.
    """
    first = [name for name in remote.refs.tips if name == remote.refs.head_ref]
    fetch(git, remote, first or list(remote.refs.tips)[:1])
    pending = [[name for name in remote.refs.tips if name not in first]]
    lost_count = tries = 0
    while pending:
        names = pending.pop()
        tries += 1
        try:
            if tries <= _MAXIMUM_PIECES and names:
                fetch(git, remote, names)
        except ChildFailed:
            middle = len(names) // 2
            pending.extend([names[:middle], names[middle:]] if middle else [])
            lost_count += not middle
        else:
            lost_count += len(names) if tries > _MAXIMUM_PIECES else 0
    return lost_count


def folder_bytes(folder: Path) -> int:
    """The size of the files in one folder; one that goes meanwhile counts nothing."""
    total = 0
    for entry in os.scandir(folder):
        try:
            total += entry.stat(follow_symlinks=False).st_size
        except FileNotFoundError:
            continue
    return total


def _listed(asking: Git, place: Place, settings: Mapping[str, str]) -> Remote:
    listing = asking.run("ls-remote", "--symref", *_program(place), "--", place.remote)
    return Remote(place, advertised_refs(listing), settings)


def _program(place: Place) -> list[str]:
    """A folder that the operator names may belong to anyone."""
    return ["--upload-pack=git -c 'safe.directory=*' upload-pack"] if place.protocol == "file" else []


def _talking(git: Git, place: Place, settings: Mapping[str, str]) -> Git:
    environment = {**git.environment, "GIT_ALLOW_PROTOCOL": place.protocol}
    return replace(git, environment=environment, settings={**git.settings, **settings})


def _pinned(place: Place, hosts: tuple[Host, ...], environment: Mapping[str, str]) -> dict[str, str]:
    """Let git use the very network addresses that were checked: a second look-up could tell others."""
    if place.is_operators or is_proxied(place.remote, environment):
        return {}
    addresses = public_addresses(place.remote, hosts)
    parts = urlsplit(place.remote)
    if not addresses:
        raise Unreachable(f"the name of the host {parts.hostname} could not be resolved")
    return {"http.curloptResolve": f"{parts.hostname}:{parts.port or 443}:{','.join(addresses)}"}


def _spellings(place: Place) -> tuple[Place, ...]:
    """Forges redirect one spelling to the other, and redirects are not followed."""
    if place.protocol == "file":
        return (place,)
    other = replace(place, remote=f"{place.remote}.git")
    return (place, other) if place.is_operators else (other, place)
