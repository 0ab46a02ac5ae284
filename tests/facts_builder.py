"""Facts from a few lines, for worked examples.

    history = History()
    history.commit("ann", "2024-01-03", adds=["a.py", "b.py"], coauthors=["bob"])
    history.commit("bob", "2024-02-01 09:30", changes=["a.py"], renames={"b.py": "c.py"})
    history.is_bot("robot")
    measured = measure(truck_factor.metric, history.at("2024-06-30"))

A name stands for a person and for the alias of that person. Days without a time mean noon.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any

import polars as pl

from oshealth import facts
from oshealth.derive import Facts, ReadAt, Snapshot, Subject
from oshealth.sources import Codebase

REPOSITORY = "example.org/town/app"
Row = dict[str, Any]
Edits = list[tuple[str, str, str | None]]


def moment(day: str) -> datetime:
    """The moment that a day, or a day and time, stands for."""
    return datetime.fromisoformat(day) if len(day) > 10 else datetime.fromisoformat(f"{day} 12:00")


class History:
    """Repositories that grow commit by commit, on the first-parent line unless told otherwise."""

    def __init__(self, *repositories: str, codebase: Codebase | None = None) -> None:
        self.repositories = repositories or (REPOSITORY,)
        self.codebase = codebase
        self.rows: dict[str, list[Row]] = {name: [] for name in (*facts.TABLES, *facts.PEOPLE, *facts.PACKAGES)}
        self.upstream: set[str] = set()
        self.read_at: dict[str, ReadAt] = {}
        self._tips: dict[str, str] = {}
        self._open: dict[tuple[str, str], Row] = {}

    def commit(
        self,
        author: str,
        day: str,
        *,
        adds: Sequence[str] = (),
        changes: Sequence[str] = (),
        deletes: Sequence[str] = (),
        renames: Mapping[str, str] | None = None,
        coauthors: Sequence[str] = (),
        committed: str | None = None,
        sha: str | None = None,
        repository: str | None = None,
        merges: Sequence[str] = (),
        is_first_parent: bool = True,
        has_valid_date: bool = True,
        is_inherited: bool = False,
    ) -> str:
        """Add one commit and give its SHA. `committed` is when it became known, else when it was written."""
        home, known_at = repository or self.repositories[0], moment(committed or day)
        count = sum(row["repository"] == home for row in self.rows["commit"])
        sha = sha or hashlib.sha1(f"{home}{count}".encode(), usedforsecurity=False).hexdigest()
        self.rows["commit"].append(
            {
                "repository": home,
                "sha": sha,
                "position": count,
                "parents": [*filter(None, [self._tips.get(home)]), *merges],
                "is_first_parent": is_first_parent,
                "author_alias": author,
                "committer_alias": author,
                "coauthor_aliases": list(coauthors),
                "authored_at": moment(day) if has_valid_date else None,
                "committed_at": known_at,
                "known_at": known_at,
            }
        )
        self.upstream |= {sha} if is_inherited else set()
        edits = _edits({"A": adds, "M": changes, "D": deletes}, renames or {})
        return self._place(home, sha, edits, known_at if is_first_parent else None)

    def _place(self, home: str, sha: str, edits: Edits, stands_from: datetime | None) -> str:
        """Put a commit on top of its repository with its changes, and into the tree where it is on the line."""
        self._tips[home] = sha
        for kind, path, old in edits:
            self._change(home, sha, kind, path, old)
            if stands_from is not None:
                self._stand(home, kind, path, old, stands_from)
        return sha

    def merge(self, author: str, day: str, *others: str, repository: str | None = None) -> str:
        """A merge commit, which changes no file."""
        return self.commit(author, day, merges=others or ("0" * 40,), repository=repository)

    def file(self, path: str, from_day: str, until_day: str | None = None, repository: str | None = None) -> None:
        """A file of the tree that no commit here added."""
        self._open_file(repository or self.repositories[0], path, moment(from_day))
        if until_day:
            self._close_file(repository or self.repositories[0], path, moment(until_day))

    def add(self, table: str, **row: Any) -> None:
        """A row of any table; columns left out are null, a repository left out is the first."""
        schema = {**facts.TABLES, **facts.PEOPLE, **facts.PACKAGES}[table]
        given = {"repository": self.repositories[0], **row} if "repository" in schema else row
        self.rows[table].append({name: given.get(name) for name in schema})

    def release(self, version: str, day: str, **row: Any) -> None:
        """A stable version tag, unless told otherwise."""
        tag = {"source": "tag", "name": f"v{version}", "is_prerelease": False, "is_signed": False}
        self.add("release", version=version, released_at=moment(day), **{**tag, **row})

    def document(self, kind: str, path: str, from_day: str, until_day: str | None = None, text: str = "") -> None:
        """A document, with its text."""
        blob = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
        until_at = moment(until_day) if until_day else None
        self.add("document", kind=kind, path=path, blob=blob, from_at=moment(from_day), until_at=until_at)
        self.add("text", blob=blob, size_bytes=len(text.encode()), text=text)

    def dependency(self, purl: str, licence: str | None = None, **row: Any) -> None:
        """A package that a lock file names, direct and at run time unless told otherwise."""
        ecosystem, _, rest = purl.removeprefix("pkg:").partition("/")
        name, _, version = rest.partition("@")
        given = {"ecosystem": ecosystem, "name": name, "resolved_version": version or None, "is_pinned": bool(version)}
        placed = {"path": "package-lock.json", "line": 1, "source": "lock", "state": "ok"}
        needed = {"scope": "runtime", "is_direct": True, "declared_licence": licence}
        self.add("dependency", purl=purl, **{**given, **placed, **needed, **row})

    def released(self, package: str, version: str, day: str, *, is_stable: bool = True) -> None:
        """A version of a package, as a registry dates it."""
        at = moment(day)
        self.add(
            "package_release", package=package, version=version, released_at=at, is_stable=is_stable, fetched_at=at
        )

    def identity(self, alias: str, person: str, kind: str = "person") -> None:
        self.add("identity", alias=alias, person=person, kind=kind)

    def is_bot(self, alias: str) -> None:
        self.identity(alias, alias, "bot")

    def affiliate(self, person: str, organisation: str, since: str | None = None, until: str | None = None) -> None:
        """A stretch of time in which a person works for an organisation."""
        stretch = {"from_at": moment(since) if since else None, "until_at": moment(until) if until else None}
        self.add(
            "affiliation", person=person, organisation=organisation, evidence="declared", confidence=1.0, **stretch
        )

    def organisation(self, organisation: str, kind: str, country: str | None = "DK", **row: Any) -> None:
        self.add("organisation", organisation=organisation, name=organisation, type=kind, country=country, **row)

    def facts(self) -> Facts:
        """Of the one repository, or of a codebase where there are several."""
        kind, name = ("repository", self.repositories[0])
        if len(self.repositories) > 1 or self.codebase:
            kind, name = "codebase", self.codebase.id if self.codebase else "town"
        subject = Subject("codebase" if kind == "codebase" else "repository", name, self.repositories)
        schemas = {**facts.TABLES, **facts.PEOPLE, **facts.PACKAGES}
        frames = {table: pl.DataFrame(rows, schema=schemas[table]) for table, rows in self.rows.items()}
        return Facts(subject, frames, self.codebase, frozenset(self.upstream), read_at=self.read_at)

    def at(self, day: str) -> Snapshot:
        """What was known at the end of a day."""
        return Snapshot(self.facts(), date.fromisoformat(day))

    def _change(self, repository: str, sha: str, kind: str, path: str, old_path: str | None) -> None:
        self.add(
            "change",
            repository=repository,
            sha=sha,
            path=path,
            old_path=old_path,
            kind=kind,
            is_submodule=False,
            added_lines=1,
            deleted_lines=0,
        )

    def _stand(self, repository: str, kind: str, path: str, old_path: str | None, at: datetime) -> None:
        self._close_file(repository, old_path or path, at)
        if kind != "D":
            self._open_file(repository, path, at)

    def _open_file(self, repository: str, path: str, at: datetime) -> None:
        blob = hashlib.sha1(f"{path}{at}".encode(), usedforsecurity=False).hexdigest()
        self.add("file", repository=repository, path=path, blob=blob, is_symlink=False, is_submodule=False, from_at=at)
        self._open[repository, path] = self.rows["file"][-1]

    def _close_file(self, repository: str, path: str, at: datetime) -> None:
        standing = self._open.pop((repository, path), None)
        if standing:
            standing["until_at"] = at


def day_after(day: str, days: int) -> str:
    """The day so many days later."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def _edits(paths: Mapping[str, Sequence[str]], renames: Mapping[str, str]) -> Edits:
    """Kind, path and old path of each change of a commit."""
    plain: Edits = [(kind, path, None) for kind, of in paths.items() for path in of]
    return plain + [("R", new, old) for old, new in renames.items()]


def licensed(text: str = "") -> History:
    """A repository under the EUPL, or as publiccode.yml says."""
    history = History()
    history.commit("ann", "2024-01-01", adds=["LICENSE", "main.py"])
    eupl = (files("oshealth.licences") / "data" / "texts" / "EUPL-1.2.txt").read_text(encoding="utf-8")
    history.document("licence", "LICENSE", "2024-01-01", text=eupl)
    if text:
        history.document("publiccode", "publiccode.yml", "2024-01-01", text=text)
    return history
