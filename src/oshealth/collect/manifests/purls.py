"""Package URLs of entries, and the packages that git addresses, container images and download addresses name."""

import re
from urllib.parse import SplitResult, urlsplit, urlunsplit

from packageurl import PackageURL

from oshealth.collect.manifests.entry import Entry, Source
from oshealth.collect.manifests.syntax import clean

_FORGES = {"github.com": "github", "bitbucket.org": "bitbucket", "gitlab.com": "gitlab"}
_SCP = re.compile(r"^(?:[\w.-]+@)?([\w.-]+\.[a-zA-Z]+):(?!//)(.+)$")
_SHORT_FORGE = re.compile(r"^(github|gitlab|bitbucket):([^/#\s]+/[^/#\s]+)")
_RELEASE = re.compile(r"^github\.com/([^/]+/[^/]+)/(?:releases/download|archive(?:/refs/(?:tags|heads))?|raw)/([^/]+)")
_RAW = re.compile(r"^raw\.githubusercontent\.com/([^/]+/[^/]+)/([^/]+)/(.+)")
_COMMIT = re.compile(r"^[0-9a-f]{7,64}$")
_VERSION_IN_NAME = re.compile(
    r"[-_]v?(\d+(?:\.\d+)+[\w.+-]*?)(?=[-_.](?:linux|amd64|x86|all|any|py\d|src|tar|zip|deb|min)|$)"
)


def purl_of(entry: Entry) -> str | None:
    """The entry's package URL as text; `None` where its parts make none, or only the running script knows it."""
    namespace, name = _parts(entry)
    if "$" in entry.name or not name.strip():
        return None
    version = entry.version if entry.ecosystem != "golang" or entry.version != "latest" else None
    version = None if version and "$" in version else version
    qualifiers = {key: clean(value) or "" for key, value in entry.qualifiers.items()}
    try:
        purl = PackageURL(entry.ecosystem, namespace, name, version, qualifiers or None, clean(entry.subpath))
        return str(purl.to_string())
    except ValueError:
        return None


def _parts(entry: Entry) -> tuple[str | None, str]:
    if entry.ecosystem == "maven":
        group, _, artifact = entry.name.partition(":")
        return (group, artifact) if artifact else (None, group)
    if entry.ecosystem in {"npm", "composer", "golang", "docker", "github", "gitlab", "bitbucket", "deb", "rpm", "apk"}:
        namespace, _, name = entry.name.rpartition("/")
        return namespace or None, name
    return None, entry.name


def without_credentials(url: str) -> str:
    """The address without user, password and fragment."""
    try:
        parts = url_parts(url)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))
    except ValueError:
        return re.sub(r"//[^/@]*@", "//", url).partition("#")[0]


def url_parts(url: str) -> SplitResult:
    """The parts of an address, all of them empty where it is none."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def git_url(address: str) -> str:
    """A git address in one form: https where the protocol allows, without `git+`, `.git`, user and fragment."""
    address = address.strip().removeprefix("git+")
    if short := _SHORT_FORGE.match(address):
        host = next(host for host, forge in _FORGES.items() if forge == short[1])
        address = f"https://{host}/{short[2]}"
    elif scp := _SCP.match(address):
        address = f"https://{scp[1]}/{scp[2]}"
    address = re.sub(r"^(ssh|git)://", "https://", address)
    address = without_credentials(address)
    return address.removesuffix("/").removesuffix(".git")


def from_git(address: str, reference: str | None, *, source: Source = "manifest", line: int | None = None) -> Entry:
    """The entry of a git repository: of its forge's type where package URLs have one, else generic."""
    url = git_url(address)
    parts = url_parts(url)
    path = parts.path.strip("/")
    is_commit = bool(reference and _COMMIT.match(reference))
    entry = Entry("generic", path.rpartition("/")[2] or url, reference, reference, line, source=source, url=url)
    entry.is_pinned = is_commit
    if (forge := _FORGES.get(parts.netloc)) and path.count("/") >= 1:
        entry.ecosystem, entry.name = forge, "/".join(path.split("/")[:2])
    else:
        entry.qualifiers = {"vcs_url": f"git+{url}" + (f"@{reference}" if reference else "")}
    return entry


def from_image(image: str, *, source: Source, line: int | None = None) -> Entry | None:
    """The entry of a container image reference; `None` where a variable leaves the name unknown."""
    image = image.strip().removeprefix("docker://")
    name, _, digest = image.partition("@")
    tag = None
    if ":" in name.rpartition("/")[2]:
        name, _, tag = name.rpartition(":")
    if not name or re.search(r"[${}<>\s]", name) or not re.match(r"^[A-Za-z0-9._:/-]+$", name):
        return None
    registry, path = _registry(name)
    if tag is not None and re.search(r"[${}<>\s]", tag):
        tag = None
    entry = Entry("docker", path.lower(), tag, digest or tag, line, source=source)
    entry.is_pinned, entry.has_integrity = bool(digest), bool(digest)
    entry.url = f"{registry}/{path}" if registry else None
    if registry:
        entry.qualifiers = {"repository_url": f"{registry}/{path}"}
    return entry


def _registry(name: str) -> tuple[str | None, str]:
    first, _, rest = name.partition("/")
    if not rest or not ("." in first or ":" in first or first == "localhost"):
        return None, name.removeprefix("library/")
    if first in {"docker.io", "index.docker.io", "registry-1.docker.io"}:
        return None, rest.removeprefix("library/")
    return first, rest


def from_download(address: str, *, source: Source, line: int | None = None) -> Entry:
    """The entry of a file that is downloaded: its name, the version that the name or a forge's address says."""
    # A query may hold a key, and is no part of what a file is.
    url = without_credentials(address).partition("?")[0]
    parts = url_parts(url)
    place = parts.netloc.removeprefix("www.") + parts.path
    if release := _RELEASE.match(place):
        tag = re.sub(r"\.(tar\.\w+|zip|tgz)$", "", release[2])
        return Entry("github", release[1], None, tag, line, source=source, url=url, is_pinned=False)
    if raw := _RAW.match(place):
        entry = Entry("github", raw[1], None, raw[2], line, source=source, url=url, subpath=raw[3])
        entry.is_pinned = bool(_COMMIT.match(raw[2]))
        return entry
    name = parts.path.rstrip("/").rpartition("/")[2] or parts.netloc
    version = _VERSION_IN_NAME.search(re.sub(r"\.(tar\.\w+|zip|tgz|deb|rpm|AppImage|sh|min\.js|js)$", "", name))
    entry = Entry("generic", name, None, version[1] if version else None, line, source=source, url=url, is_pinned=False)
    entry.qualifiers = {"download_url": url}
    return entry
