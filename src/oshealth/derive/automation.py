"""Which files of a tree are tests, which name actions and images, and whether those are pinned."""

import re
from collections.abc import Iterable, Mapping

import polars as pl

from oshealth.collect.manifests.names import FIXTURES
from oshealth.derive.source_files import is_own

TESTS = (
    r"(?:^|/)(?:tests?|specs?|__tests__|e2e|cypress)/|(?:^|/)test_[^/]+\.(?:py|rb|sh|bats)$"
    r"|[^/]_(?:test|spec)\.(?:py|rb|go|exs|js|ts|dart|cc|cpp)$|\.(?:test|spec)\.[cm]?[jt]sx?$"
    # A class: MapTest and MapIT, but neither Latest nor Edit.
    r"|(?-i:(?:Tests?|TestCase|[a-z0-9]IT)\.(?:java|kt|cs|php)$)"
)
_NO_CODE = r"\.(?:md|markdown|rst|adoc|txt|pdf|png|svg|gif|jpe?g)$|(?:^|/)[^./]+$"
"""What is no test, wherever it lies: a folder `spec` may hold a specification."""
_SOURCE = r"\.(?:py|rb|go|rs|js|ts|java|kt|php|cs)$"
"""What is no Dockerfile, though it bears its name: the code that reads one."""
WORKFLOW = r"^\.(?:github|gitea|forgejo)/workflows/[^/]+\.ya?ml$|(?:^|/)action\.ya?ml$"
IMAGES = (
    r"(?:^|/)(?:docker|container)file(?:\.[^/]+)?$|\.(?:docker|container)file$"
    r"|(?:^|/)(?:docker-)?compose[^/]*\.ya?ml$|^\.gitlab-ci\.ya?ml$"
)
KINDS: Mapping[str, str] = {"tests": TESTS, "pins": f"{WORKFLOW}|{IMAGES}"}

_NAMED = re.compile(r"""^[ \t]*(?:-[ \t]*)?(?:uses|image):[ \t]*["']?([^\s"'#]+)""", re.MULTILINE)
_FROM = re.compile(
    r"^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*(\S+)(?:[ \t]+AS[ \t]+(\S+))?[ \t]*$", re.MULTILINE | re.IGNORECASE
)
_ARG = re.compile(r"^[ \t]*ARG[ \t]+(\w+)=[\"']?([^\s\"']{1,300})", re.MULTILINE | re.IGNORECASE)
_MOST_VARIABLES = 8
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
# A digest that an argument gives is one, whichever it is.
_PINNED = re.compile(r"@(?:sha256:(?:[0-9a-f]{64}|\$\{\w+\})|[0-9a-f]{40})$")


def automation_files(files: pl.DataFrame) -> pl.DataFrame:
    """FILE rows of the kinds of `KINDS`, without vendored ones: one row per file, stretch of time and kind."""
    path = pl.col("path")
    of_kind = [
        files.filter(path.str.contains(f"(?i){pattern}")).with_columns(pl.lit(kind).alias("kind"))
        for kind, pattern in KINDS.items()
    ]
    is_prose = (pl.col("kind") == "tests") & path.str.contains(f"(?i){_NO_CODE}")
    is_no_manifest = (pl.col("kind") == "pins") & path.str.contains(rf"(?i){FIXTURES}|{_SOURCE}")
    return (
        pl.concat(of_kind)
        .filter(~is_prose & ~is_no_manifest & is_own("path"))
        .select("repository", "kind", "path", "blob", "from_at", "until_at")
    )


def pins_of(files: pl.DataFrame, texts: pl.DataFrame) -> dict[str, tuple[int, int]]:
    """By blob of the files that may name actions or images: how many are pinned to a SHA or digest, of how many."""
    wanted = files.filter(pl.col("kind") == "pins").select("blob").unique()
    found = texts.join(wanted, on="blob", how="semi").select("blob", "text").unique("blob")
    return {blob: count_pins(text) for blob, text in found.iter_rows() if text is not None}


def count_pins(text: str) -> tuple[int, int]:
    """Pinned references, and all of them, in a workflow, Dockerfile or compose file."""
    arguments = dict(_ARG.findall(text))
    started = [(_filled(base, arguments), stage) for base, stage in _FROM.findall(text)]
    own = {"scratch", *(stage.lower() for _, stage in started if stage)}
    bases = [base for base, _ in started if base.lower() not in own]
    named = [name for name in _NAMED.findall(text) if not name.startswith(("./", "../"))]
    references = [*bases, *named]
    return sum(_is_pinned(reference) for reference in references), len(references)


def _filled(base: str, arguments: Mapping[str, str]) -> str:
    """The base with the defaults of its arguments; what has none stays as it is written."""
    return _VARIABLE.sub(lambda found: arguments.get(found[1] or found[2], found[0]), base, count=_MOST_VARIABLES)


def _is_pinned(reference: str) -> bool:
    return _PINNED.search(reference) is not None


def total_pins(blobs: Iterable[str], pins: Mapping[str, tuple[int, int]]) -> tuple[int, int, int]:
    """Pinned references, all references, and files whose text was not kept."""
    pinned = total = unread = 0
    for blob in blobs:
        if blob not in pins:
            unread += 1
            continue
        of_blob = pins[blob]
        pinned, total = pinned + of_blob[0], total + of_blob[1]
    return pinned, total, unread
