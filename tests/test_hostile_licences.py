"""What a repository says of its licence is read in a moment, however it was made to take hours."""

import zipfile
from importlib.resources import files
from pathlib import Path
from time import process_time

import pytest

from hostile_repository import nested_licence, yaml_bomb
from oshealth.collect.changelog import headings
from oshealth.collect.manifests.syntax import MAX_DEPTH
from oshealth.collect.registries import archives
from oshealth.derive.own_licence import own_licence
from oshealth.derive.publiccode import read_publiccode
from oshealth.licences.conflicts import conflict
from oshealth.licences.texts import MOST_CHARACTERS, recognise
from oshealth.people import mailmap

A_MOMENT_SECONDS = 5.0
"""A hundred times what each takes here on a busy machine; unmended, most take an hour or more."""


@pytest.fixture(autouse=True)
def _in_a_moment() -> object:
    start = process_time()
    yield
    assert process_time() - start < A_MOMENT_SECONDS


@pytest.mark.parametrize(
    "text", ["\n" * MOST_CHARACTERS, "\n\t " * 60_000, "copyright" * 20_000], ids=["lines", "s", "c"]
)
def test_a_licence_file_of_nothing_is_no_licence(text: str) -> None:
    assert recognise(f"{text[:-1]}x") is None
    assert recognise(f"{'x' * 200}{text}") is None


def test_a_blank_first_line_does_not_hide_the_licence() -> None:
    text = (files("oshealth.licences") / "data" / "texts" / "MIT.txt").read_text(encoding="utf-8")
    found = recognise(f"\n\n\t Copyright (c) 2024 Town of Bytown\n\n{text}")
    assert found
    assert found.expression == "MIT"


def test_choices_within_choices_are_told_once() -> None:
    assert conflict("GPL-2.0-only", nested_licence(7)) is None
    assert conflict("GPL-2.0-only", nested_licence(25)) is None


def test_64_choices_of_many_licences_are_compared_by_licence() -> None:
    two = ("MIT", "ISC"), ("Zlib", "X11"), ("0BSD", "NTP"), ("curl", "libpng-2.0"), ("BSL-1.0", "IJG"), ("W3C", "HPND")
    pairs = " AND ".join(f"({one} OR {other})" for one, other in two)
    many = "BSD-2-Clause AND BSD-3-Clause AND Apache-2.0 AND PSF-2.0 AND OpenSSL AND PHP-3.01 AND ICU AND Info-ZIP"
    assert conflict(f"{pairs} AND {many}", f"{many} AND {pairs}") is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (yaml_bomb(12), "not YAML"),
        ("[" * 250_000, "not YAML"),
        ("a: &a [*a]", "not YAML"),
        ("publiccodeYmlVersion: 0x" + "f" * 9_000, None),
        ("publiccodeYmlVersion: 2024-99-99", None),
        (f'name: &a "{"x " * 100_000}"\nusedBy: [{"*a," * 15_000}]', None),
        ("".join(f"k{n}: {n}\n" for n in range(15_000)), None),
    ],
    ids=["merged", "deep", "itself", "number", "day", "aliases", "keys"],
)
def test_a_publiccode_made_to_burst_is_read_or_is_none(text: str, problem: str | None) -> None:
    assert read_publiccode(text).problem == problem


def test_values_of_publiccode_are_as_they_are_written() -> None:
    code = read_publiccode("publiccodeYmlVersion: 0.40\nname: No\ndependsOn:\n  open: [{name: a, optional: yes}]\n")
    assert (code.version, code.name, code.depends_on[0].is_optional) == ("0.40", "No", True)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pyproject.toml", f"a{'.a' * 499_000} = 1"),
        ("pyproject.toml", f"[a{'.a' * MAX_DEPTH}]\n" * 4_000),
        ("pyproject.toml", f"[project]\nlicense = 0x{'f' * 9_000}"),
        ("pyproject.toml", f"[project]\nclassifiers = [0x{'f' * 9_000}]"),
        ("pyproject.toml", "x = " + "[" * 900_000),
        ("package.json", '{"license": ' * 80_000),
        ("package.json", f'{{"license": {"1" * 900_000}}}'),
        ("package.json", '["MIT"]'),
        ("composer.json", f'{{"license": [{"[" * 400}{"]" * 400}]}}'),
        ("setup.cfg", "license" + "\n" * 900_000),
    ],
)
def test_a_manifest_made_to_burst_names_no_licence(path: str, text: str) -> None:
    assert own_licence(None, {path: text}, {}).names == ()


@pytest.mark.parametrize("line", ["# 1" + " " * 390 + "!", "# 1" + "# " * 190 + "!", "abc 1 " + "jan " * 95])
def test_a_changelog_of_long_headings_is_read(line: str) -> None:
    assert list(headings(f"{line}\n---\n" * 500)) == []


def test_a_mailmap_of_blanks_names_nobody() -> None:
    assert list(mailmap.hints_of([" " * 1_000_000, "a <b@c.example> " + " " * 5_000_000], [])) == []


def test_a_packages_readme_and_names_are_looked_through(tmp_path: Path) -> None:
    path = tmp_path / "package.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/README.md", "# License" + " " * 99_000 + "!")
        archive.writestr(f"a/{'licence' * 9_000}/x", "")
    assert archives.text_in(path.read_bytes()) is None
