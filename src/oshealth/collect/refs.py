"""A repository's branches, tags and HEAD, read from its files or from what a server lists; never by its own git.

Names are bytes: git allows any encoding in them.
"""

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ID = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_FORBIDDEN = re.compile(rb"[\x00-\x20~^:?*\[\\\x7f]|\.\.|@\{|//|/$|\.$|(?:^|/)\.|\.lock(?:/|$)")
_LOOSE_BYTES = 4096
_PACKED_BYTES = 1 << 28
_MAXIMUM_DEPTH = 32
_MAXIMUM_LINKS = 5
_BUNDLE = re.compile(rb"# v[23] git bundle\n")
_BUNDLE_BYTES = (1 << 18, 1 << 26)
_KEPT = (b"refs/heads/", b"refs/tags/")
_USUAL_BRANCHES = (b"refs/heads/main", b"refs/heads/master", b"refs/heads/develop", b"refs/heads/trunk")


@dataclass(frozen=True)
class Refs:
    """Branches and tags with the objects that they name, and what HEAD stands for."""

    tips: Mapping[bytes, str] = field(default_factory=dict)
    """Full names, "refs/heads/…" and "refs/tags/…" only, in their order."""
    head: str | None = None
    """The commit of HEAD; None where there is none yet."""
    head_ref: bytes | None = None
    """The branch that HEAD names; None where it names a commit itself."""

    @property
    def object_format(self) -> str:
        is_long = any(len(tip) == 64 for tip in (*self.tips.values(), self.head or ""))
        return "sha256" if is_long else "sha1"

    @property
    def default_branch(self) -> str | None:
        """Its short name, bytes that are not UTF-8 escaped; None without a commit, or where HEAD is detached."""
        if self.head is None or self.head_ref is None or not self.head_ref.startswith(b"refs/heads/"):
            return None
        return self.head_ref.removeprefix(b"refs/heads/").decode(errors="backslashreplace")


def read_refs(git_directory: Path, common_directory: Path) -> Refs:
    """Read what stands in a repository's folder: HEAD, loose refs and packed-refs."""
    loose = dict(_loose(common_directory))
    raw = {**_packed(common_directory), **{name: value for name, value in loose.items() if is_ref_name(name)}}
    tips = {name: tip for name in sorted(raw) if name.startswith(_KEPT) and (tip := _resolve(raw[name], raw))}
    return _with_head(tips, _read_head(git_directory), raw)


def advertised_refs(listing: bytes) -> Refs:
    """What `git ls-remote --symref` printed; branches and tags alone are kept of it."""
    raw: dict[bytes, bytes] = {}
    symbolic: bytes | None = None
    for line in listing.splitlines():
        value, _, name = line.partition(b"\t")
        if name == b"HEAD" and value.startswith(b"ref: "):
            symbolic = value
        elif ID.fullmatch(value) and (name == b"HEAD" or is_ref_name(name)):
            raw[name] = value
    tips = {name: raw[name].decode() for name in sorted(raw) if name.startswith(_KEPT)}
    return _with_head(tips, symbolic or _guess(raw.get(b"HEAD"), tips), raw)


def is_ref_name(name: bytes) -> bool:
    """Whether git takes it for the full name of a ref."""
    return name.startswith(b"refs/") and not _FORBIDDEN.search(name) and len(name) <= _LOOSE_BYTES


def read_small(path: Path | bytes, maximum_bytes: int = _LOOSE_BYTES) -> bytes:
    """The beginning of a regular file; nothing of what is none, so that no pipe or device holds us up."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):
        return b""
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return b""
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(maximum_bytes)
    except OSError:
        return b""
    finally:
        os.close(descriptor)


def is_bundle(path: Path) -> bool:
    """Whether a file is a bundle of git's."""
    return bool(_BUNDLE.match(read_small(path, 64)))


def bundle_refs(path: Path) -> Refs:
    """The refs of a bundle, from its header: git itself would read that byte by byte."""
    for size in _BUNDLE_BYTES:
        header, end, _ = read_small(path, size).partition(b"\n\n")
        if end:
            return _with_a_head(advertised_refs(header.replace(b" ", b"\t")))
    return Refs()


def _with_a_head(refs: Refs) -> Refs:
    """A bundle made of branches alone has no HEAD: the usual branch stands in for it, or the only one."""
    branches = [name for name in refs.tips if name.startswith(b"refs/heads/")]
    chosen = [name for name in _USUAL_BRANCHES if name in branches] or branches[: len(branches) == 1]
    return refs if refs.head or not chosen else Refs(refs.tips, refs.tips[chosen[0]], chosen[0])


def _guess(head: bytes | None, tips: Mapping[bytes, str]) -> bytes | None:
    """The branch that stands where HEAD does, for servers and bundles that do not name it."""
    if head is None:
        return None
    same = [name for name, tip in tips.items() if tip == head.decode() and name.startswith(b"refs/heads/")]
    usual = [name for name in _USUAL_BRANCHES if name in same]
    return b"ref: " + (usual or same)[0] if same else head


def _with_head(tips: Mapping[bytes, str], head: bytes | None, raw: Mapping[bytes, bytes]) -> Refs:
    if head is None:
        return Refs(tips)
    name = _target(head)
    if name is None:
        return Refs(tips, _resolve(head, raw))
    return Refs(tips, _resolve(raw[name], raw) if name in raw else None, name)


def _target(value: bytes) -> bytes | None:
    """The ref that a symbolic one names."""
    name = value.removeprefix(b"ref:").strip()
    return name if value.startswith(b"ref:") and is_ref_name(name) else None


def _resolve(value: bytes, raw: Mapping[bytes, bytes]) -> str | None:
    for _ in range(_MAXIMUM_LINKS):
        name = _target(value)
        if name is None:
            break
        value = raw.get(name, b"")
    return value.decode() if ID.fullmatch(value) and value.strip(b"0") else None


def _read_head(directory: Path) -> bytes | None:
    head = directory / "HEAD"
    if head.is_symlink():
        # The oldest way to write a symbolic HEAD.
        return b"ref: " + os.fsencode(head.readlink())
    return read_small(head).strip() or None


def _loose(directory: Path) -> Iterator[tuple[bytes, bytes]]:
    base = os.fsencode(directory)
    pending = [b"refs"]
    while pending:
        folder = pending.pop()
        try:
            entries = list(os.scandir(os.path.join(base, folder)))  # noqa: PTH118 - names are bytes
        except OSError:
            continue
        for entry in entries:
            name = folder + b"/" + entry.name
            if entry.is_dir(follow_symlinks=False):
                if name.count(b"/") < _MAXIMUM_DEPTH:
                    pending.append(name)
            elif not name.endswith(b".lock"):
                yield name, read_small(entry.path).strip()


def _packed(directory: Path) -> dict[bytes, bytes]:
    lines = read_small(directory / "packed-refs", _PACKED_BYTES).splitlines()
    pairs = (line.partition(b" ") for line in lines if not line.startswith((b"#", b"^")))
    return {name: value for value, _, name in pairs if ID.fullmatch(value) and is_ref_name(name)}
