"""Pages of a listing that is not read to its end yet: what a stopped crawl goes on from."""

import json
import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from oshealth.store.ledger import folder_name


class PartialFolder:
    """DATA/facts/+partial/<repository>/<listing>/00001.json …; no login and no text of anybody stands in them."""

    def __init__(self, data: Path, repository: str) -> None:
        self.path = data / "facts" / "+partial" / folder_name(repository)

    def pages(self, listing: str, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """The pages kept, in their order; none where they were asked for in another way."""
        folder = self.path / listing
        if _read(folder / "asked.json") != dict(asked):
            shutil.rmtree(folder, ignore_errors=True)
            return
        for path in sorted(folder.glob("[0-9]*.json")):
            page = _read(path)
            if page is None:
                return
            yield page

    def add(self, listing: str, asked: Mapping[str, Any], number: int, page: Mapping[str, Any]) -> None:
        """Keep a page. A file is there as a whole or not at all."""
        folder = self.path / listing
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / "asked.json", asked)
        _write(folder / f"{number:05}.json", page)

    def clear(self) -> None:
        """Forget all pages: they have landed."""
        shutil.rmtree(self.path, ignore_errors=True)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _write(path: Path, content: Mapping[str, Any]) -> None:
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(content, default=_moment), encoding="utf-8")
    temporary.replace(path)


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be kept")
