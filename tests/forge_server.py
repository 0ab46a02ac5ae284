"""A forge on loopback, GitHub or GitLab, that plays a world, with faults by a script.

with forge_server("github", small_world()) as server: server.fail(3, Fault(502)); forge = server.forge("a token")
"""

import json
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from forge_replies import hub_by_graphql, hub_by_rest, lab_by_graphql, lab_by_rest
from forge_world import World, at
from oshealth.collect.forges.answers import Forge
from oshealth.collect.forges.connection import connected
from oshealth.collect.forges.pace import Pace, Patience
from oshealth.collect.forges.way import ForgePlace, Way

HOSTS = {"github": "github.com", "gitlab": "gitlab.com"}
NOW = at(24 * 200)
KEY = b"k" * 32
PLANTED = "planted-token"
INSTALLATION = 22
QUICK = Patience(attempts=4, first_pause_seconds=0.001, longest_pause_seconds=0.002, limit_seconds=30)


@dataclass(frozen=True)
class Fault:
    """What is answered in place of the truth; status 0: the connection is cut, half a body: it is cut short."""

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    is_half: bool = False
    write: Callable[[Any], None] | None = None
    """Writes all that is sent, the headers too."""


@dataclass
class ForgeServer:
    """Where it listens, what it was asked, and what goes wrong."""

    kind: Literal["github", "gitlab"]
    world: World
    port: int = 0
    latency_seconds: float = 0.0
    faults: dict[int, list[Fault]] = field(default_factory=dict)
    always: Fault | None = None
    refused: str | None = None
    """The GraphQL query that the token may not ask."""
    asked: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    """All headers that were sent, for a search of tokens."""
    now: datetime = NOW
    most_at_once: int = 0
    at_once: int = 0
    cache: dict[tuple[str, Any], Any] = field(default_factory=dict)
    """What was said on an item, made once: it may be much."""
    lock: threading.Lock = field(default_factory=threading.Lock)
    is_secure: bool = False
    group: tuple[str, ...] = ()
    """The repositories of the owner."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def api(self) -> str:
        return f"{self.url}/api/v3" if self.kind == "github" else self.url

    @property
    def host(self) -> str:
        """The host that it plays: itself where it can be reached by https."""
        return f"localhost:{self.port}" if self.is_secure else HOSTS[self.kind]

    @property
    def repository(self) -> str:
        return f"{self.host}/town/app"

    def fail(self, number: int, *faults: Fault) -> None:
        """Play faults from the request of that number on; the first is 1."""
        for offset, fault in enumerate(faults):
            self.faults.setdefault(number + offset, []).append(fault)

    def forge(self, token: str | None = PLANTED, pace: Pace | None = None, patience: Patience = QUICK) -> Forge:
        way = Way(self.api, token, "OSHEALTH_TEST_TOKEN", pace or Pace(), patience)
        return connected(ForgePlace(self.kind, self.host, "town/app"), way, self.repository, KEY)


@contextmanager
def forge_server(
    kind: Literal["github", "gitlab"], world: World, latency_seconds: float = 0.0, certificate: Path | None = None
) -> Iterator[ForgeServer]:
    """Serve a world; with a certificate by https, as a forge of one's own."""
    web = _Web(("127.0.0.1", 0), _Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        web.socket = context.wrap_socket(web.socket, server_side=True)
    web.state = ForgeServer(kind, world, web.server_port, latency_seconds, is_secure=certificate is not None)
    thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield web.state
    finally:
        web.shutdown()
        web.server_close()
        thread.join()


class _Web(ThreadingHTTPServer):
    state: ForgeServer
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that go away are what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: _Web
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._play(b"")

    def do_POST(self) -> None:
        self._play(self.rfile.read(int(self.headers.get("Content-Length", "0"))))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name is the base class's)
        pass

    def _play(self, sent: bytes) -> None:
        state = self.server.state
        with state.lock:
            state.asked.append(self.path)
            state.heard.append(str(self.headers))
            number = len(state.asked)
            state.at_once += 1
            state.most_at_once = max(state.most_at_once, state.at_once)
        time.sleep(state.latency_seconds)
        with state.lock:
            state.at_once -= 1
        fault = next(iter(state.faults.get(number, ())), state.always)
        if fault and not fault.is_half:
            self._fault(fault)
            return
        body, headers = self._truth(json.loads(sent) if sent else None)
        self._send(200 if body is not None else int(headers.pop("status", "404")), body, headers, bool(fault))

    def _fault(self, fault: Fault) -> None:
        if fault.write:
            self.close_connection = True
            with suppress(OSError):
                fault.write(self.wfile)
            return
        if fault.status == 0:
            self.close_connection = True
            return
        self._send(fault.status, fault.body or {"message": "a fault"}, dict(fault.headers))

    def _send(self, status: int, body: Any, headers: dict[str, str], is_half: bool = False) -> None:
        content = b"" if status == 304 else json.dumps({"message": "Not Found"} if body is None else body).encode()
        self.send_response_only(status)
        for name, value in {"Date": format_datetime(self.server.state.now), **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if is_half else content)
        self.close_connection = self.close_connection or is_half

    def _by_graphql(self, sent: Any) -> dict[str, Any]:
        state = self.server.state
        name = found[1] if (found := re.search(r"query (\w+)", sent["query"])) else ""
        if name == state.refused:
            return {"data": None, "errors": [{"type": "FORBIDDEN", "message": "Resource not accessible"}]}
        answer = hub_by_graphql if state.kind == "github" else lab_by_graphql
        return {"data": answer(state, name, sent["variables"])}

    def _truth(self, sent: Any) -> tuple[Any, dict[str, str]]:
        state = self.server.state
        if self.path.endswith(f"/app/installations/{INSTALLATION}/access_tokens"):
            return {"token": f"{PLANTED}-app", "expires_at": "2099-01-01T00:00:00Z"}, {}
        if self.path.endswith("/access_tokens"):
            return None, {}
        if sent:
            return self._by_graphql(sent), {}
        parts = urlsplit(self.path)
        path = unquote(parts.path).removeprefix("/api/v3").removeprefix("/api/v4")
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        etag = f'W/"{hash((state.world.path, state.world.stars, state.world.releases)) & 0xFFFF:x}"'
        if self.headers.get("If-None-Match") == etag:
            return None, {"status": "304", "ETag": etag}
        body = hub_by_rest(state, path, query.get("since")) if state.kind == "github" else lab_by_rest(state, path)
        if isinstance(body, list):
            page, size = int(query.get("page", 1)), int(query.get("per_page", 30))
            last = max(1, -(-len(body) // size))
            here = f"{state.url}{parts.path}"
            link = f'<{here}?page={page + 1}>; rel="next", <{here}?page={last}>; rel="last"'
            headers = {"Link": link, "X-Next-Page": str(page + 1)} if page < last else {}
            return body[(page - 1) * size : page * size], {
                **headers,
                "X-RateLimit-Remaining": str(60 - len(state.asked)),
            }
        return body, {"ETag": etag, "X-RateLimit-Remaining": str(60 - len(state.asked))}
