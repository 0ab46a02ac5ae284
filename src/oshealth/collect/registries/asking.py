"""Requests within limits: so many at once, so long, so large; a host that does not answer is asked once and no more."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from types import TracebackType
from typing import Self

import httpx

from oshealth.collect.registries.answer import Unanswered

_MOST_REDIRECTS = 3
_MOST_FAULTS = 5
"""Faults in a row after which a host is left alone."""


@dataclass(frozen=True)
class AskLimits:
    """What all look-ups together, and each of them, may cost."""

    at_once: int = 20
    budget_seconds: float = 1800.0
    connect_seconds: float = 5.0
    request_seconds: float = 30.0
    longest_pause_seconds: float = 60.0
    """The longest Retry-After that is waited for."""
    answer_bytes: int = 32_000_000


@dataclass(frozen=True)
class Question:
    """One request: to whom, and what of the user's configuration goes along to that host alone."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    cafile: str | None = None


@dataclass
class _Host:
    first: asyncio.Lock
    is_up: bool = False
    dead: str | None = None
    faults: int = 0
    free_at: float = 0.0


class Asker:
    """Asks within limits. To be used in `async with`."""

    def __init__(self, limits: AskLimits) -> None:
        self._limits = limits
        self._slots = asyncio.Semaphore(limits.at_once)
        self._trusts: dict[str | None, ssl.SSLContext] = {}
        self._clients: list[httpx.AsyncClient] = []
        self._free: dict[str | None, list[httpx.AsyncClient]] = {}
        self._hosts: dict[tuple[str, str, int | None], _Host] = {}
        self.count = 0
        """Requests sent."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None
    ) -> None:
        for client in self._clients:
            await client.aclose()

    async def ask(self, question: Question) -> bytes:
        """The body of the answer.

        Raises:
            Unanswered: there is none, with a short key: unreachable, timed_out, http_404, rate_limited, too_large, ….
        """
        try:
            url = httpx.URL(question.url)
        except httpx.InvalidURL:
            raise Unanswered("no_such_name") from None
        host = self._hosts.setdefault((url.scheme, url.host, url.port), _Host(asyncio.Lock()))
        if not host.is_up and host.dead is None:
            # The first question to a host goes alone: thousands must not wait for one that does not answer.
            async with host.first:
                if not host.is_up and host.dead is None:
                    return await self._answer(question, url, host)
        return await self._answer(question, url, host)

    async def _answer(self, question: Question, url: httpx.URL, host: _Host) -> bytes:
        for is_last in (False, True):
            async with self._slots:
                if host.dead is not None:
                    raise Unanswered(host.dead)
                await asyncio.sleep(max(0.0, host.free_at - monotonic()))
                try:
                    async with asyncio.timeout(self._limits.request_seconds):
                        response, body = await self._follow(question, url)
                except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError):
                    host.dead = "unreachable"
                    raise Unanswered("unreachable") from None
                except (httpx.TimeoutException, TimeoutError):
                    raise _fault(host, "timed_out") from None
                except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, ssl.SSLError):
                    raise _fault(host, "broken_answer") from None
            host.is_up = True
            if response.status_code == httpx.codes.TOO_MANY_REQUESTS and not is_last:
                self._pause(host, response)
                continue
            return _body(host, response, body)
        raise Unanswered("rate_limited")

    async def _follow(self, question: Question, url: httpx.URL) -> tuple[httpx.Response, bytes]:
        """The answer; redirects are followed on the same host alone, since tokens go along."""
        for _ in range(_MOST_REDIRECTS + 1):
            response, body = await self._once(question, url)
            if not response.has_redirect_location:
                break
            target = url.join(response.headers["location"])
            if (target.scheme, target.host, target.port) != (url.scheme, url.host, url.port):
                raise Unanswered("redirected_elsewhere")
            url = target
        return response, body

    async def _once(self, question: Question, url: httpx.URL) -> tuple[httpx.Response, bytes]:
        method = "GET" if question.body is None else "POST"
        free = self._free.setdefault(question.cafile, [])
        client = free.pop() if free else self._client(question.cafile)
        self.count += 1
        body = bytearray()
        try:
            async with client.stream(method, url, headers=dict(question.headers), content=question.body) as response:
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > self._limits.answer_bytes:
                        raise Unanswered("too_large")
        finally:
            free.append(client)
        return response, bytes(body)

    def _client(self, cafile: str | None) -> httpx.AsyncClient:
        """One more client, for one question at a time: a pool looks at all its connections for each question."""
        if cafile not in self._trusts:
            self._trusts[cafile] = _trust(cafile)
        seconds = httpx.Timeout(self._limits.request_seconds, connect=self._limits.connect_seconds)
        client = httpx.AsyncClient(timeout=seconds, verify=self._trusts[cafile], headers={"user-agent": "oshealth"})
        self._clients.append(client)
        return client

    def _pause(self, host: _Host, response: httpx.Response) -> None:
        """Wait as long as the host asks for; if that is too long, leave it alone for today."""
        seconds = _retry_after(response)
        if seconds > self._limits.longest_pause_seconds:
            host.dead = "rate_limited"
            raise Unanswered("rate_limited")
        host.free_at = max(host.free_at, monotonic() + seconds)


def _trust(cafile: str | None) -> ssl.SSLContext:
    """The certificates that the user's configuration names, else those that httpx takes."""
    if cafile is not None:
        try:
            return ssl.create_default_context(cafile=cafile)
        except (OSError, ssl.SSLError):
            pass
    return httpx.create_ssl_context()


def _fault(host: _Host, reason: str) -> Unanswered:
    host.faults += 1
    if host.faults >= _MOST_FAULTS or not host.is_up:
        host.dead = reason
    return Unanswered(reason)


def _body(host: _Host, response: httpx.Response, body: bytes) -> bytes:
    if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise _fault(host, f"http_{response.status_code}")
    host.faults = 0
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        host.dead = "rate_limited"
        raise Unanswered("rate_limited")
    if response.status_code != httpx.codes.OK:
        raise Unanswered(f"http_{response.status_code}")
    return body


def _retry_after(response: httpx.Response) -> float:
    """Seconds to wait: the header gives a number or a date, which is held against the server's own."""
    text = response.headers.get("retry-after", "1")
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        asked = parsedate_to_datetime(text)
        sent = parsedate_to_datetime(response.headers["date"])
    except (KeyError, ValueError):
        return 1.0
    return max(0.0, (_utc(asked) - _utc(sent)).total_seconds())


def _utc(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=UTC)
