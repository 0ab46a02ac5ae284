"""How far the looking up of packages is, for whoever shows it; and what is kept of it between audits."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from oshealth.store.package_cache import PackageCache


@dataclass
class _State:
    done: int = 0
    total: int = 0


_state = _State()


def tell(done: int, total: int) -> None:
    """Take down how many of how many packages are done; of none, where nobody is asked any more."""
    _state.done, _state.total = done, total


def told() -> str:
    """In words; empty while nobody is asked."""
    return f"licences: {_state.done:,} of {_state.total:,}" if _state.total else ""


def package_cache(environment: Mapping[str, str], home: Path) -> PackageCache:
    """Where answers are kept: the folder that OSHEALTH_CACHE names (empty: nowhere), else the user's own for caches."""
    given = environment.get("OSHEALTH_CACHE")
    if given is not None:
        return PackageCache(Path(given) / "packages" if given else None)
    own = home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache"
    named = Path(environment.get("XDG_CACHE_HOME", ""))
    return PackageCache((named if named.is_absolute() else own) / "oshealth" / "packages")
