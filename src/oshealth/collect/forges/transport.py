"""How a forge's answers come in: so large and no larger, within a time, and from the host that was asked alone.

Both libraries send through `requests`, whose adapter this is. It follows redirects itself, before a library would: on
the same host, a few times, with the same question.
"""

import logging
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from oshealth.collect.forges.answers import ForgeError

MOST_BYTES = 16_000_000
"""Of one answer, unpacked: a hundred issues by REST, with all that was written in them, have a tenth of it."""
_MOST_REDIRECTS = 3
_CHUNK_BYTES = 65_536
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PORTS = {"http": 80, "https": 443}
_PLAIN_HOST = re.compile(r"[a-z0-9.-]{1,100}")
_SECRET_HEADERS = ("Authorization", "PRIVATE-TOKEN", "JOB-TOKEN")
_SHORTEST_SECRET = 8
_NO_COOKIES = DefaultCookiePolicy(allowed_domains=[])
_ACCEPTED, _UNAVAILABLE = 202, 503


class _Request:
    """One request under way: another thread ends it when its time is over."""

    def __init__(self) -> None:
        self.socket: socket.socket | None = None
        self.is_late = False
        self._lock = threading.Lock()

    def uses(self, used: socket.socket | None) -> None:
        with self._lock:
            self.socket = used

    def end(self) -> None:
        with self._lock:
            self.is_late = True
            if self.socket is not None:
                # Past the methods of ssl, which would take the connection from under the thread that reads.
                with suppress(OSError):
                    socket.socket.shutdown(self.socket, socket.SHUT_RDWR)


class _Current(threading.local):
    request: _Request | None = None


_CURRENT = _Current()


class _Plain(HTTPConnection):
    def request(self, *args: Any, **kwargs: Any) -> None:
        super().request(*args, **kwargs)
        if _CURRENT.request:
            _CURRENT.request.uses(self.sock)


class _Secure(HTTPSConnection):
    def request(self, *args: Any, **kwargs: Any) -> None:
        super().request(*args, **kwargs)
        if _CURRENT.request:
            _CURRENT.request.uses(self.sock)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class Transport(HTTPAdapter):
    """An adapter for one host. An answer may take twice as long as the timeout of a single read."""

    def __init__(self) -> None:
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """With connections that can be ended from outside."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """The same through a proxy of the user's."""
        manager = super().proxy_manager_for(proxy, **kwargs)
        if not proxy.lower().startswith("socks"):
            manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
        return manager

    def send(  # type: ignore[override]
        self, request: requests.PreparedRequest, *, timeout: float = 30.0, **how: Any
    ) -> requests.Response:
        """The answer with its whole body, wherever on the same host it stands.

        Raises:
            ForgeError: it is too large, too slow, or elsewhere.
            requests.RequestException: there is none, or it was cut.
        """
        asked = request
        with _within(2 * timeout):
            for _ in range(_MOST_REDIRECTS + 1):
                response = super().send(asked, timeout=timeout, **{**how, "stream": True})
                _fill(response)
                _without_secrets(response, asked)
                location = response.headers.get("location")
                if response.status_code not in _REDIRECTS or location is None:
                    break
                asked = _redirected(asked, location)
            else:
                raise ForgeError(
                    "redirected", f"The forge redirects more than {_MOST_REDIRECTS} times, which is not followed."
                )
        if response.status_code == _ACCEPTED:
            # "Come again": a library would, for as long as it is told to.
            response.status_code = _UNAVAILABLE
        return response


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """End what this thread asks for when its time is over, whatever drips in meanwhile."""
    under_way = _CURRENT.request = _Request()
    clock = threading.Timer(seconds, under_way.end)
    clock.daemon = True
    clock.start()
    try:
        yield
    except (OSError, HTTPError, ValueError):
        # requests' own errors are OSErrors.
        if not under_way.is_late:
            raise
    finally:
        clock.cancel()
        under_way.uses(None)
        _CURRENT.request = None
    if under_way.is_late:
        raise requests.ReadTimeout("the answer took too long")


def _fill(response: requests.Response) -> None:
    """Read the body. Nothing about its encoding is guessed: forges answer in UTF-8."""
    body = bytearray()
    try:
        while chunk := response.raw.read1(_CHUNK_BYTES, decode_content=True):
            body += chunk
            if len(body) > MOST_BYTES:
                text = f"The forge's answer is larger than {MOST_BYTES // 1_000_000} MB, which is not read."
                raise ForgeError("too_large", text)
    except HTTPError:
        raise requests.exceptions.ChunkedEncodingError("the body is cut or not packed as it says") from None
    finally:
        response.close()
    response.encoding = "utf-8"
    vars(response).update(_content=bytes(body), _content_consumed=True)


def _without_secrets(response: requests.Response, asked: requests.PreparedRequest) -> None:
    """Take out what was sent to prove who asks, should the server repeat it."""
    sent = (str(asked.headers.get(name) or "").rpartition(" ")[2] for name in _SECRET_HEADERS)
    for secret in (secret for secret in sent if len(secret) >= _SHORTEST_SECRET):
        vars(response)["_content"] = response.content.replace(secret.encode(), b"***")
        for name, value in response.headers.items():
            response.headers[name] = value.replace(secret, "***")


def _redirected(request: requests.PreparedRequest, location: str) -> requests.PreparedRequest:
    """The same question to where the forge points, if that is the same host, port and protocol."""
    asked = request.copy()
    try:
        asked.url = urljoin(str(request.url), location)
        there, here = urlsplit(asked.url), urlsplit(str(request.url))
        is_same = _origin(there) == _origin(here)
    except ValueError:
        raise ForgeError("redirected", "The forge redirects to something that is no address.") from None
    if not is_same:
        host = there.hostname or ""
        where = host if _PLAIN_HOST.fullmatch(host) and host != here.hostname else "another port or protocol"
        detail = f"The forge redirects to {where}, which is not followed: a token stays with {here.hostname}."
        raise ForgeError("redirected", detail)
    return asked


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


def mounted(api: str) -> requests.Session:
    """A session that knows one host only, keeps no cookies, and takes no password from the user's files."""
    # What it warns of are headers that it cannot read, word for word.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    session = requests.Session()
    session.adapters.clear()
    parts = urlsplit(api)
    session.mount(f"{parts.scheme}://{parts.netloc}/", Transport())
    session.cookies.set_policy(_NO_COOKIES)
    # Something that is not None keeps the library from reading .netrc.
    session.auth = _as_it_is
    return session


_FAULTS: tuple[tuple[type[Exception], str], ...] = (
    (requests.Timeout, "nothing whole came in time"),
    (requests.exceptions.SSLError, "its certificate is not accepted"),
    (requests.exceptions.ProxyError, "the proxy does not let through"),
    (requests.ConnectionError, "the connection was refused or cut"),
    (requests.exceptions.ChunkedEncodingError, "its answer is cut"),
)


def fault_of(error: requests.RequestException) -> str:
    """What happened, in words of our own: those of the libraries hold addresses."""
    return next((words for kind, words in _FAULTS if isinstance(error, kind)), type(error).__name__)


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
