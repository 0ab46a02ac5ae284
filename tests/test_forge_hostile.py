"""Servers that mean harm: whatever they send in the middle of a crawl ends in one sentence, in time, within memory."""

import gzip
import resource
import time
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest

from forge_server import KEY, PLANTED, Fault, ForgeServer, forge_server
from forge_world import large_world, small_world
from git_server import make_certificate
from oshealth.collect.forges.connection import connected
from oshealth.collect.forges.pace import Pace, Patience
from oshealth.collect.forges.reading import ForgeFacts, ForgeRequest, NoPages, read_forge
from oshealth.collect.forges.transport import MOST_BYTES
from oshealth.collect.forges.way import ForgePlace, Way

Kind = Literal["github", "gitlab"]
KINDS: tuple[Kind, ...] = ("github", "gitlab")
MIDDLE = {"github": 3, "gitlab": 5}
"""The number of the request for the second page of issues."""
HASTY = Patience(attempts=2, first_pause_seconds=0.001, read_seconds=1, fault_seconds=1)
MEGABYTE = 1_000_000


@pytest.fixture(params=KINDS)
def server(request: pytest.FixtureRequest) -> Iterator[ForgeServer]:
    with forge_server(request.param, large_world(230)) as started:
        yield started


def crawl(server: ForgeServer, **how: Any) -> ForgeFacts:
    asked = ForgeRequest(server.repository, "town/app", server.now.replace(tzinfo=None))
    return read_forge(server.forge(**how), asked, {}, NoPages())


def reason(found: ForgeFacts) -> str:
    """Why nothing landed; the sentence is one, and bears nothing that the server sent."""
    assert found.error is not None
    text = str(found.error)
    assert text.endswith(".")
    assert ". " not in text
    assert len(text) < 160
    assert PLANTED not in text
    assert not found.frames
    return found.error.reason


def head(*headers: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", "Content-Type: application/json", *headers, "", ""]).encode()


def plainly(sent: bytes, *headers: str) -> Callable[[Any], None]:
    return lambda out: out.write(head(f"Content-Length: {len(sent)}", *headers) + sent)


def endless(begin: bytes, again: bytes, pause_seconds: float = 0.0) -> tuple[Callable[[Any], None], list[int]]:
    """Never ends by itself; and how much was sent."""
    sent = [0]

    def write(out: Any) -> None:
        out.write(begin)
        while sent[0] < 3000 * MEGABYTE:
            out.write(again)
            out.flush()
            sent[0] += len(again)
            time.sleep(pause_seconds)

    return write, sent


def test_gigabytes_are_not_read(server: ForgeServer) -> None:
    write, sent = endless(head("Content-Length: 3000000000") + b'{"data": [', b'"x", ' * 50_000)
    server.fail(MIDDLE[server.kind], Fault(write=write))
    assert reason(crawl(server)) == "too_large"
    assert sent[0] < MOST_BYTES + 20 * MEGABYTE  # what is on its way when the connection ends


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "gzip, gzip": lambda body: gzip.compress(gzip.compress(body)),
}


@cache
def _packed(packing: str) -> bytes:
    return PACKED[packing](b'{"data": "' + b" " * 300 * MEGABYTE + b'"}')


@pytest.mark.parametrize("packing", PACKED)
def test_a_bomb_is_unpacked_no_further_than_the_ceiling(packing: str, server: ForgeServer) -> None:
    packed = _packed(packing)
    assert len(packed) < MEGABYTE
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    server.fail(MIDDLE[server.kind], Fault(write=plainly(packed, f"Content-Encoding: {packing}")))
    assert reason(crawl(server)) == "too_large"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000


@pytest.mark.parametrize("packing", ["br", "zstd", "gzip", "deflate", "x-unknown"])
def test_a_body_that_is_not_packed_as_it_says_is_no_answer(packing: str, server: ForgeServer) -> None:
    server.always = Fault(write=plainly(b"\x1b\x03\x00" * 100, f"Content-Encoding: {packing}"))
    assert reason(crawl(server)) in {"unreachable", "unreadable"}


DRIPPING = {
    "body": head("Content-Length: 100000"),
    "chunks": head("Transfer-Encoding: chunked"),
    "headers": b"HTTP/1.1 200 OK\r\nX-",
}


@pytest.mark.parametrize("part", DRIPPING)
def test_what_drips_is_not_waited_for(part: str, server: ForgeServer) -> None:
    write, _ = endless(DRIPPING[part], b"1", pause_seconds=0.1)
    server.fail(MIDDLE[server.kind], Fault(write=write))
    start = time.monotonic()
    assert reason(crawl(server, patience=HASTY)) == "unreachable"
    assert time.monotonic() - start < 6


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_in_circles_end_after_three(status: int, server: ForgeServer) -> None:
    first, second = "/api/v4/projects/1?a=1", "/api/v4/projects/2"
    number = MIDDLE[server.kind]
    server.fail(number, *(Fault(status, {"Location": [first, second][n % 2]}) for n in range(10)))
    assert reason(crawl(server)) == "redirected"
    assert len(server.asked) == number + 3


ELSEWHERE = (
    "https://127.0.0.1:{other}/",
    "http://localhost:{other}/",
    "//localhost:{other}/",
    "http://127.0.0.1:{other}/",
    "http://127.0.0.1:{own}@localhost:{other}/",
    "http://user:planted-token@localhost:{other}/?private_token=planted-token",
    "ftp://127.0.0.1/",
    "http://[::1/",
    "http://127.0.0.1:99999/",
)


@pytest.mark.parametrize("where", ELSEWHERE)
def test_a_redirect_to_elsewhere_is_refused(where: str, server: ForgeServer) -> None:
    with forge_server(server.kind, small_world()) as other:
        location = where.format(other=other.port, own=server.port)
        server.fail(MIDDLE[server.kind], Fault(301, {"Location": location}))
        assert reason(crawl(server)) == "redirected"
        assert not other.asked


@pytest.mark.filterwarnings("default::ResourceWarning")
@pytest.mark.parametrize("kind", KINDS)
def test_no_redirect_leads_from_https_to_http(kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with (
        forge_server(kind, small_world(), certificate=certificate) as server,
        forge_server(kind, small_world()) as plain,
    ):
        api = f"https://{server.host}" + ("/api/v3" if kind == "github" else "")
        way = Way(api, PLANTED, "OSHEALTH_TEST_TOKEN", Pace(), HASTY)
        server.fail(2, Fault(301, {"Location": f"http://localhost:{plain.port}/"}))
        forge = connected(ForgePlace(kind, server.host, "town/app"), way, server.repository, KEY)
        asked = ForgeRequest(server.repository, "town/app", server.now.replace(tzinfo=None))
        found = read_forge(forge, asked, {}, NoPages())
        assert reason(found) == "redirected"
        assert not plain.asked
        assert PLANTED in "".join(server.heard)


BODIES = {
    "deep": b'{"data": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "a page of HTML": b"<html><body>Welcome to our network. Please log in.</body></html>",
    "nothing": b"",
    "no text": b"\xff\xfe\x00\xd8" * 1000,
    "a long number": b'{"data": ' + b"9" * 100_000 + b"}",
    "null": b"null",
    "a list": b"[1, 2]",
    "data of another kind": b'{"data": [[]]}',
    "errors of another kind": b'{"errors": 7}',
    "an error of another kind": b'{"errors": [[]], "data": null}',
    "no names for errors": b'{"errors": [{"type": {}, "message": [null]}]}',
    "no repository": b'{"data": {"repository": {"all": null, "issues": {"nodes": null}}, "project": {"all": {}}}}',
    "half a letter": b'{"data": {"repository": "\\ud800", "project": "\\ud800"}}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_of_another_shape_is_one_sentence(body: bytes, server: ForgeServer) -> None:
    server.fail(MIDDLE[server.kind], *([Fault(write=plainly(body))] * 20))
    assert reason(crawl(server)) in {"unreadable", "unreachable", "http_502", "http_400"}


UNICORN = b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 21\r\n\r\n<html>Unicorn!</html>"
COMPLEX = "Query has complexity of 303, which exceeds max complexity of 250"
PARTS = {"repository": {"issues": {"nodes": [None]}}, "project": {"issues": None}}
TOO_MUCH: dict[str, tuple[str, int, Fault]] = {
    "complex": ("gitlab", 1, Fault(200, {}, {"errors": [{"message": COMPLEX}]})),
    "timeout": ("github", 4, Fault(200, {}, {"errors": [{"message": "Something went wrong while executing."}]})),
    "resources": (
        "github",
        1,
        Fault(200, {}, {"data": PARTS, "errors": [{"type": "RESOURCE_LIMITS_EXCEEDED", "message": "Too much."}]}),
    ),
    "nodes": ("github", 1, Fault(200, {}, {"errors": [{"type": "MAX_NODE_LIMIT_EXCEEDED", "message": "Too much."}]})),
    "a part": ("gitlab", 4, Fault(200, {}, {"data": PARTS, "errors": [{"message": "Timeout on Project.issues"}]})),
    "no project in time": (
        "gitlab",
        4,
        Fault(200, {}, {"data": {"project": None}, "errors": [{"message": "Timeout on Query.project"}]}),
    ),
    "a gateway's page": ("github", 4, Fault(502, write=lambda out: out.write(UNICORN))),
    "a gateway's page again": ("gitlab", 4, Fault(502, write=lambda out: out.write(UNICORN))),
}


@pytest.mark.parametrize(("kind", "times", "fault"), TOO_MUCH.values(), ids=TOO_MUCH)
def test_a_query_that_is_too_much_is_asked_in_smaller_parts(kind: Kind, times: int, fault: Fault) -> None:
    with forge_server(kind, large_world(230)) as server:
        whole = crawl(server).frames
        count = len(server.asked)
        server.asked.clear()
        server.fail(MIDDLE[kind], *([fault] * times))
        found = crawl(server)
        assert found.error is None
        assert found.frames["issue"].equals(whole["issue"])
        assert len(server.asked) > count + times


SPENT = {
    "of old": {"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 7."},
    "of now": {"type": "RATE_LIMIT", "code": "graphql_rate_limit", "message": "API rate limit already exceeded."},
    "without a type": {"message": "API rate limit already exceeded for installation ID 7."},
}


@pytest.mark.parametrize("error", SPENT.values(), ids=SPENT)
def test_a_limit_told_as_an_error_of_a_query_is_waited_for(error: dict[str, str]) -> None:
    with forge_server("github", large_world(230)) as server:
        whole = crawl(server).frames
        server.fail(MIDDLE["github"], *([Fault(200, {"Retry-After": "0"}, {"errors": [error]})] * 3))
        server.asked.clear()
        assert crawl(server).frames["issue"].equals(whole["issue"])


@pytest.mark.parametrize("path", [["node"], ["repository", "issues", "nodes", 3, "author"]], ids=str)
def test_a_part_that_is_not_found_does_not_make_the_repository_one(path: list[Any]) -> None:
    with forge_server("github", large_world(230)) as server:
        error = {"type": "NOT_FOUND", "path": path, "message": "Could not resolve to a node."}
        server.fail(MIDDLE["github"], Fault(200, {}, {"data": PARTS, "errors": [error]}))
        assert reason(crawl(server)) == "incomplete"


def test_a_gitlab_that_lacks_a_field_is_told_to_be_old() -> None:
    with forge_server("gitlab", small_world()) as server:
        message = "Field 'closedAt' doesn't exist on type 'MergeRequest'"
        server.fail(5, Fault(200, {}, {"errors": [{"message": message, "extensions": {"code": "undefinedField"}}]}))
        found = crawl(server)
        assert reason(found) == "too_old"
        assert "older" in str(found.error)
        assert len(server.asked) == 5


def test_come_again_is_not_obeyed_for_ever(server: ForgeServer) -> None:
    server.fail(MIDDLE[server.kind], *([Fault(202)] * 50))
    assert reason(crawl(server)) == "http_503"
    assert len(server.asked) < 25
