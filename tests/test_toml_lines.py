"""At which line a table, a key or an item of a TOML text stands."""

import time
import tomllib

import pytest

from oshealth.toml_lines import Location, TomlLines

TEXT = '''\
title = "x" # 1
[[codebase]]
stewards = [ # 3
    "a", "b",
    # "c",
    { domain = "d", days = [1, 2] },

    ["e",
     "f"], "[g"
]
users = ["h"] # 11
summary = """
id = "no key"
[nor a table]
list = [
"""
id = "one" # 17
[[codebase]] # 18
[[codebase.repository]] # 19
url = "x"
[[codebase.repository]] # 21
"a.b".c = 1
[target.'cfg(any(unix, "x"))'.dependencies] # 23
libc = "1"
[target."a [b]".dependencies]
serde = "1" # 26
'''


@pytest.mark.parametrize(
    ("location", "line"),
    [
        (("title",), 1),
        (("codebase", 0), 2),
        (("codebase", 0, "stewards"), 3),
        (("codebase", 0, "stewards", 0), 4),
        (("codebase", 0, "stewards", 1), 4),
        (("codebase", 0, "stewards", 2), 6),
        (("codebase", 0, "stewards", 3, 1), 8),
        (("codebase", 0, "stewards", 4), 9),
        (("codebase", 0, "users", 0), 11),
        (("codebase", 0, "users", 7), 11),
        (("codebase", 0, "id"), 17),
        (("codebase", 0, "list"), 2),
        (("codebase", 1, "repository", 0, "url"), 20),
        (("codebase", 1, "repository", 1), 21),
        (("codebase", 1, "repository", 1, "a.b", "c"), 22),
        (("target", 'cfg(any(unix, "x"))', "dependencies", "libc"), 24),
        (("target", "a [b]", "dependencies", "serde"), 26),
        (("nowhere", 3, "x"), 1),
    ],
)
def test_a_line_is_found(location: Location, line: int) -> None:
    tomllib.loads(TEXT)
    assert TomlLines(TEXT).of(location) == line


@pytest.mark.parametrize(
    "text",
    [
        "a = [" + '"\\' * 100_000,
        "[" * 100_000,
        "a = [" * 50_000,
        "a" + " " * 200_000,
        "[a" + " ." * 100_000,
        "\n" * 200_000,
    ],
)
def test_hostile_text_takes_no_time(text: str) -> None:
    start = time.monotonic()
    TomlLines(text)
    assert time.monotonic() - start < 2
