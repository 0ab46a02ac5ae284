"""A real git server over https on this machine, well behaved or not.

with git_server(folder, certificate) as server: server.url("town/product"), server.behave("town/product", "cut")
"""

import os
import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest

from oshealth.sources import Host

Behaviour = Literal["well", "moved", "refusing", "cut", "endless"]


@dataclass
class GitServer:
    """Where it listens, what it was asked, and how it treats each path."""

    port: int
    asked: list[str] = field(default_factory=list)
    behaviours: dict[str, Behaviour] = field(default_factory=dict)
    is_closing: threading.Event = field(default_factory=threading.Event)

    @property
    def host(self) -> Host:
        return Host(name=f"localhost:{self.port}", is_private=True)

    def url(self, path: str) -> str:
        return f"https://localhost:{self.port}/{path}"

    def behave(self, path: str, behaviour: Behaviour) -> None:
        self.behaviours[f"/{path}"] = behaviour


def make_certificate(folder: Path) -> Path:
    """A certificate for localhost, with its key in the same file; the test is skipped without openssl."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    both = folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run([*command, *names, "-keyout", str(both), "-out", str(both)], check=True, capture_output=True)
    return both


@contextmanager
def git_server(folder: Path, certificate: Path) -> Iterator[GitServer]:
    """Serve the bare repositories in a folder."""
    web = _Web(("127.0.0.1", 0), _Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    web.socket = context.wrap_socket(web.socket, server_side=True)
    web.folder, web.state = folder, GitServer(web.server_port)
    thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield web.state
    finally:
        web.state.is_closing.set()
        web.shutdown()
        web.server_close()
        thread.join()


class _Web(ThreadingHTTPServer):
    folder: Path
    state: GitServer

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that go away are what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: _Web

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", "0"))))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        pass

    def _answer(self, body: bytes) -> None:
        state = self.server.state
        state.asked.append(self.path)
        known = [name for name in state.behaviours if self.path.startswith(f"{name}/")]
        behaviour = state.behaviours[known[0]] if known else "well"
        if behaviour == "moved":
            where = f"https://localhost:{state.port}/elsewhere{self.path}"
            self._head(301, {"Location": where, "Content-Length": "0"})
        elif behaviour == "refusing":
            self._head(401, {"WWW-Authenticate": 'Basic realm="x"', "Content-Length": "0"})
        elif behaviour == "endless":
            self._head(200, {"Content-Type": "application/x-git-upload-pack-advertisement"})
            while not state.is_closing.is_set():
                self.wfile.write(b"001e# service=git-upload-pack\n")
                time.sleep(0.05)
        else:
            self._git(body, is_cut=behaviour == "cut" and self.command == "POST" and b"command=fetch" in body)

    def _git(self, body: bytes, *, is_cut: bool) -> None:
        parts = urlsplit(self.path)
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": str(self.server.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
        }
        done = subprocess.run(["git", "http-backend"], env=environment, input=body, capture_output=True, check=False)
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        status = int(headers.pop("Status", "200").split()[0])
        self._head(status, {**headers, "Content-Length": str(len(content))})
        self.wfile.write(content[: len(content) // 2] if is_cut else content)

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
