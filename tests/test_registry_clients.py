"""Where no file names a registry, the user's own npm and pip tell which one they ask: made-up ones, on PATH."""

import os
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

from facts_builder import moment
from oshealth.collect.packages import look_up
from oshealth.collect.registries.asking import AskLimits
from oshealth.collect.registries.clients import defaults_of
from oshealth.pipeline.auditing.audit import DOWN, Audit, audit
from oshealth.pipeline.collecting.asking import places
from registry_server import RegistryServer, Reply, serving
from repositories import Repo
from test_packages import licences, needs, reasons

NOW = moment("2026-11-23 03:00")
NPM = """\
echo "$@" >> "{folder}/npm.calls"
pwd >> "{folder}/npm.folders"
ls -A >> "{folder}/npm.files"
echo "Now using the npm of the town."
echo {url}/
"""
PIP = """\
echo "$@" >> "{folder}/pip.calls"
cat <<'END'
Package Index Options:
  -i, --index-url <url>       Base URL of the package index (default
                              {url}/simple). This should point to
                              a repository.
  --extra-index-url <url>     Extra URLs of package indexes.
END
"""


def program(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}")
    path.chmod(0o755)


def calls(folder: Path, name: str) -> list[str]:
    path = folder / f"{name}.calls"
    return path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def server() -> Iterator[RegistryServer]:
    with serving() as server:
        yield server


@pytest.fixture
def environment(tmp_path: Path, server: RegistryServer, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """One in which npm and pip are there, and neither is configured."""
    for name, text in (("npm", NPM), ("pip", PIP)):
        program(tmp_path, name, text.format(folder=tmp_path, url=server.url))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.delenv("npm_config_offline")
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("HOME", str(tmp_path))
    return dict(os.environ)


def test_the_clients_tell_the_registry_that_nothing_names(
    tmp_path: Path, server: RegistryServer, environment: Mapping[str, str]
) -> None:
    server.replies["/map/1.0.0"] = Reply({"license": "EUPL-1.2"})
    server.replies["/pypi/town/2.0/json"] = Reply({"info": {"license_expression": "ISC"}})
    there = places(environment, AskLimits(request_seconds=5.0))
    assert there.registries.unnamed == {"npm", "pypi"}
    found = look_up(needs("pkg:npm/map@1.0.0", "pkg:pypi/town@2.0"), {}, there, NOW)
    assert licences(found) == {"pkg:npm/map@1.0.0": ["EUPL-1.2"], "pkg:pypi/town@2.0": ["ISC"]}
    assert calls(tmp_path, "npm") == ["config get registry --global"]
    assert calls(tmp_path, "pip") == ["install --help"]
    # npm ran in a folder of its own, which is gone.
    assert (tmp_path / "npm.files").read_text() == ""
    assert not Path((tmp_path / "npm.folders").read_text().strip()).exists()


def test_a_client_is_asked_only_where_a_package_needs_it(tmp_path: Path, environment: Mapping[str, str]) -> None:
    there = places(environment, AskLimits(request_seconds=5.0))
    look_up(needs("pkg:gem/town@1.0.0", "pkg:deb/debian/chromium"), {}, there, NOW)
    assert calls(tmp_path, "npm") == calls(tmp_path, "pip") == []
    look_up(needs("pkg:npm/map@1.0.0"), {}, there, NOW)
    assert (len(calls(tmp_path, "npm")), calls(tmp_path, "pip")) == (1, [])


def test_what_is_named_is_believed_and_no_client_asked(
    tmp_path: Path, server: RegistryServer, environment: Mapping[str, str]
) -> None:
    server.replies["/own/map/1.0.0"] = Reply({"license": "MIT"})
    there = places({**environment, "npm_config_registry": f"{server.url}/own/"}, AskLimits(request_seconds=5.0))
    assert licences(look_up(needs("pkg:npm/map@1.0.0"), {}, there, NOW)) == {"pkg:npm/map@1.0.0": ["MIT"]}
    assert calls(tmp_path, "npm") == []


@pytest.mark.parametrize("text", ["exit 1", "echo undefined", "echo file:///etc", ""])
def test_a_client_that_names_no_address_gives_no_registry(
    tmp_path: Path, environment: Mapping[str, str], text: str
) -> None:
    for name in ("npm", "pip", "pip3", "python3"):
        program(tmp_path, name, text)
    found = look_up(needs("pkg:npm/map@1.0.0", "pkg:pypi/town@2.0"), {}, places(environment, AskLimits()), NOW)
    assert set(reasons(found).values()) == {"no_registry"}


def test_without_the_clients_there_is_no_registry(tmp_path: Path) -> None:
    assert defaults_of({"npm", "pypi"}, {"PATH": str(tmp_path)}) == {}


def test_another_pip_is_asked_where_the_first_does_not_tell(
    tmp_path: Path, server: RegistryServer, environment: Mapping[str, str]
) -> None:
    program(tmp_path, "pip3", PIP.format(folder=tmp_path, url=server.url))
    program(tmp_path, "pip", "exit 1")
    assert defaults_of({"pypi"}, environment) == {"pypi": f"{server.url}/simple"}


def test_offline_no_client_is_asked(tmp_path: Path, environment: Mapping[str, str]) -> None:
    assert environment
    repo = Repo(tmp_path / "town")
    repo.commit({"package.json": '{"name": "town", "dependencies": {"map": "1.0.0"}}'})
    order = Audit(str(repo.path), date(2024, 6, 30), moment("2024-07-01"), is_offline=True)
    assert any(row["metric"] == DOWN for row in audit(order).measurements)
    assert calls(tmp_path, "npm") == []
    audit(Audit(str(repo.path), date(2024, 6, 30), moment("2024-07-01")))
    assert calls(tmp_path, "npm") == ["config get registry --global"]
