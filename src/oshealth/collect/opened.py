"""A repository opened for reading: a mirror, or an overlay on one that lies on this machine."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from oshealth.collect.errors import ChildFailed, ChildTimedOut, ChildTooLarge, CollectError
from oshealth.collect.git_command import Git
from oshealth.collect.refs import Refs
from oshealth.facts import Status

NO_BRANCH = b"refs/heads/unborn/by/oshealth"
"""What HEAD names where a repository has no default branch: git wants it to name one."""


@dataclass(frozen=True)
class Opened:
    """What history, tree and releases are read from. Its refs do not change while it is open."""

    git: Git
    refs: Refs
    status: Status
    detail: str = ""
    """One sentence for people where the status is not "ok"."""

    @property
    def head(self) -> str | None:
        """The commit of the default branch, or of a detached HEAD."""
        return self.refs.head

    @property
    def default_branch(self) -> str | None:
        return self.refs.default_branch

    @property
    def tips(self) -> Mapping[bytes, str]:
        """Branches and tags by their full names."""
        return self.refs.tips

    @property
    def boundary(self) -> frozenset[str]:
        """The commits at which a shallow clone ends."""
        file = self.git.directory / "shallow"
        return frozenset(file.read_text(encoding="ascii", errors="replace").split()) if file.exists() else frozenset()

    @property
    def digest(self) -> str:
        """A digest of HEAD, branches and tags."""
        digest = hashlib.sha256(f"{self.head} {self.default_branch} {self.status}\n".encode())
        for name, tip in sorted(self.tips.items()):
            digest.update(name + b" " + tip.encode() + b"\n")
        return digest.hexdigest()


def make_bare(directory: Path, object_format: str) -> None:
    """Write an empty bare repository, without hooks or templates."""
    directory.mkdir(mode=0o700, exist_ok=True)
    for folder in ("objects/info", "objects/pack", "refs/heads", "refs/tags"):
        (directory / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    is_sha1 = object_format == "sha1"
    extension = "" if is_sha1 else "[extensions]\n\tobjectFormat = sha256\n"
    core = f"[core]\n\trepositoryFormatVersion = {0 if is_sha1 else 1}\n\tbare = true\n"
    (directory / "config").write_text(core + extension)
    write_head(directory, Refs())


def write_refs(directory: Path, refs: Refs) -> None:
    """Let a bare repository that has no refs yet name the same as another."""
    lines = [b"%s %s\n" % (tip.encode(), name) for name, tip in sorted(refs.tips.items())]
    (directory / "packed-refs").write_bytes(b"# pack-refs with: sorted \n" + b"".join(lines))
    write_head(directory, refs)


def write_head(directory: Path, refs: Refs) -> None:
    """Let HEAD name the same branch or commit, in one step; the commit, where its branch is not one of those kept."""
    if refs.head is None:
        content = b"ref: " + NO_BRANCH
    elif refs.head_ref in refs.tips:
        content = b"ref: " + (refs.head_ref or b"")
    else:
        content = refs.head.encode()
    new = directory / "HEAD.new"
    new.write_bytes(content + b"\n")
    new.replace(directory / "HEAD")


def status_of(refs: Refs, git: Git) -> tuple[Status, str]:
    """What can be said of a repository from its refs and its folder alone."""
    if not refs.tips and refs.head is None:
        return "empty", "The repository holds no commit."
    if refs.head is None:
        return "unborn", "The default branch has no commit yet."
    if (git.directory / "shallow").exists():
        return "shallow", "A shallow clone: history before its boundary is not known."
    return "ok", ""


_SIGNS: dict[Status, tuple[str, ...]] = {
    "unreachable": (
        "does not appear to be",
        "does not exist",
        "not found",
        "unable to access",
        "read username",
        "rpc failed",
        "could not resolve",
        "connection",
    ),
    "sha256": ("object format", "repository format"),
    "too_large": ("out of memory", "malloc", "signal 25", "exceeds maximum", "mmap failed"),
    "partial": (
        "missing blob",
        "missing tree",
        "missing commit",
        "missing object",
        "necessary objects",
        "unable to read",
    ),
    "corrupt": (
        *(
            "corrupt",
            "index-pack",
            "unpack",
            "bad object",
            "bad tree",
            "fsck",
            "loose object",
            "inflate",
            "packed-refs",
        ),
        *("could not parse", "unable to parse", "could not read", "invalid object", "not a valid object", "bundle"),
    ),
}
"""Words in git's messages, in the order in which they count."""


def status_of_failure(error: CollectError, otherwise: Status = "corrupt") -> Status:
    """Which status a failed child means for its repository; `otherwise` where git's message tells nothing."""
    if isinstance(error, ChildTimedOut):
        return "timed_out"
    if isinstance(error, ChildTooLarge):
        return "too_large"
    if not isinstance(error, ChildFailed):
        return otherwise
    said = error.stderr.lower()
    return next((status for status, words in _SIGNS.items() if any(word in said for word in words)), otherwise)


def reason_of(error: CollectError) -> str:
    """The first thing that git said of a failure, or the failure itself; for people."""
    if not isinstance(error, ChildFailed):
        return str(error).rstrip(".")
    lines = error.stderr.splitlines() or ["git said nothing"]
    first = next((line for line in lines if line.startswith(("fatal: ", "error: "))), lines[-1])
    return first[:200].removeprefix("fatal: ").removeprefix("error: ").rstrip(".")
