"""sources.toml: what is allowed, and that every mistake is named at once with its line."""

import contextlib
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oshealth.pipeline.watched.project import open_project
from oshealth.sources import SourcesError, read_sources, repository_id

ROOT = Path(__file__).parents[1]

GOOD = """
[[codebase]]
id = "library-desk"
name = "Library Desk"
stewards = ["city-of-example"]

[[codebase.repository]]
url = "https://github.com/example/desk.git"
former = ["https://github.com/supplier/desk"]

[[codebase.repository]]
url = "https://gitlab.com/other/desk"
fork_of = "https://github.com/example/desk.git"
"""


def mistakes(tmp_path: Path, text: str) -> str:
    path = tmp_path / "sources.toml"
    path.write_text(text)
    with pytest.raises(SourcesError) as caught:
        read_sources(path)
    return str(caught.value)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(GOOD)
    codebase = read_sources(path).codebase[0]
    assert [r.id for r in codebase.repository] == ["github.com/example/desk", "gitlab.com/other/desk"]
    assert [r.id for r in codebase.own_repositories] == ["github.com/example/desk"]


def test_this_projects_own_file_is_good() -> None:
    sources = read_sources(ROOT / "sources.toml")
    assert [c.id for c in sources.codebase] == [
        "os2borgerpc",
        "consul-democracy",
        "digitransit",
        "golemio",
        "parlameter",
        "website-factory",
    ]
    assert sources.codebase[0].stewards == ("os2", "sambruk")


def test_all_mistakes_are_named_at_once_with_line_key_and_what_is_allowed(tmp_path: Path) -> None:
    wrong = (
        GOOD.replace('"library-desk"', '"Library Desk"')
        .replace("name =", "nmae =")
        .replace("https://gitlab", "http://gitlab")
    )
    assert mistakes(tmp_path, "[limits]\nconcurrency = 0\n" + wrong).splitlines() == [
        "sources.toml, line 2: limits.concurrency: Input should be greater than or equal to 1; here stands 0",
        "sources.toml, line 4: codebase.1.name: is missing",
        "sources.toml, line 5: codebase.1.id: lower-case letters, digits and dashes; here stands 'Library Desk'",
        "sources.toml, line 6: codebase.1.nmae: unknown key; allowed are name, id, summary, stewards, suppliers, "
        "users, countries, declared_archetype, repository, group, compare_forks",
        "sources.toml, line 14: codebase.1.repository.2.url: an address like https://host/owner/name; "
        "here stands 'http://gitlab.com/other/desk'",
    ]


def test_a_repository_watched_twice_is_named(tmp_path: Path) -> None:
    text = GOOD.replace("https://gitlab.com/other/desk", "https://github.com/Example/Desk")
    assert "line 12: codebase.1.repository.2.url: 'github.com/example/desk' stands here a second time" in mistakes(
        tmp_path, text
    )


def test_a_codebase_without_anything_to_read_is_named(tmp_path: Path) -> None:
    said = mistakes(tmp_path, GOOD + '[[codebase]]\nid = "empty"\nname = "Empty"\nstewards = ["os2"]\n')
    assert "line 14: codebase.2: has neither a [[codebase.repository]] nor a [[codebase.group]]" in said


def test_a_fork_names_a_repository_of_the_file(tmp_path: Path) -> None:
    text = GOOD.replace('fork_of = "https://github.com/example/desk.git"', 'fork_of = "https://github.com/else/where"')
    assert "line 13: codebase.1.repository.2.fork_of: the address of a repository in this file" in mistakes(
        tmp_path, text
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://github.com/a/b",
        "https://user@github.com/a/b",
        "https://github.com",
        "git@github.com:a/b",
        "ext::sh -c true",
        "-upload-pack=x",
        "https://github.com/a/b\\u0000",
        "https://github.com/a/b?x=1",
    ],
)
def test_odd_addresses_are_refused(tmp_path: Path, url: str) -> None:
    assert "repository.1.url" in mistakes(tmp_path, GOOD.replace("https://github.com/example/desk.git", url, 1))


def test_what_is_not_toml_is_said_with_its_line(tmp_path: Path) -> None:
    assert "not TOML" in mistakes(tmp_path, "codebase = [")
    # Longer than Python makes a number of.
    assert "not TOML" in mistakes(tmp_path, f"schedule = {'1' * 5_000}")
    assert "line 1" in mistakes(tmp_path, "a = 1 b")


def test_a_missing_file_says_what_makes_one(tmp_path: Path) -> None:
    with pytest.raises(SourcesError, match="oshealth init FOLDER"):
        read_sources(tmp_path / "sources.toml")


def test_a_repository_is_named_by_host_and_path() -> None:
    assert repository_id("https://GitHub.com/Owner/Name.git") == "github.com/Owner/Name"


@pytest.mark.parametrize("url", ["https://[x/a/b", "https://[::1/a/b", "https://a]b/c/d", "//[", "https://[x]y/a/b"])
@pytest.mark.parametrize("key", ["url", "fork_of", "former"])
def test_an_address_with_a_bracket_is_a_mistake_like_any_other(tmp_path: Path, url: str, key: str) -> None:
    value = f'["{url}"]' if key == "former" else f'"{url}"'
    first = '\n[[codebase.repository]]\nurl = "https://github.com/a/b"\n'
    text = GOOD + (first if key != "url" else "\n[[codebase.repository]]\n") + f"{key} = {value}\n"
    line = len(text.splitlines())
    assert f"sources.toml, line {line}: codebase.1.repository.3.{key}" in mistakes(tmp_path, text)


@given(st.text(max_size=40) | st.from_regex(r"https://[\[\]:@/a-z.%#?0-9]*", fullmatch=True))
def test_whatever_stands_for_an_address_is_an_address_or_a_mistake(url: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sources.toml"
        path.write_text(GOOD + f"\n[[codebase.repository]]\nurl = {json.dumps(url)}\n", "utf-8", "surrogatepass")
        with contextlib.suppress(SourcesError):
            assert read_sources(path).codebase[0].repository[2].url.startswith("https://")


def test_whoever_nobody_knows_is_named_with_line_and_what_is_near(tmp_path: Path) -> None:
    text = """
[[organisation]]
id = "desk-makers"
name = "Desk Makers"
type = "supplier"

[[codebase]]
id = "library-desk"
name = "Library Desk"
stewards = ["magneta"]
suppliers = ["desk-maker", "magenta", "desk-makers"]
users = [
    "aarhus",
    "own-town", # as organisations.toml says
    "qqqqqq",
]

[[codebase.repository]]
url = "https://github.com/example/desk"
"""
    (tmp_path / "sources.toml").write_text(text)
    (tmp_path / "organisations.toml").write_text(
        '[[organisation]]\nid = "own-town"\nname = "O"\ntype = "municipality"\n'
    )
    with pytest.raises(SourcesError) as caught:
        open_project(tmp_path)
    assert str(caught.value).splitlines() == [
        "sources.toml, line 10: codebase.1.stewards.1: magneta: no such organisation; did you mean magenta?",
        "sources.toml, line 11: codebase.1.suppliers.1: desk-maker: no such organisation; did you mean desk-makers?",
        "sources.toml, line 13: codebase.1.users.1: aarhus: no such organisation; did you mean dk-751 (Aarhus)?",
        "sources.toml, line 15: codebase.1.users.3: qqqqqq: no such organisation; [[organisation]] here or in "
        "organisations.toml makes it known",
    ]


def test_the_organisations_of_this_projects_own_file_are_known() -> None:
    assert open_project(ROOT).sources.codebase
