"""Every test is offline: whoever runs the tests has no registry, their npm and pip neither; deps.dev is not asked.

Nothing is kept between audits either, but where a test says so.
"""

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def _offline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    nothing = str(tmp_path_factory.mktemp("offline") / "npmrc")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OSHEALTH_DEPS_DEV", "")
        patch.setenv("OSHEALTH_CACHE", "")
        patch.setenv("PIP_CONFIG_FILE", "/dev/null")
        for name in (
            "PIP_INDEX_URL",
            "PIP_EXTRA_INDEX_URL",
            "NPM_CONFIG_REGISTRY",
            "npm_config_registry",
            "OSHEALTH_KEY",
        ):
            patch.delenv(name, raising=False)
        for name in ("npm_config_userconfig", "npm_config_globalconfig"):
            patch.setenv(name, nothing)
        # Else the clients themselves would be asked which registry is theirs.
        patch.setenv("npm_config_offline", "true")
        patch.setenv("PIP_NO_INDEX", "1")
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slowest tests start first: one that starts last is waited for by all processors but its own."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
