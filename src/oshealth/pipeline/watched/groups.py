"""Groups and organisations of forges: which repositories they had when their forge last told."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from oshealth.sources import Codebase, Group, Repository, Sources, repository_id


def keep_group(data: Path, url: str, repositories: Sequence[str]) -> bool:
    """Keep a group's repositories; whether they are others than before."""
    path = _file(data, url)
    if _kept(data, url) == list(repositories):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps({"url": url, "repositories": list(repositories)}, indent=1), encoding="utf-8")
    temporary.replace(path)
    return True


def with_groups(sources: Sources, data: Path) -> Sources:
    """The same with the repositories that its groups stand for; what the file itself names stays as it is."""
    if not any(codebase.group for codebase in sources.codebase):
        return sources
    named = {repository_id(url).lower() for r in sources.repositories for url in (r.url, *r.former)}
    codebases = tuple(
        codebase.model_copy(update={"repository": (*codebase.repository, *_found(codebase, data, named))})
        for codebase in sources.codebase
    )
    return sources.model_copy(update={"codebase": codebases})


def _found(codebase: Codebase, data: Path, named: set[str]) -> Iterator[Repository]:
    for group in codebase.group:
        for url in _kept(data, group.url):
            if group.holds(url) and repository_id(url).lower() not in named:
                named.add(repository_id(url).lower())
                yield from _repository(group, url)


def _repository(group: Group, url: str) -> Iterator[Repository]:
    """One that lies below the group and has an address as it must be."""
    if repository_id(url).lower().startswith(f"{repository_id(group.url).lower()}/"):
        try:
            yield Repository(url=url)
        except ValidationError:
            return


def _kept(data: Path, url: str) -> list[str]:
    try:
        found = json.loads(_file(data, url).read_bytes())["repositories"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [str(each) for each in found] if isinstance(found, list) else []


def _file(data: Path, url: str) -> Path:
    return data / "facts" / "+groups" / f"{hashlib.sha256(url.encode()).hexdigest()[:32]}.json"
