"""Which forge a repository lives on, how it is reached, and whose token is sent there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from oshealth.collect.forges.answers import ForgeError
from oshealth.collect.forges.pace import Pace, Patience
from oshealth.sources import Host

ForgeKind = Literal["github", "gitlab"]
_KNOWN: Mapping[str, ForgeKind] = {"github.com": "github", "gitlab.com": "gitlab"}
_VARIABLES: Mapping[str, tuple[str, ...]] = {
    "github.com": ("OSHEALTH_GITHUB_TOKEN", "GITHUB_TOKEN"),
    "gitlab.com": ("OSHEALTH_GITLAB_TOKEN", "GITLAB_TOKEN"),
}
APP_VARIABLES = ("OSHEALTH_GITHUB_APP_ID", "OSHEALTH_GITHUB_APP_INSTALLATION", "OSHEALTH_GITHUB_APP_KEY")


@dataclass(frozen=True)
class ForgePlace:
    """Where a repository lives."""

    kind: ForgeKind
    host: str
    """As in the address, with its port."""
    path: str

    @property
    def api(self) -> str:
        """The beginning of its interface's addresses."""
        if self.kind == "gitlab":
            return f"https://{self.host}"
        return "https://api.github.com" if self.host == "github.com" else f"https://{self.host}/api/v3"

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables that may hold its token, the first that is set counts."""
        return _VARIABLES.get(self.host, (f"OSHEALTH_TOKEN_{_variable(self.host)}",))


@dataclass(frozen=True)
class App:
    """A GitHub App as installed for an organisation."""

    id: str
    installation: int
    key: str = field(repr=False)


@dataclass(frozen=True)
class Way:
    """How a forge is reached."""

    api: str
    token: str | None = field(repr=False)
    variable: str
    """Where the token comes from, for messages."""
    pace: Pace
    patience: Patience
    app: App | None = None

    @property
    def is_known(self) -> bool:
        """Whether the forge will know who asks."""
        return bool(self.token or self.app)


def forge_at(url: str, hosts: Sequence[Host] = (), *, is_group: bool = False) -> ForgePlace | None:
    """Where a repository or group lives; none where its host is no forge that is known."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower() + (f":{parts.port}" if parts.port not in {None, 443} else "")
    path = parts.path.strip("/").removesuffix(".git")
    declared = {one.name.lower(): one.forge for one in hosts}
    kind = declared.get(host, "none")
    if kind == "none":
        kind = _KNOWN.get(host, "none")
    if kind == "none" or not ("/" in path or is_group):
        return None
    return ForgePlace(kind, host, path)


def way_to(place: ForgePlace, environment: Mapping[str, str], pace: Pace, patience: Patience) -> Way:
    """The way to a forge with the token that the environment has for this host, and for no other.

    Raises:
        ForgeError: the variables of a GitHub App are not whole.
    """
    variable = next((name for name in place.variables if environment.get(name, "").strip()), "")
    token = environment.get(variable, "").strip() or None
    if token and not (token.isascii() and token.isprintable() and " " not in token):
        raise ForgeError("bad_token", f"{variable} holds something that is no token.")
    app = _app(environment) if place.host == "github.com" and not token else None
    return Way(place.api, token, variable or (APP_VARIABLES[2] if app else place.variables[0]), pace, patience, app)


def _app(environment: Mapping[str, str]) -> App | None:
    found = [environment.get(name, "").strip() for name in APP_VARIABLES]
    if not any(found):
        return None
    number, installation, key = found
    if not all(found) or not installation.isdigit():
        raise ForgeError(
            "bad_token", f"A GitHub App needs {', '.join(APP_VARIABLES[:2])} and {APP_VARIABLES[2]}, all three."
        )
    if "PRIVATE KEY" not in key:
        try:
            key = Path(key).read_text(encoding="ascii")
        except (OSError, ValueError):
            raise ForgeError("bad_token", f"{APP_VARIABLES[2]} is neither a private key nor a file with one.") from None
    return App(number, int(installation), key)


def _variable(host: str) -> str:
    return "".join(character if character.isalnum() else "_" for character in host).upper()
