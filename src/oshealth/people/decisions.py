"""What the user has decided about people: people.toml, read and checked whole."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Decisions:
    """An empty one decides nothing."""

    persons: tuple[dict[str, Any], ...] = ()
