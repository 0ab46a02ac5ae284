"""Pages and their templates: the scripts that a visitor's browser loads from elsewhere."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from oshealth.collect.manifests.entry import Entry, File
from oshealth.collect.manifests.purls import from_download, url_parts, without_credentials
from oshealth.collect.manifests.syntax import Lines

_TAG = re.compile(r"<script\b([^>]{0,2000}+)>", re.IGNORECASE)
_SOURCE = re.compile(r"""\bsrc\s*=\s*["']?((?:https?:)?//[^"'\s>]+)""", re.IGNORECASE)
# Template languages that write tags without angle brackets, and Rails' own way.
_SHORT = re.compile(r"""%?script[({][^)}\n]{0,500}?\bsrc["']?\s*(?:=>?|:)\s*["']((?:https?:)?//[^"'\s]+)""")
_RAILS = re.compile(r"""javascript_include_tag[\s(]+["']((?:https?:)?//[^"'\s]+)""")
# What modules take in, and what a map of names for them says.
_MODULE = re.compile(r"""(?<![@\w.])(?:from|import|importScripts)[ \t]*\(?[ \t]*["']((?:https?:)?//[^"'\s]+)["']""")
_MAP = re.compile(r"""\btype\s*=\s*["']?importmap\b""", re.IGNORECASE)
MAX_MAPS = 10
_MAPPED = re.compile(r""":\s*"((?:https?:)?//[^"\s]+)\"""")
_TEMPLATE = re.compile(r"\{\{|\{%|<%|\$\{|#\{|<\?")
# Where mirrors of packages put name and version into the address: the package's type, and the address's form.
_MIRRORS: list[tuple[str, str, re.Pattern[str]]] = [
    ("unpkg.com", "npm", re.compile(r"^/((?:@[^/@]+/)?[^/@]+)(?:@([^/]+))?")),
    ("cdn.jsdelivr.net", "npm", re.compile(r"^/npm/((?:@[^/@]+/)?[^/@]+)(?:@([^/]+))?")),
    ("cdn.jsdelivr.net", "github", re.compile(r"^/gh/([^/@]+/[^/@]+)(?:@([^/]+))?")),
    ("esm.sh", "npm", re.compile(r"^/((?:@[^/@]+/)?[^/@]+)(?:@([^/]+))?")),
    ("cdn.skypack.dev", "npm", re.compile(r"^/((?:@[^/@]+/)?[^/@]+)(?:@([^/]+))?")),
    ("cdnjs.cloudflare.com", "cdnjs", re.compile(r"^/ajax/libs/([^/]+)/([^/]+)/")),
    ("ajax.googleapis.com", "cdnjs", re.compile(r"^/ajax/libs/([^/]+)/([^/]+)/")),
    ("ajax.aspnetcdn.com", "cdnjs", re.compile(r"^/ajax/(jquery|bootstrap)(?:/|-)v?(\d[\d.]*)")),
    ("code.jquery.com", "cdnjs", re.compile(r"^/(jquery(?:-migrate)?)-(\d[\w.-]*?)(?:\.slim)?(?:\.min)?\.js$")),
    ("code.jquery.com", "cdnjs", re.compile(r"^/(ui)/(\d[\d.]*)/")),
    ("maxcdn.bootstrapcdn.com", "cdnjs", re.compile(r"^/(bootstrap|font-awesome)/(\d[\d.]*)/")),
    ("stackpath.bootstrapcdn.com", "cdnjs", re.compile(r"^/(bootstrap|font-awesome)/(\d[\d.]*)/")),
    ("netdna.bootstrapcdn.com", "cdnjs", re.compile(r"^/(bootstrap|font-awesome)/(\d[\d.]*)/")),
]
# Names of script mirrors that are the same package in npm; others stay generic.
_SAME = {
    "jquery": "jquery", "jquery-migrate": "jquery-migrate", "jqueryui": "jquery-ui", "jquery-ui": "jquery-ui",
    "bootstrap": "bootstrap", "vue": "vue", "react": "react", "react-dom": "react-dom", "angularjs": "angular",
    "angular.js": "angular", "lodash.js": "lodash", "underscore.js": "underscore", "moment.js": "moment", "d3": "d3",
    "leaflet": "leaflet", "font-awesome": "font-awesome", "popper.js": "popper.js", "axios": "axios", "ui": "jquery-ui",
    "htmx": "htmx.org", "chart.js": "chart.js", "three.js": "three", "handlebars.js": "handlebars",
    "select2": "select2", "html5shiv": "html5shiv",
}  # fmt: skip
_EXACT = re.compile(r"^v?(\d+\.\d+\.\d+[\w.+-]*)$")


def page(file: File) -> Iterator[Entry]:
    lines = Lines(file.text)
    maps: list[int] = []
    for tag in _TAG.finditer(file.text):
        source = _SOURCE.search(tag[1])
        if source and (entry := from_address(source[1], lines.at(tag.start()))):
            entry.has_integrity = bool(re.search(r"\bintegrity\s*=\s*[\"']?sha(256|384|512)-", tag[1]))
            yield entry
        elif len(maps) < MAX_MAPS and _MAP.search(tag[1]):
            maps.append(tag.end())
    found = [match for pattern in (_SHORT, _RAILS, _MODULE) for match in pattern.finditer(file.text)]
    for start in maps:
        found += _MAPPED.finditer(file.text, start, max(start, file.text.find("</script", start)))
    for match in found:
        if entry := from_address(match[1], lines.at(match.start())):
            yield entry


def from_address(address: str, line: int | None = None) -> Entry | None:
    """The script at an address; `None` where a template writes the host."""
    url = without_credentials("https:" + address if address.startswith("//") else address)
    parts = url_parts(url)
    if _TEMPLATE.search(parts.netloc) or not parts.netloc:
        return None
    for host, kind, pattern in _MIRRORS:
        if parts.netloc == host and (match := pattern.match(unquote(parts.path))):
            if _TEMPLATE.search(match[0]):
                break
            return _mirrored(kind, match[1], match[2], url, line)
    entry = from_download(url, source="page", line=line)
    entry.is_pinned = False
    return entry


def _mirrored(kind: str, name: str, wanted: str | None, url: str, line: int | None) -> Entry:
    """A package from a mirror; only a full version is one, "16" is the newest that begins so."""
    exact = _EXACT.match(wanted or "")
    version = exact[1] if exact else None
    entry = Entry(kind, name, wanted, version, line, source="page", url=url)
    if kind == "cdnjs":
        same = _SAME.get(name.lower())
        entry.ecosystem, entry.name, entry.version = ("npm", same, wanted) if same else ("generic", name, wanted)
        entry.qualifiers = {} if same else {"download_url": url}
    elif kind == "github":
        entry.version = wanted
    return entry
