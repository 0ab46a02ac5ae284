"""In which section of their distribution system packages stand, by the lists of the user's own apt."""

import re
from collections.abc import Iterable, Mapping

from oshealth.collect.child import Command, Limits, run
from oshealth.collect.errors import CollectError

SOURCE = "apt"
_NAME = re.compile(r"[a-z0-9][a-z0-9+.-]{1,100}")
_ROW = re.compile(r"^\s*(\S+) \| \S+ \| \S+ \S+?/(\S+) \S+ Packages$")
_MOST_NAMES = 5_000
SECTIONS = {
    "main": "LicenseRef-Debian-main",
    "universe": "LicenseRef-Debian-main",
    "contrib": "LicenseRef-Debian-contrib",
    "non-free": "LicenseRef-Debian-non-free",
    "restricted": "LicenseRef-Debian-non-free",
    "multiverse": "LicenseRef-Debian-non-free",
    "non-free-firmware": "LicenseRef-Debian-non-free-firmware",
}
"""What a section stands for, the most open one first. "contrib" is open itself but needs what is not."""


def sections_of(names: Iterable[str], environment: Mapping[str, str]) -> dict[str, str]:
    """The section of each package that the lists have, by name; of none where there is no apt."""
    wanted = sorted({name for name in names if _NAME.fullmatch(name)})[:_MOST_NAMES]
    if not wanted:
        return {}
    kept = {"PATH": environment.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"}
    limits = Limits(seconds=20, megabytes=1024, output_bytes=50_000_000)
    try:
        output = run(Command(("apt-cache", "madison", "--", *wanted), kept, limits))
    except (CollectError, OSError):
        return {}
    return read_sections(output.decode(errors="replace"))


def read_sections(output: str) -> dict[str, str]:
    """The rows of `apt-cache madison`; a package that stands in several sections has the most open one."""
    order = list(SECTIONS)
    found: dict[str, str] = {}
    for line in output.splitlines():
        row = _ROW.match(line)
        if row and row[2] in SECTIONS:
            name, section = row[1], row[2]
            if name not in found or order.index(section) < order.index(found[name]):
                found[name] = section
    return found
