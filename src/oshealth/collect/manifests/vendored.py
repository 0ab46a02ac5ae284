"""Copies of other people's work: a licence file beside them, or their own manifest, is the evidence."""

import posixpath
import re
from collections.abc import Iterator

from oshealth.collect.manifests.entry import Entry, File
from oshealth.collect.manifests.npm_lock import licence_of
from oshealth.collect.manifests.syntax import array, read_json, string

_MANIFESTS = ("package.json", "composer.json")
_LICENCE_WORDS = re.compile(r"(?i)[._-]*((un)?licen[cs]e|copying|mit|gpl)([._-]*(mit|gpl|apache|bsd|txt|md|rst))*$")
_VERSION = re.compile(r"^(.+?)[-_.@]v?(\d+(?:\.\d+)+[\w.-]*)$")
_FOLDERS = re.compile(
    r"(?i)^(vendors?|vendored|_vendor|third[-_]?party|3rdparty|external(s)?|extern|node_modules|bower_components|contrib|"
    r"libs?|assets|javascripts?|js|stylesheets?|css|fonts?|images?|src|dist|licen[cs]es?|public|static|app)$"
)


def vendored(file: File) -> Iterator[Entry]:
    """One row: by the copy's own manifest, else by the name of the folder that the licence file stands in."""
    if posixpath.basename(file.path).lower() in _MANIFESTS:
        yield from _by_manifest(file)
    elif not any(posixpath.join(file.folder, name) in file.others for name in _MANIFESTS):
        yield from _by_licence(file)


def _by_manifest(file: File) -> Iterator[Entry]:
    data = read_json(file.text)
    name = string(data, "name")
    if name is None:
        return
    is_npm = file.path.lower().endswith("package.json")
    entry = Entry("npm" if is_npm else "composer", name, None, string(data, "version"), 1, source="vendored")
    licences = [one for one in array(data, "license") if isinstance(one, str)]
    entry.licence = licence_of(data) if is_npm else string(data, "license") or " OR ".join(licences) or None
    entry.is_pinned = True
    yield entry


def _by_licence(file: File) -> Iterator[Entry]:
    folder = posixpath.basename(file.folder)
    if _FOLDERS.match(folder):
        # "vendor/jquery.LICENSE.txt": the file itself names what it belongs to.
        stem = re.sub(r"(?i)\.(txt|md|rst|html)$", "", posixpath.basename(file.path))
        folder = _LICENCE_WORDS.sub("", stem) or re.sub(r"(?i)^(licen[cs]e|copying)[._-]*", "", stem)
    if not folder or _LICENCE_WORDS.fullmatch(folder):
        return
    match = _VERSION.match(folder)
    name, version = (match[1], match[2]) if match else (folder, None)
    yield Entry("generic", name, None, version, 1, source="vendored", is_pinned=True)
