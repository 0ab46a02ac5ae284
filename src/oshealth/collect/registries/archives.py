"""The licence inside a package as it is handed out: npm's archive, a wheel, a source distribution.

Its licence file, or else what its README says under "License". It is read where the registry names no licence, or only
a family of them ("BSD"). Nothing is unpacked to disk, and an archive that unpacks to more than it should is left alone.
"""

import asyncio
import gzip
import io
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator

from oshealth.collect.registries.answer import Unanswered
from oshealth.collect.registries.asking import Asker, Question
from oshealth.collect.registries.configured import Registry

MOST_BYTES = 5_000_000
"""Larger packages are not fetched for the sake of their licence file."""
_MOST_UNPACKED = 100_000_000
_MOST_MEMBERS = 20_000
_MOST_TEXT = 100_000
_LONGEST_NAME = 300
_LICENCE_FILE = re.compile(
    # At the top of an archive, or where a wheel keeps it; a hidden file is an editor's copy.
    r"(?:[^/]+/|[^/]+\.dist-info/(?:licenses/)?)(?!\.)(?:[^/]*licen[cs]e[^/]*|copying[^/]*)",
    re.IGNORECASE,
)
_BROKEN = (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)
_README = re.compile(r"[^/]+/readme[^/]*", re.IGNORECASE)
_HEADING = re.compile(
    # "## License", or "License" with a line of dashes below.
    r"^(?:#+[ \t]*(?:the[ \t]+)?licen[cs]e(?:s|ing)?[ \t:#]*|licen[cs]e[ \t]*\n[-=]{3,}[ \t]*)\n"
    r"(.*?)(?=^#|^[^\n]+\n[-=]{3,}[ \t]*$|\Z)",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
_MENTION = re.compile("licen[cs]e", re.IGNORECASE)


async def licence_text(asker: Asker, registry: Registry, url: object) -> str | None:
    """What a package says of its licence; "" where it says nothing, None where there is no way to know.

    What the user's configuration holds for the registry goes along to the registry's own host alone.
    """
    headers = registry.headers_to(url) if isinstance(url, str) else None
    if headers is None:
        return None
    try:
        body = await asker.ask(Question(str(url), headers, cafile=registry.cafile))
    except Unanswered:
        return None
    return await asyncio.to_thread(text_in, body)


def text_in(body: bytes) -> str | None:
    """The text of the one licence file in an archive, else what its README says; "" where neither is there.

    None: the archive cannot be read, or has several licence files, and nobody says how they go together.
    """
    try:
        found = dict(_zipped(body) if body.startswith(b"PK") else _tarred(body))
    except _BROKEN:
        return None
    licences = [text for name, text in found.items() if not _README.fullmatch(name)]
    if licences:
        return licences[0] if len(licences) == 1 else None
    sections = [match[1].strip() for text in found.values() for match in _HEADING.finditer(text + "\n")]
    if len(sections) == 1:
        return sections[0]
    # A README that speaks of a licence in another way is no proof that there is none.
    return None if any(_MENTION.search(text) for text in found.values()) else ""


def _is_wanted(name: str) -> bool:
    return len(name) <= _LONGEST_NAME and bool(_LICENCE_FILE.fullmatch(name) or _README.fullmatch(name))


def _zipped(body: bytes) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for member in archive.infolist()[:_MOST_MEMBERS]:
            if _is_wanted(member.filename) and not member.is_dir():
                with archive.open(member) as file:
                    yield member.filename, file.read(_MOST_TEXT).decode(errors="replace")


def _tarred(body: bytes) -> Iterator[tuple[str, str]]:
    stream = _Limited(gzip.GzipFile(fileobj=io.BytesIO(body)))
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for count, member in enumerate(archive):
            if count >= _MOST_MEMBERS:
                raise tarfile.TarError("too many members")
            name = member.name.removeprefix("./")
            if member.isreg() and _is_wanted(name) and (file := archive.extractfile(member)):
                yield name, file.read(_MOST_TEXT).decode(errors="replace")


class _Limited(io.RawIOBase):
    """A stream that ends with an error where it has given more than it should."""

    def __init__(self, stream: gzip.GzipFile) -> None:
        self._stream = stream
        self._left = _MOST_UNPACKED

    def read(self, size: int = -1) -> bytes:
        found = self._stream.read(size if 0 <= size < self._left else self._left + 1)
        self._left -= len(found)
        if self._left < 0:
            raise ValueError("unpacks to too much")
        return found
