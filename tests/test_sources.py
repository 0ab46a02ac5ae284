"""sources.toml: what is allowed, and that every mistake is named at once with its line."""

from pathlib import Path

import pytest

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
    assert "line 1" in mistakes(tmp_path, "a = 1 b")


def test_a_missing_file_says_what_makes_one(tmp_path: Path) -> None:
    with pytest.raises(SourcesError, match="oshealth init FOLDER"):
        read_sources(tmp_path / "sources.toml")


def test_a_repository_is_named_by_host_and_path() -> None:
    assert repository_id("https://GitHub.com/Owner/Name.git") == "github.com/Owner/Name"
