"""Git as every other module calls it: nothing of the user's or the repository's configuration is obeyed."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from oshealth.collect.child import Command, Limits, Watch, run, run_together, stream
from oshealth.collect.errors import ChildMissing

_INHERITED = (
    *("PATH", "TMPDIR"),
    *("http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH"),
)

_NOWHERE = "/nonexistent"
_OLDEST = (2, 38)
"""Git knows safe.bareRepository from here on."""

_FIXED = {
    "HOME": _NOWHERE,
    "XDG_CONFIG_HOME": _NOWHERE,
    "LC_ALL": "C",
    "TZ": "UTC",
    "GIT_ALLOW_PROTOCOL": "https",
    "GIT_ASKPASS": "false",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_EDITOR": "true",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_PROTOCOL_FROM_USER": "0",
    "GIT_SSH_COMMAND": "false",
    "GIT_TERMINAL_PROMPT": "0",
    "SSH_ASKPASS": "false",
}

SETTINGS: Mapping[str, str] = {
    # Some versions read attributes from HEAD in a bare repository, unless told of a tree that is none.
    "attr.tree": "refs/none",
    "core.attributesFile": os.devnull,
    "core.excludesFile": os.devnull,
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.logAllRefUpdates": "false",
    "core.quotePath": "false",
    "credential.helper": "",
    "diff.mnemonicPrefix": "false",
    "diff.noPrefix": "false",
    "diff.relative": "false",
    "diff.renameLimit": "1000",
    "fetch.unpackLimit": "1",
    "gc.auto": "0",
    "http.followRedirects": "false",
    "http.lowSpeedLimit": "100",
    "http.lowSpeedTime": "60",
    "init.defaultBranch": "main",
    "log.mailmap": "false",
    "log.showSignature": "false",
    "maintenance.auto": "false",
    "protocol.allow": "never",
    "protocol.https.allow": "always",
    "safe.bareRepository": "explicit",
    "submodule.recurse": "false",
    "transfer.bundleURI": "false",
}
"""What every call sets; it wins over what a repository's own configuration says."""


def git_environment(inherited: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of every git: search path, proxies and certificates of the user, and nothing else of theirs."""
    source = os.environ if inherited is None else inherited
    kept = {name: source[name] for name in _INHERITED if source.get(name)}
    if "GIT_SSL_CAINFO" not in kept and "SSL_CERT_FILE" in kept:
        kept["GIT_SSL_CAINFO"] = kept["SSL_CERT_FILE"]
    return {"PATH": os.defpath, **kept, **_FIXED}


def check_git(inherited: Mapping[str, str] | None = None) -> None:
    """See that git is there before any work begins: without it every repository would seem damaged.

    Raises:
        ChildMissing: it is not on the search path, or too old.
    """
    needed = f"oshealth needs git {_OLDEST[0]}.{_OLDEST[1]} or later"
    try:
        said = run(Command(("git", "--version"), git_environment(inherited))).decode(errors="replace")
    except ChildMissing:
        raise ChildMissing(f"git is not on PATH: {needed}; install it, or put its folder on PATH") from None
    found = re.search(r"(\d+)\.(\d+)", said)
    if found and (int(found[1]), int(found[2])) < _OLDEST:
        raise ChildMissing(f"the git on PATH is version {found[0]}: {needed}")


@dataclass(frozen=True)
class Git:
    """Git on one bare repository, mirror or overlay."""

    directory: Path
    environment: Mapping[str, str] = field(default_factory=git_environment)
    limits: Limits = field(default_factory=Limits)
    settings: Mapping[str, str] = field(default_factory=lambda: SETTINGS)

    def run(self, *arguments: str, stdin: bytes | None = None, watch: Watch | None = None) -> bytes:
        """The output of one git command; see `child.run` for what it raises."""
        return run(self.command(*arguments, stdin=stdin), watch)

    def stream(self, *arguments: str, stdin: bytes | None = None) -> Iterator[bytes]:
        """Its output in chunks as they come."""
        return stream(self.command(*arguments, stdin=stdin))

    def run_together(self, arguments: Sequence[str], inputs: Sequence[bytes]) -> list[bytes]:
        """The outputs of one command started once for each input, all at the same time."""
        return run_together([self.command(*arguments, stdin=stdin) for stdin in inputs])

    def command(self, *arguments: str, stdin: bytes | None = None) -> Command:
        """One call, to be run by `child`: alone, or together with calls on other repositories."""
        return Command(("git", *arguments), self._whole_environment(), self.limits, stdin or b"")

    def with_settings(self, **settings: str) -> "Git":
        """The same with more settings, "__" standing for the dots of their names."""
        more = {name.replace("__", "."): value for name, value in settings.items()}
        return replace(self, settings={**self.settings, **more})

    def _whole_environment(self) -> dict[str, str]:
        counted = {"GIT_CONFIG_COUNT": str(len(self.settings))}
        for number, (name, value) in enumerate(self.settings.items()):
            counted[f"GIT_CONFIG_KEY_{number}"] = name
            counted[f"GIT_CONFIG_VALUE_{number}"] = value
        return {**self.environment, **counted, "GIT_DIR": str(self.directory)}
