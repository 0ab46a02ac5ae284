"""The registries that the user's own npm and pip are configured for; where nothing names one, the clients tell it.

Only the user's and the machine's files count: a repository's own `.npmrc` is hostile and never read.
"""

import base64
import configparser
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\??\}")
_GLOBAL_NPM = ("/usr/etc/npmrc", "/usr/local/etc/npmrc", "/etc/npmrc")
_GLOBAL_PIP = ("/etc/pip.conf",)
_MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Registry:
    """One registry: its address without user and password, and what is sent to it alone."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    cafile: str | None = None

    def headers_to(self, url: str) -> Mapping[str, str] | None:
        """What goes along to an address that the registry names: nothing to another host; None: it is not asked.

        Another host, where files often lie, is asked by https alone.
        """
        there, own = urlsplit(url), urlsplit(self.url)
        if (there.scheme, there.netloc) == (own.scheme, own.netloc):
            return self.headers
        return {} if there.scheme == "https" else None


@dataclass(frozen=True)
class Registries:
    """What the configuration of npm and pip names."""

    npm: Registry | None = None
    npm_scopes: Mapping[str, Registry] = field(default_factory=dict)
    """By scope, "@org"."""
    python: tuple[Registry, ...] = ()
    unnamed: frozenset[str] = frozenset()
    """Ecosystems, npm or pypi, for which nothing names a registry, so that the client's own default counts."""

    def npm_for(self, name: str) -> Registry | None:
        """The registry of a package: that of its scope, else the general one."""
        return self.npm_scopes.get(name.partition("/")[0], self.npm)


def read_registries(
    environment: Mapping[str, str], home: Path, defaults: Mapping[str, str] | None = None
) -> Registries:
    """Read the configuration of a user's npm and pip. What is not an http address is left out.

    Args:
        environment: with the variables that npm and pip read.
        home: the user's home.
        defaults: what the clients told of themselves, by ecosystem: it counts where nothing names a registry.
    """
    npm, pip = _npm_settings(environment, home), _pip_settings(environment, home)
    told = {} if defaults is None else defaults
    url, index = npm.get("registry") or told.get("npm"), pip.get("index-url") or told.get("pypi")
    asks = {"npm": not _is_on(npm, "offline"), "pypi": not _is_on(pip, "no-index")}
    unnamed = {name for name, address in (("npm", url), ("pypi", index)) if asks[name] and not address}
    return Registries(
        npm=_npm_registry(url or "", npm) if asks["npm"] else None,
        npm_scopes=dict(_npm_scopes(npm)) if asks["npm"] else {},
        python=tuple(_python_registries(index or "", pip)) if asks["pypi"] else (),
        unnamed=frozenset(unnamed),
    )


def _is_on(settings: Mapping[str, str], key: str) -> bool:
    return settings.get(key, "").lower() in {"1", "true", "yes", "on"}


def _npm_settings(environment: Mapping[str, str], home: Path) -> dict[str, str]:
    """Later files win, as npm reads them: the machine's, the user's, then the environment."""
    lower = {name.lower(): value for name, value in environment.items() if name.lower().startswith("npm_config_")}
    machine = [lower[key]] if (key := "npm_config_globalconfig") in lower else list(_GLOBAL_NPM)
    user = lower.get("npm_config_userconfig", str(home / ".npmrc"))
    settings: dict[str, str] = {}
    for path in (*machine, user):
        settings |= _npmrc(_text(Path(path)), environment)
    # npm takes no notice of a variable that is empty.
    return settings | {name.removeprefix("npm_config_"): value for name, value in lower.items() if value}


def _npmrc(text: str, environment: Mapping[str, str]) -> dict[str, str]:
    """The settings of one file; a value that names a variable which is not set is left out."""
    settings = {}
    for line in text.splitlines():
        key, equals, value = line.partition("=")
        if not equals or line.lstrip().startswith(("#", ";")):
            continue
        value = _VARIABLE.sub(lambda found: environment.get(found[1], found[0]), value.strip().strip("\"'"))
        if not _VARIABLE.search(value):
            settings[key.strip().strip("\"'")] = value
    return settings


def _npm_scopes(settings: Mapping[str, str]) -> Iterator[tuple[str, Registry]]:
    for key, url in settings.items():
        if re.fullmatch(r"@[^:/]+:registry", key) and (registry := _npm_registry(url, settings)):
            yield key.removesuffix(":registry"), registry


def _npm_registry(url: str, settings: Mapping[str, str]) -> Registry | None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    plain = _without_user(url).rstrip("/")
    return Registry(plain, dict(_npm_headers(plain, settings)), settings.get("cafile"))


def _npm_headers(url: str, settings: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The token of the longest "//host/path/" that the address lies below."""
    nerf = url.partition(":")[2] + "/"
    while nerf.count("/") > 2:
        if token := settings.get(f"{nerf}:_authToken"):
            yield "authorization", f"Bearer {token}"
            return
        if basic := settings.get(f"{nerf}:_auth"):
            yield "authorization", f"Basic {basic}"
            return
        user, password = settings.get(f"{nerf}:username"), settings.get(f"{nerf}:_password")
        if user and password:
            yield "authorization", _basic(user, base64.b64decode(password + "==").decode(errors="replace"))
            return
        nerf = nerf.rstrip("/").rpartition("/")[0] + "/"


def _pip_settings(environment: Mapping[str, str], home: Path) -> dict[str, str]:
    """Later files win, as pip reads them: the machine's, the user's, the environment's, then the variables."""
    own = environment.get("PIP_CONFIG_FILE")
    xdg = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    paths: Sequence[Path] = [
        *(Path(path) for path in _GLOBAL_PIP),
        home / ".pip" / "pip.conf",
        xdg / "pip" / "pip.conf",
        Path(sys.prefix) / "pip.conf",
        *([Path(own)] if own else []),
    ]
    settings: dict[str, str] = {}
    for path in [] if own == "/dev/null" else paths:
        settings |= _pip_conf(_text(path))
    named = {
        key: f"PIP_{key.upper().replace('-', '_')}" for key in ("index-url", "extra-index-url", "cert", "no-index")
    }
    return settings | {key: environment[name] for key, name in named.items() if environment.get(name)}


def _pip_conf(text: str) -> dict[str, str]:
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text)
    except configparser.Error:
        return {}
    return {
        key: value for name in ("global", "install") if parser.has_section(name) for key, value in parser.items(name)
    }


def _python_registries(index: str, settings: Mapping[str, str]) -> Iterator[Registry]:
    for url in (*index.split(), *settings.get("extra-index-url", "").split()):
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and parts.hostname:
            headers = {}
            if parts.username:
                headers["authorization"] = _basic(unquote(parts.username), unquote(parts.password or ""))
            yield Registry(_without_user(url).rstrip("/"), headers, settings.get("cert"))


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def _without_user(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _text(path: Path) -> str:
    """A file's text; nothing where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES).decode(errors="replace")
    except (OSError, ValueError):
        return ""
