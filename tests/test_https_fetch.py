"""Fetching over https from a real server, also from one that misbehaves."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from git_server import GitServer, git_server, make_certificate
from oshealth.collect.child import Limits
from oshealth.collect.mirror import refresh
from oshealth.collect.opened import Opened
from repositories import Repo

LIMITS = Limits(seconds=30)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def server(tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitServer]:
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_SSL_CAINFO", str(certificate))
    with git_server(tmp_path / "remote", certificate) as running:
        yield running


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo(tmp_path / "remote" / "town" / "product.git")
    made.commit({"README.md": "one\n" * 5000})
    made.tag("v1", message="One")
    return made


def fetched(server: GitServer, folder: Path, limits: Limits = LIMITS) -> Opened:
    return refresh(server.url("town/product"), folder / "mirrors", limits, hosts=(server.host,))


def test_a_repository_is_fetched_and_then_only_asked_for_news(server: GitServer, repo: Repo, tmp_path: Path) -> None:
    opened = fetched(server, tmp_path)
    assert (opened.status, opened.head, opened.default_branch) == ("ok", repo.sha(), "main")
    assert list(opened.tips) == [b"refs/heads/main", b"refs/tags/v1"]
    server.asked.clear()
    assert fetched(server, tmp_path).status == "ok"
    assert len(server.asked) == 2  # what the server can do, and its refs


def test_both_spellings_of_an_address_are_tried(server: GitServer, repo: Repo, tmp_path: Path) -> None:
    repo.path.rename(repo.path.with_name("product"))
    assert fetched(server, tmp_path).status == "ok"


def test_a_redirect_is_not_followed_and_called_a_move(server: GitServer, repo: Repo, tmp_path: Path) -> None:
    fetched(server, tmp_path)
    server.behave("town/product", "moved")
    server.behave("town/product.git", "moved")
    opened = fetched(server, tmp_path)
    assert (opened.status, opened.head) == ("unreachable", repo.sha())
    assert "has moved" in opened.detail
    assert not [path for path in server.asked if "elsewhere" in path]


def test_a_server_that_asks_for_a_password_gets_none(server: GitServer, tmp_path: Path) -> None:
    server.behave("town/product", "refusing")
    server.behave("town/product.git", "refusing")
    assert fetched(server, tmp_path).status == "unreachable"


def test_a_repository_that_is_not_there_is_unreachable(server: GitServer, tmp_path: Path) -> None:
    opened = fetched(server, tmp_path)
    assert opened.status == "unreachable"
    assert "localhost" in opened.detail


def test_a_fetch_cut_short_leaves_the_mirror_as_it_was(server: GitServer, repo: Repo, tmp_path: Path) -> None:
    before = fetched(server, tmp_path).head
    repo.commit({"README.md": "two\n" * 5000})
    server.behave("town/product.git", "cut")
    opened = fetched(server, tmp_path)
    assert (opened.status, opened.head) == ("unreachable", before)
    assert opened.git.run("rev-list", "--count", "HEAD") == b"1\n"
    server.behave("town/product.git", "well")
    assert fetched(server, tmp_path).head == repo.sha()


def test_a_server_that_never_ends_is_left_in_time(server: GitServer, tmp_path: Path) -> None:
    server.behave("town/product.git", "endless")
    started = time.monotonic()
    assert fetched(server, tmp_path, Limits(seconds=1)).status == "timed_out"
    assert time.monotonic() - started < 5


def test_a_certificate_that_nobody_vouches_for_is_refused(
    server: GitServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GIT_SSL_CAINFO")
    opened = fetched(server, tmp_path)
    assert (opened.status, opened.head) == ("unreachable", None)
    assert "certificate" in opened.detail
