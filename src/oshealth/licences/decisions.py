"""licences.toml: what a human has decided about packages, with the reason and the day.

[[package]]
purl = "pkg:npm/left-pad"        # without version: for all of them; "pkg:npm/%40town/*": for all of @town
licence = "MIT"
why = "The repository's LICENSE says so; the package forgot it."
decided_on = 2026-11-23
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from oshealth.licences.expressions import read_licence
from oshealth.toml_mistakes import mistakes_of, said

FILE_NAME = "licences.toml"
_MOST_BYTES = 5_000_000


class LicencesError(Exception):
    """licences.toml is wrong; the message lists every mistake with its line."""


def _expression(text: str) -> str:
    found = read_licence(text).expression
    if found is None:
        raise ValueError('an SPDX expression, such as "MIT" or "LicenseRef-Proprietary"')
    return found


class Decision(BaseModel):
    """One decision."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    purl: Annotated[str, StringConstraints(pattern=r"^pkg:[a-z]+/(?:[^\s*]+|[^\s*]+/\*)$", max_length=500)]
    """Of one version, of a package, or with "/*" of a whole namespace."""
    licence: Annotated[str, AfterValidator(_expression)]
    why: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    decided_on: date


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    package: tuple[Decision, ...] = Field(default=())


@dataclass(frozen=True)
class Decisions:
    """All decisions, by package URL."""

    rows: tuple[Decision, ...] = ()

    def of(self, purl: str) -> Decision | None:
        """The decision for a version, else that for the whole package, else that for all of its namespace."""
        package = purl.rpartition("@")[0] or purl
        namespace = f"{package.rpartition('/')[0]}/*"
        return next((self._by_purl[key] for key in (purl, package, namespace) if key in self._by_purl), None)

    @cached_property
    def _by_purl(self) -> dict[str, Decision]:
        return {row.purl: row for row in self.rows}

    def __bool__(self) -> bool:
        return bool(self.rows)


def read_decisions(folder: Path) -> Decisions:
    """Read licences.toml of a project folder; no decisions where there is none.

    Raises:
        LicencesError: it cannot be read, or says something that is not allowed.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return Decisions()
    try:
        text = path.read_bytes()[:_MOST_BYTES].decode()
        found = _File.model_validate(tomllib.loads(text))
    except ValidationError as error:
        raise LicencesError(said(text, path.name, mistakes_of(error, _File))) from None
    except (OSError, ValueError, RecursionError) as error:
        raise LicencesError(f"{path}: cannot be read: {error}") from None
    return Decisions(_once(found.package, path))


def _once(rows: Sequence[Decision], path: Path) -> tuple[Decision, ...]:
    purls = [row.purl for row in rows]
    if twice := sorted({purl for purl in purls if purls.count(purl) > 1}):
        raise LicencesError(f"{path}: {', '.join(twice)} stands there more than once")
    return tuple(rows)
