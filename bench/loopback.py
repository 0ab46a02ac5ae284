"""A registry on loopback, in a process of its own, so that it takes no time from who asks."""

import asyncio
import json
import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

Answer = Callable[[str], object | None]
"""What stands at a path; nothing: it is not known."""


@dataclass
class _Counts:
    now: int = 0
    most: int = 0


@contextmanager
def registry(answer: Answer, latency_seconds: float = 0.0) -> Iterator[int]:
    """Its port, for as long as the block lasts; `/stats` tells how many questions it had at once."""
    ports: Any = multiprocessing.Queue()
    process = multiprocessing.Process(target=_serve, args=(ports, answer, latency_seconds), daemon=True)
    process.start()
    try:
        yield ports.get(timeout=30)
    finally:
        process.terminate()
        process.join()


def _serve(ports: Any, answer: Answer, latency_seconds: float) -> None:
    asyncio.run(_listen(ports, answer, latency_seconds))


async def _listen(ports: Any, answer: Answer, latency_seconds: float) -> None:
    counts = _Counts()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            path = head.split(b" ", 2)[1].decode()
            is_stats = path == "/stats"
            counts.now += not is_stats
            counts.most = max(counts.most, counts.now)
            await asyncio.sleep(0 if is_stats else latency_seconds)
            counts.now -= not is_stats
            found = {"most_at_once": counts.most} if is_stats else answer(path)
            body = json.dumps(found).encode()
            status = b"404 Not Found" if found is None else b"200 OK"
            writer.write(b"HTTP/1.1 %s\r\ncontent-length: %d\r\n\r\n%s" % (status, len(body), body))
            await writer.drain()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    ports.put(server.sockets[0].getsockname()[1])
    await server.serve_forever()
