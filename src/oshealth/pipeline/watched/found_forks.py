"""Forks that nobody declared: which of those that a forge names are compared, and how that went the last time."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import polars as pl
from pydantic import ValidationError

from oshealth.sources import Codebase, Repository, Sources, repository_id

End = Literal["own", "same", "unrelated", "gone", "unreachable", "refused"]
"""Has commits of its own; has none; shares none; is not there or not public; did not answer; may not be asked."""
LOOKED_AT_PER_WANTED = 3
"""Forks that only follow their upstream are passed over, so that those with something of their own are found."""
_OVERLAP = timedelta(days=1)
"""A forge tells of a push late, GitLab by up to an hour."""
_LOOK_AGAIN = timedelta(days=7)
"""A forge may tell of no push at all, where the upstream itself is as it was."""


@dataclass(frozen=True)
class Found:
    """A fork that was looked at."""

    url: str
    looked_at: datetime
    pushed_at: datetime | None
    end: End
    head: str | None = None
    upstream_head: str | None = None
    """The heads that were compared."""

    def is_due(self, pushed_at: datetime | None, now: datetime) -> bool:
        """Whether it may have changed since, so that it is asked for."""
        is_quiet = pushed_at is not None and pushed_at == self.pushed_at and pushed_at < self.looked_at - _OVERLAP
        return self.end in {"gone", "unreachable"} or not is_quiet or now - self.looked_at > _LOOK_AGAIN


def candidates(url: str, forks: pl.DataFrame, watched: Iterable[str]) -> list[tuple[str, datetime | None]]:
    """Addresses of forks that changed since they were made, with their last push, the latest first.

    `forks` are rows of `facts.FORK`. Forks on another host than their upstream are none, nor those watched already.
    """
    taken = {name.lower() for name in (repository_id(url), *watched)}
    live = forks.filter((pl.col("pushed_at") > pl.col("created_at")) | pl.col("created_at").is_null())
    ordered = live.sort("pushed_at", "fork", descending=[True, False], nulls_last=True)
    rows = ordered.unique("fork", keep="first", maintain_order=True).select("fork", "pushed_at").iter_rows()
    found = ((_address(url, fork), pushed_at) for fork, pushed_at in rows if fork.lower() not in taken)
    return [(address, pushed_at) for address, pushed_at in found if address]


def _address(upstream: str, fork: str) -> str | None:
    """A fork's address, with its upstream's port; none on another host, or of a shape that no repository has."""
    parts = urlsplit(upstream)
    host, _, path = fork.partition("/")
    if host != (parts.hostname or "").lower():
        return None
    try:
        return Repository(url=f"https://{parts.netloc}/{path}").url
    except ValidationError:
        return None


def kept_forks(data: Path, url: str) -> dict[str, Found]:
    """The forks of a repository that were looked at the last time, by address, in their order."""
    try:
        found = [_found(row) for row in json.loads(_file(data, url).read_bytes())["forks"]]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {one.url: one for one in found}


def keep_forks(data: Path, url: str, found: Sequence[Found]) -> None:
    """Keep which forks of a repository were looked at."""
    path = _file(data, url)
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [{**asdict(one), "looked_at": one.looked_at.isoformat(), "pushed_at": _text(one.pushed_at)} for one in found]
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps({"url": url, "forks": rows}, indent=1), encoding="utf-8")
    temporary.replace(path)


def with_forks(sources: Sources, data: Path) -> Sources:
    """The same with the forks that were compared though nobody declared them."""
    if not any(codebase.forks_wanted(r) for codebase in sources.codebase for r in codebase.repository):
        return sources
    watched = watched_ids(sources)
    codebases = [codebase.with_found_forks(_compared(codebase, data, watched)) for codebase in sources.codebase]
    return sources.model_copy(update={"codebase": tuple(codebases)})


def watched_ids(sources: Sources) -> set[str]:
    """What the file itself names, in small letters."""
    return {repository_id(url).lower() for r in sources.repositories for url in (r.url, *r.former)}


def _compared(codebase: Codebase, data: Path, watched: set[str]) -> Iterator[Repository]:
    for upstream in codebase.repository:
        wanted = codebase.forks_wanted(upstream)
        own = [one for one in kept_forks(data, upstream.url).values() if one.end == "own"] if wanted else []
        for one in own[:wanted]:
            if repository_id(one.url).lower() not in watched:
                watched.add(repository_id(one.url).lower())
                yield Repository(url=one.url, fork_of=upstream.url)


def shared_commits(own: pl.DataFrame, head: str | None, upstream: pl.DataFrame) -> pl.DataFrame:
    """The upstream's commits that a fork has too: what its head and the parents of its own commits reach."""
    parents = dict(upstream.select("sha", "parents").iter_rows())
    waiting = [*([head] if head else []), *own["parents"].explode().drop_nulls()]
    seen: set[str] = set()
    while waiting:
        sha = waiting.pop()
        if sha in parents and sha not in seen:
            seen.add(sha)
            waiting += parents[sha]
    return upstream.join(pl.DataFrame({"sha": list(seen)}, schema={"sha": pl.String}), on="sha", how="semi")


def _found(row: dict[str, str]) -> Found:
    pushed_at = datetime.fromisoformat(row["pushed_at"]) if row["pushed_at"] else None
    times = {"looked_at": datetime.fromisoformat(row["looked_at"]), "pushed_at": pushed_at}
    return Found(**{**row, "url": Repository(url=row["url"]).url, **times})  # type: ignore[arg-type]


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _file(data: Path, url: str) -> Path:
    return data / "facts" / "+forks" / f"{hashlib.sha256(url.encode()).hexdigest()[:32]}.json"
