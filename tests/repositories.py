"""Real git repositories for the tests, made by a few lines.

repo = Repo(tmp_path / "product.git")
first = repo.commit({"README.md": "hello"}, author="Ada Dal <ada@town.example>", date=datetime(2024, 1, 1))
repo.commit({"README.md": None, "docs/README.md": "hello"}, coauthors=["Bo Eng <bo@supplier.example>"])
repo.tag("v1.0.0", message="The first")
"""

import os
import subprocess
from calendar import timegm
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

AUTHOR = "Ada Dal <ada@town.example>"
START = datetime(2024, 1, 1, 12)  # noqa: DTZ001 (moments are UTC without a zone)
HISTORIES = Path(os.environ.get("OSHEALTH_SHARED", Path(__file__).parents[1].parent / "shared")) / "histories"


@dataclass(frozen=True)
class Entry:
    """A tree's entry that is no plain file: Entry(b"target", "120000") is a symbolic link."""

    content: bytes
    mode: str


def symlink(target: str) -> Entry:
    return Entry(target.encode(), "120000")


def executable(text: str) -> Entry:
    return Entry(text.encode(), "100755")


def submodule(sha: str = "1" * 40) -> Entry:
    return Entry(sha.encode(), "160000")


Content = str | bytes | Entry | None
"""None takes the path away."""


@dataclass
class Repo:
    """A bare repository. Commits follow one another by a day, from the first of January 2024 at noon."""

    path: Path
    object_format: str = "sha1"
    _next_at: datetime = field(default=START, init=False)

    def __post_init__(self) -> None:
        self.path.mkdir(parents=True)
        self.git("init", "-q", "--bare", "-b", "main", f"--object-format={self.object_format}", ".")

    def commit(
        self,
        files: Mapping[str | bytes, Content] | None = None,
        *,
        author: str | bytes = AUTHOR,
        date: datetime | int | None = None,
        committer: str | bytes | None = None,
        committed: datetime | int | None = None,
        message: str | bytes = "Change something",
        coauthors: Sequence[str] = (),
        branch: str = "main",
        parents: Sequence[str] | None = None,
    ) -> str:
        """Commit changed files on a branch; its parents are the branch as it stands, unless given. The commit's id."""
        at = self._moment(date)
        trailers = "".join(f"\nCo-authored-by: {who}" for who in coauthors).encode()
        text = _bytes(message) + (b"\n" + trailers if trailers else b"")
        lines = [b"commit refs/heads/" + branch.encode()]
        lines.append(b"author %s %d +0000" % (_bytes(author), at))
        lines.append(
            b"committer %s %d +0000" % (_bytes(committer or author), at if committed is None else _seconds(committed))
        )
        lines.append(b"data %d\n%s" % (len(text), text))
        if parents is None:
            parents = self.git("for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}").split()
        if not parents:
            self.git("update-ref", "-d", f"refs/heads/{branch}")
        lines += [(b"merge " if number else b"from ") + parent.encode() for number, parent in enumerate(parents)]
        for path, content in (files or {}).items():
            lines += _entry(_quoted(path), content)
        self.git("fast-import", "--quiet", "--force", "--date-format=raw-permissive", stdin=b"\n".join([*lines, b""]))
        return self.sha(f"refs/heads/{branch}")

    def merge(self, *others: str, files: Mapping[str | bytes, Content] | None = None, branch: str = "main") -> str:
        """Merge commits into a branch; the tree is the branch's own with `files` changed."""
        return self.commit(files, message="Merge", branch=branch, parents=[self.sha(branch), *map(self.sha, others)])

    def tag(self, name: str, target: str = "main", *, message: str | None = None, date: datetime | None = None) -> None:
        """A lightweight tag, or with a message an annotated one; the message may hold a signature."""
        if message is None:
            self.git("update-ref", f"refs/tags/{name}", self.sha(target))
            return
        kind = self.git("cat-file", "-t", target)
        text = f"object {self.git('rev-parse', target)}\ntype {kind}\ntag {name}\n"
        text += f"tagger {AUTHOR} {self._moment(date)} +0000\n\n{message}\n"
        self.git("update-ref", f"refs/tags/{name}", self.git("mktag", "--no-strict", stdin=text.encode()))

    def write_object(self, kind: str, content: bytes) -> str:
        """Write an object that no honest git would make."""
        return self.git("hash-object", "-t", kind, "-w", "--literally", "--stdin", stdin=content)

    def commit_tree(self, entries: bytes) -> str:
        """Commit on main a tree of raw entries that no honest git would write. The commit's id."""
        parents = self.git("for-each-ref", "--format=parent %(objectname)", "refs/heads/main")
        who = f"{AUTHOR} {self._moment(None)} +0000"
        tree = self.write_object("tree", entries)
        text = f"tree {tree}\n{parents}{parents and chr(10)}author {who}\ncommitter {who}\n\nOdd\n"
        self.git("update-ref", "refs/heads/main", self.write_object("commit", text.encode()))
        return self.sha()

    def sha(self, name: str = "main") -> str:
        """The commit that a name stands for."""
        return self.git("rev-parse", "--verify", f"{name}^{{commit}}")

    def git(self, *arguments: str, stdin: bytes = b"") -> str:
        """What a git command in this repository prints."""
        environment = {"PATH": os.environ["PATH"], "GIT_DIR": ".", "GIT_CONFIG_NOSYSTEM": "1", "HOME": "/nonexistent"}
        command = ["git", *arguments]
        done = subprocess.run(command, cwd=self.path, env=environment, input=stdin, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode(errors="replace")
        return done.stdout.decode(errors="surrogateescape").strip()

    def _moment(self, given: datetime | int | None) -> int:
        if given is not None:
            return _seconds(given)
        at, self._next_at = self._next_at, self._next_at + timedelta(days=1)
        return _seconds(at)


def clone_of_history(name: str, folder: Path) -> Path:
    """A bare clone of one of the real histories, "owner/name"; the test is skipped where they are not there."""
    bundle = HISTORIES / name
    if not bundle.exists():
        pytest.skip(f"{bundle} is not there")
    path = folder / f"{name.replace('/', '_')}.git"
    subprocess.run(["git", "clone", "-q", "--mirror", str(bundle), str(path)], check=True, capture_output=True)
    return path


def _seconds(moment: datetime | int) -> int:
    return timegm(moment.timetuple()) if isinstance(moment, datetime) else moment


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _quoted(path: str | bytes) -> bytes:
    return b'"' + b"".join(b"\\%03o" % byte for byte in _bytes(path)) + b'"'


def _entry(path: bytes, content: Content) -> list[bytes]:
    if content is None:
        return [b"D " + path]
    entry = content if isinstance(content, Entry) else Entry(_bytes(content), "100644")
    mode = entry.mode.encode()
    if entry.mode == "160000":
        return [b"M " + mode + b" " + entry.content + b" " + path]
    return [b"M " + mode + b" inline " + path, b"data %d\n%s" % (len(entry.content), entry.content)]
