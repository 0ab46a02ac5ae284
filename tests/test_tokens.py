"""Tokens stay in: a planted one is looked for in everything that is written, said or started."""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from forge_line import Line, forge_line
from forge_server import INSTALLATION, KEY, PLANTED, QUICK, Fault, forge_server
from forge_world import small_world
from oshealth.collect.forges.answers import ForgeError
from oshealth.collect.forges.connection import connected
from oshealth.collect.forges.pace import Pace, Patience
from oshealth.collect.forges.reading import ForgeFacts, ForgeRequest, NoPages, read_forge
from oshealth.collect.forges.way import App, ForgePlace, Way, forge_at, way_to
from oshealth.sources import Host
from test_command_line import oshealth

pytestmark = pytest.mark.filterwarnings("default::ResourceWarning")


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    with forge_line(tmp_path, monkeypatch) as made:
        yield made


def forge_details(line: Line) -> list[str]:
    return [outcome.detail for outcome in line.run() if outcome.stage == "forge"]


def test_a_planted_token_stands_nowhere(
    line: Line, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with arguments_of_all_processes() as arguments:
        forge_details(line)
        echo = {"message": f"Bad credentials {PLANTED}-github, {PLANTED}-gitlab"}
        elsewhere = {"Location": f"https://user:{PLANTED}@elsewhere.example/?private_token={PLANTED}"}
        faults = (Fault(401, {}, echo), Fault(403, {}, echo), Fault(301, elsewhere))
        said = []
        for fault in faults:
            for server in line.servers:
                server.always = fault
            said += [outcome.detail for outcome in line.ask()]
        said += forge_details(line)
    variable = f"OSHEALTH_TOKEN_LOCALHOST_{line.servers[0].port}"
    assert f"The forge does not accept the token in {variable}: make a new one, or remove the variable." in said
    assert all(any(PLANTED in heard for heard in server.heard) for server in line.servers)
    everything = ["".join(capfd.readouterr()), *said, *(record.getMessage() for record in caplog.records), *arguments]
    assert not [text for text in everything if PLANTED in text]
    assert len(arguments) > 3
    written = [path for path in line.path.rglob("*") if path.is_file() and "origin" not in path.parts]
    assert {".parquet", ".json", ".duckdb", ".html"} <= {path.suffix for path in written}
    assert not [path for path in written if PLANTED.encode() in path.read_bytes()]


@contextmanager
def arguments_of_all_processes() -> Iterator[set[str]]:
    """The arguments of every process that runs meanwhile, as seen many times a second."""
    found: set[str] = set()
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.01):
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    found.add(path.read_bytes().decode(errors="replace"))
                except OSError:
                    continue

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


def test_what_a_server_repeats_of_a_token_does_not_land(line: Line) -> None:
    for server in line.servers:
        token = f"{PLANTED}-{server.kind}"
        server.world.change(1, labels=(f"it is {token}",))
        server.world.releases = ((token, 3.0),)
    forge_details(line)
    assert line.rows("select distinct labels from issue where number = 1") == [(["it is ***"],)]
    written = [path for path in line.path.rglob("*") if path.is_file() and "origin" not in path.parts]
    assert not [path for path in written if PLANTED.encode() in path.read_bytes()]


def test_git_is_started_without_tokens(line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = next(Path(folder) / "git" for folder in os.environ["PATH"].split(":") if (Path(folder) / "git").exists())
    own = tmp_path / "bin" / "git"
    own.parent.mkdir()
    own.write_text(f'#!/bin/sh\nenv >> {tmp_path}/seen\nexec {real} "$@"\n')
    own.chmod(0o755)
    monkeypatch.setenv("PATH", f"{own.parent}:{os.environ['PATH']}")
    line.crawl()
    seen = (tmp_path / "seen").read_text()
    assert "PATH=" in seen
    assert PLANTED not in seen


def app_way(api: str, pace: Pace, **values: Any) -> Way:
    key = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    app = App(**{"id": "11", "installation": INSTALLATION, "key": key.decode(), **values})
    return Way(api, None, "OSHEALTH_GITHUB_APP_KEY", pace, QUICK, app)


def read_as_app(way: Way, now: Any) -> ForgeFacts:
    forge = connected(ForgePlace("github", "github.com", "town/app"), way, "github.com/town/app", KEY)
    return read_forge(forge, ForgeRequest("github.com/town/app", "town/app", now), {}, NoPages())


def test_an_app_is_known_by_a_token_of_its_own(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with forge_server("github", small_world()) as server:
        way = app_way(server.api, Pace())
        found = read_as_app(way, server.now.replace(tzinfo=None))
        assert found.error is None
        assert server.asked[0].endswith(f"/app/installations/{INSTALLATION}/access_tokens")
        assert "Authorization: Bearer ey" in server.heard[0]  # the signed proof that it is the App, and only there
        assert not any("Bearer ey" in heard for heard in server.heard[1:])
        assert all(f"{PLANTED}-app" in heard for heard in server.heard[1:])
    secrets = (f"{PLANTED}-app", "PRIVATE KEY", server.heard[0].partition("Bearer ")[2].split()[0])
    tables = "".join(frame.write_json() for frame in found.frames.values())
    logged = "".join(record.getMessage() for record in caplog.records)
    assert not [secret for secret in secrets if secret in tables + logged + repr(way) + repr(found)]


@pytest.mark.parametrize("fault", [Fault(401), Fault(403), Fault(404)], ids=lambda fault: str(fault.status))
def test_an_app_that_gets_no_token_names_its_variables(fault: Fault) -> None:
    with forge_server("github", small_world()) as server:
        server.always = fault
        found = read_as_app(app_way(server.api, Pace()), server.now.replace(tzinfo=None))
        names = "OSHEALTH_GITHUB_APP_ID, OSHEALTH_GITHUB_APP_INSTALLATION, OSHEALTH_GITHUB_APP_KEY"
        assert str(found.error) == f"The forge gives the App no token: check {names}."
        assert not found.frames  # the repository is not taken for missing or blocked


def test_a_key_that_is_none_is_not_repeated() -> None:
    key = f"-----BEGIN PRIVATE KEY-----\n{PLANTED}\n-----END PRIVATE KEY-----"
    with forge_server("github", small_world()) as server:
        with pytest.raises(ForgeError, match="OSHEALTH_GITHUB_APP_KEY holds no private key that can be read"):
            read_as_app(app_way(server.api, Pace(), key=key), server.now.replace(tzinfo=None))
        assert not server.asked


WITH_PASSWORDS = tuple(
    url.format(PLANTED)
    for url in (
        "http://ann:{}@git.town.example/a/b",
        "https://{}@git.town.example/a/b",
        "https://ann:x/{}@y@git.example/a",
    )
)


def test_a_password_in_sources_toml_is_refused_and_not_repeated(tmp_path: Path) -> None:
    repositories = "".join(f'[[codebase.repository]]\nurl = "{url}"\n' for url in WITH_PASSWORDS)
    host = f'[[host]]\nname = "ann:{PLANTED}@git.town.example"\n'
    codebase = '[[codebase]]\nid = "app"\nname = "App"\nstewards = ["town"]\n'
    (tmp_path / "sources.toml").write_text(host + codebase + repositories)
    done = oshealth("run", folder=tmp_path)
    assert (done.returncode, done.stderr.count("***@")) == (2, 4)
    assert PLANTED not in done.stdout + done.stderr
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["sources.toml"]


@pytest.mark.parametrize("url", WITH_PASSWORDS)
def test_a_password_in_an_address_is_refused_and_not_repeated(url: str, tmp_path: Path) -> None:
    for command in (("audit", url), ("audit", "https://a.example/b", "--mirror", f"https://a.example/={url}")):
        done = oshealth(*command, folder=tmp_path)
        assert (done.returncode, done.stderr.count("***@")) == (2, 1)
        assert PLANTED not in done.stdout + done.stderr


def test_a_token_belongs_to_its_host() -> None:
    environment = {"GITHUB_TOKEN": "hub", "OSHEALTH_GITLAB_TOKEN": "lab", "OSHEALTH_TOKEN_GIT_TOWN_EXAMPLE": "own"}
    hosts = (Host(name="git.town.example", forge="gitlab"), Host(name="code.town.example", forge="github"))
    urls = ("github.com/a/b", "gitlab.com/a/b/c", "git.town.example/a/b", "code.town.example/a/b")
    ways = []
    for url in urls:
        place = forge_at(f"https://{url}", hosts)
        assert place is not None
        ways.append(way_to(place, environment, Pace(), Patience()))
    assert [way.token for way in ways] == ["hub", "lab", "own", None]
    assert [way.api for way in ways] == [
        "https://api.github.com",
        "https://gitlab.com",
        "https://git.town.example",
        "https://code.town.example/api/v3",
    ]
    assert not any(token in repr(ways) for token in ("'hub'", "'lab'", "'own'"))
    assert forge_at("https://elsewhere.example/a/b", hosts) is None


def test_an_app_needs_all_three_variables() -> None:
    place = forge_at("https://github.com/a/b")
    assert place is not None
    app = {"OSHEALTH_GITHUB_APP_ID": "1", "OSHEALTH_GITHUB_APP_INSTALLATION": "2"}
    with pytest.raises(ForgeError, match="all three"):
        way_to(place, app, Pace(), Patience())
    key = {"OSHEALTH_GITHUB_APP_KEY": "-----BEGIN PRIVATE KEY-----"}
    assert way_to(place, {**app, **key}, Pace(), Patience()).is_known
