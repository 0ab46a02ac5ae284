"""A real server on loopback that answers as npm registries, Python indexes and deps.dev do."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast


@dataclass
class Reply:
    """One answer; `status` None: the connection is cut."""

    body: object = None
    status: int | None = 200
    headers: dict[str, str] = field(default_factory=dict)


class RegistryServer(ThreadingHTTPServer):
    """Answers from `replies` by path, a list one after the other; counts what is asked and how much at once."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, latency_seconds: float = 0.0) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies: dict[str, Any] = {}
        self.default: Reply = Reply(status=404)
        self.latency_seconds = latency_seconds
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def paths(self) -> list[str]:
        return [path for path, _, _ in self.requests]

    def enter(self, path: str, headers: dict[str, str], body: bytes) -> Reply:
        with self._lock:
            self.requests.append((path, headers, body))
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        time.sleep(self.latency_seconds)
        reply = self.replies.get(path, self.default)
        if isinstance(reply, list):
            reply = reply.pop(0) if len(reply) > 1 else reply[0]
        return cast("Reply", reply(path, body) if callable(reply) else reply)

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is no error here."""

    def leave(self) -> None:
        with self._lock:
            self._at_once -= 1


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: RegistryServer

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("content-length", 0))))

    def _answer(self, body: bytes) -> None:
        reply = self.server.enter(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
        self.server.leave()
        if reply.status is None:
            self.close_connection = True
            return
        content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        for name, value in {"content-length": str(len(content)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@contextmanager
def serving(latency_seconds: float = 0.0) -> Iterator[RegistryServer]:
    """A server for as long as the block lasts."""
    server = RegistryServer(latency_seconds)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
