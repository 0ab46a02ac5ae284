"""From an address to a forge that can be asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from oshealth.collect.address import check_address, public_addresses
from oshealth.collect.errors import AddressError
from oshealth.collect.forges.accounts import Accounts
from oshealth.collect.forges.answers import UNREADABLE, Forge, ForgeError
from oshealth.collect.forges.pace import Pace, Patience, pace_of
from oshealth.collect.forges.way import ForgePlace, Way, way_to
from oshealth.collect.transfer import is_proxied
from oshealth.sources import Host

RUN = Patience(hold_seconds=2)
"""Who must wait for a limit makes room for others."""
LAST = Patience(limit_seconds=0)
"""A limit is not waited for any more."""
AUDIT = Patience(attempts=3, limit_seconds=30, read_seconds=10, fault_seconds=30, afterwards="ask again then")
"""An audit does not wait for an hour."""
_WITHOUT_TOKEN_SECONDS = {"github": 0, "gitlab": 120}


@dataclass(frozen=True)
class Asker:
    """Who asks, and with what."""

    environment: Mapping[str, str]
    """Holds the tokens."""
    key: bytes
    """Of the accounts' hashes."""
    hosts: Sequence[Host] = ()
    concurrency: int = 4
    patience: Patience = RUN


def has_token(place: ForgePlace, environment: Mapping[str, str]) -> bool:
    """Whether the environment has a token for a forge."""
    return way_to(place, environment, Pace(), RUN).is_known


def open_forge(place: ForgePlace, repository: str, asker: Asker) -> Forge:
    """A forge, connected; nothing is asked yet but the name of its host.

    Raises:
        ForgeError: the host has no address, or one that is not asked.
    """
    way = way_to(place, asker.environment, pace_of(place.host, asker.concurrency), asker.patience)
    if not way.is_known:
        longest = min(asker.patience.limit_seconds, _WITHOUT_TOKEN_SECONDS[place.kind])
        way = replace(way, patience=replace(asker.patience, limit_seconds=longest))
    _check_host(place, asker)
    return connected(place, way, repository, asker.key)


def repositories_of(place: ForgePlace, asker: Asker) -> list[str]:
    """The addresses of a group's repositories.

    Raises:
        ForgeError: the forge does not tell.
    """
    forge = open_forge(place, "", asker)
    if place.kind == "github":
        from oshealth.collect.forges import github_rest  # noqa: PLC0415

        # One listing of REST holds them all, with a token or without.
        forge = github_rest.GitHubRest(forge.way, forge.requester, Accounts(asker.key, place.host), "")  # type: ignore[attr-defined]
    try:
        found: list[str] = forge.repositories(place.path)  # type: ignore[attr-defined]
        return sorted(check_address(url, asker.hosts) for url in found)
    except (KeyError, TypeError, AttributeError, AddressError):
        raise ForgeError("unreadable", UNREADABLE) from None


def connected(place: ForgePlace, way: Way, repository: str, key: bytes) -> Forge:
    """The forge at the end of a way. The libraries are imported here: they take a while."""
    accounts = Accounts(key, place.host)
    if place.kind == "gitlab":
        from oshealth.collect.forges import gitlab  # noqa: PLC0415

        return gitlab.GitLab(way, gitlab.connect(way), accounts, repository)
    from oshealth.collect.forges import github, github_rest  # noqa: PLC0415

    made = github.GitHub if way.is_known else github_rest.GitHubRest
    return made(way, github.connect(way), accounts, repository)


def _check_host(place: ForgePlace, asker: Asker) -> None:
    try:
        # The interface's host is the repository's, or a neighbour of it that is known.
        check_address(f"https://{place.host}/{place.path}", asker.hosts)
        if not is_proxied(place.api, asker.environment) and not public_addresses(place.api, asker.hosts):
            raise ForgeError("unreachable", f"The name of the host {place.host} could not be resolved.")
    except AddressError as error:
        raise ForgeError("refused", str(error)) from None
