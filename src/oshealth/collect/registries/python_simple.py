"""What an index says by the Python standards: its simple pages (PEP 503, 691, 700) and the metadata beside a wheel."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.parser import HeaderParser
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import InvalidVersion, Version

from oshealth.collect.registries.answer import Release, Unanswered, Wanted, entries, mapping, moment, parsed
from oshealth.collect.registries.asking import Asker, Question
from oshealth.collect.registries.configured import Registry

_ACCEPT = {"accept": "application/vnd.pypi.simple.v1+json, text/html;q=0.5"}
_MOST_FILES = 50_000


@dataclass(frozen=True)
class File:
    """A file of a package, as an index lists it."""

    name: str
    url: str
    version: Version | None = None
    uploaded_at: datetime | None = None
    size: int | None = None

    @property
    def is_wheel(self) -> bool:
        return self.name.endswith(".whl")


@dataclass(frozen=True)
class Told:
    """What the pages tell of a package and of one version of it."""

    info: Mapping[str, Any]
    """Named as in the index's JSON: license_expression, license, classifiers."""
    files: tuple[File, ...]
    """Those of the version."""
    releases: tuple[Release, ...]


async def ask_simple(asker: Asker, registry: Registry, wanted: Wanted) -> Told:
    """Ask for the page of a package, then for the metadata of the wanted version, else of the newest stable one.

    Raises:
        Unanswered: the index does not know the package or this version.
    """
    address = f"{registry.url}/{quote(canonicalize_name(wanted.name), safe='')}/"
    headers = {**registry.headers, **_ACCEPT}
    files = files_of(await asker.ask(Question(address, headers, cafile=registry.cafile)), address)
    version = _chosen(files, wanted.version)
    of_version = tuple(sorted((file for file in files if file.version == version), key=_handiest))
    if version is None or not of_version:
        raise Unanswered("no_such_version")
    return Told(await _metadata(asker, registry, of_version), of_version, tuple(releases_of(files)))


def files_of(page: bytes, address: str) -> Sequence[File]:
    """The files on a simple page, JSON or HTML, without those that were withdrawn."""
    if page.lstrip()[:1] == b"{":
        rows: Sequence[Mapping[str, Any]] = [mapping(row) for row in entries(parsed(page).get("files"), _MOST_FILES)]
    else:
        rows = _Anchors.rows_of(page.decode(errors="replace"))
    found = []
    for row in rows:
        name, url = row.get("filename"), row.get("url")
        version = _version_in(name) if isinstance(name, str) else None
        if isinstance(name, str) and isinstance(url, str) and version and not row.get("yanked"):
            size = row.get("size")
            where = urldefrag(urljoin(address, url)).url
            found.append(File(name, where, version, moment(row.get("upload-time")), _count(size)))
    return found


def releases_of(files: Sequence[File]) -> Iterator[Release]:
    """Each version with the moment of its first file, where the index tells it."""
    first: dict[Version, datetime] = {}
    for file in files:
        if file.version is not None and file.uploaded_at is not None:
            first[file.version] = min(file.uploaded_at, first.get(file.version, file.uploaded_at))
    for version, at in first.items():
        yield Release(str(version), at)


async def _metadata(asker: Asker, registry: Registry, files: Sequence[File]) -> dict[str, Any]:
    """The core metadata beside a wheel (PEP 658). Some indexes have it and do not say so."""
    for file in [file for file in files if file.is_wheel][:1]:
        headers = registry.headers_to(file.url)
        if headers is None:
            break
        try:
            text = await asker.ask(Question(f"{file.url}.metadata", headers, cafile=registry.cafile))
        except Unanswered:
            break
        return info_of(text.decode(errors="replace"))
    return {}


def info_of(metadata: str) -> dict[str, Any]:
    """The licence fields of core metadata, under the names that they bear in an index's JSON."""
    fields = HeaderParser().parsestr(metadata)
    return {
        "license_expression": fields.get("License-Expression"),
        "license": fields.get("License"),
        "classifiers": fields.get_all("Classifier", []),
    }


def _chosen(files: Sequence[File], wanted: str | None) -> Version | None:
    if wanted is not None:
        try:
            return Version(wanted)
        except InvalidVersion:
            return None
    versions = {file.version for file in files if file.version is not None}
    return max((one for one in versions if not one.is_prerelease), default=max(versions, default=None))


def _handiest(file: File) -> tuple[bool, int]:
    """Wheels first, small ones first."""
    return not file.is_wheel, file.size if file.size is not None else 1 << 62


def _version_in(name: str) -> Version | None:
    try:
        return parse_wheel_filename(name)[1] if name.endswith(".whl") else parse_sdist_filename(name)[1]
    except (InvalidWheelFilename, InvalidSdistFilename, InvalidVersion):
        return None


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


class _Anchors(HTMLParser):
    """The links of an HTML page, as rows that look like those of the JSON one."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[dict[str, Any]] = []

    @classmethod
    def rows_of(cls, page: str) -> list[dict[str, Any]]:
        reader = cls()
        reader.feed(page)
        return reader.rows

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        href = told.get("href")
        if tag == "a" and href and len(self.rows) < _MOST_FILES:
            name = urlsplit(href).path.rpartition("/")[2]
            self.rows.append({"filename": name, "url": href, "yanked": "data-yanked" in told})
