"""Versions are known in every form that tags and headings give them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oshealth.collect.changelog import added_version, headings, version_of_title
from oshealth.collect.versions import Version, parse_version


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("v1.2.3", "1.2.3"),
        ("V1.2", "1.2"),
        ("2.4.0", "2.4.0"),
        ("2.1.1.3", "2.1.1.3"),
        ("v7", "7"),
        ("version2.3.0", "2.3.0"),
        ("release-1.2", "1.2"),
        ("release/1.2.0", "1.2.0"),
        ("name-1.2.3", "1.2.3"),
        ("two-words-v1.2.3", "1.2.3"),
        ("module/v1.2.3", "1.2.3"),
        ("@scope/name@1.2.3", "1.2.3"),
        ("name@1.2.3", "1.2.3"),
        ("1_2_3", "1.2.3"),
        ("1.2.3+build.7", "1.2.3"),
        ("20230110", "20230110"),
        ("20230110V3b", "20230110v3b"),
        ("20230304_v3", "20230304_v3"),
        ("20231012-v3-b", "20231012-v3-b"),
        ("20170911-2", "20170911-2"),
        ("20182802", "20182802"),
        ("28-02-2018", "28-02-2018"),
        ("2018-03-07", "2018-03-07"),
        ("30.5.2019", "30.5.2019"),
        ("v2024.05.01", "2024.05.01"),
        ("2024-05", "2024-05"),
        ("release-2024-05", "2024-05"),
        ("rel-8-6-5", "8.6.5"),
        ("release-3-4", "3.4"),
        ("name-release-3-4-1", "3.4.1"),
        ("@scope/next@1.2.3", "1.2.3"),
        ("pre@1.2.3", "1.2.3"),
    ],
)
def test_a_version_is_read(name: str, version: str) -> None:
    assert parse_version(name) == Version(version, is_prerelease=False)


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("5.2.0-rc1", "5.2.0-rc1"),
        ("5.2.0rc1", "5.2.0-rc1"),
        ("v5.2.0.RC1", "5.2.0-rc1"),
        ("5.2.0-rc.1", "5.2.0-rc1"),
        ("5.20-0-rc2", "5.20-0-rc2"),
        ("1.0.0-beta", "1.0.0-beta"),
        ("1.0b2", "1.0-beta2"),
        ("1.0a1", "1.0-alpha1"),
        ("2.0.0.dev3", "2.0.0-dev3"),
        ("2.0-pre1", "2.0-rc1"),
        ("1.2.3-SNAPSHOT", "1.2.3-snapshot"),
        ("1.2.3-nightly.20240101", "1.2.3-nightly20240101"),
        ("1.2.3-x.7.z.92", "1.2.3-x7-z92"),
        ("20240101-rc1", "20240101-rc1"),
        ("nightly-2024-01-01", "2024-01-01"),
        ("app/canary-20240101", "20240101"),
        ("proposal.forwarding.draft-1.1", "1.1"),
        ("2.0-EA1", "2.0-ea1"),
        ("rel-8-6-0-rc1", "8.6.0-rc1"),
        ("release-2024-05-rc1", "2024-05-rc1"),
        ("@scope/next@1.2.3-beta.1", "1.2.3-beta1"),
    ],
)
def test_a_prerelease_is_marked(name: str, version: str) -> None:
    assert parse_version(name) == Version(version, is_prerelease=True)


@pytest.mark.parametrize(("name", "version"), [("1.2.3-post1", "1.2.3-post1"), ("1.2.3.1", "1.2.3.1")])
def test_what_comes_after_a_release_is_no_prerelease(name: str, version: str) -> None:
    assert parse_version(name) == Version(version, is_prerelease=False)


@pytest.mark.parametrize("name", ["1.0.0.Final", "1.0.0.GA", "1.0.0.RELEASE", "v1.0.0-stable", "v1.0.0"])
def test_a_word_for_finished_says_nothing_more(name: str) -> None:
    assert parse_version(name) == Version("1.0.0", is_prerelease=False)


@pytest.mark.parametrize(
    ("name", "part"), [("v1.2.3", ""), ("Release-1.2.3", ""), ("module/v1.2.3", "module"), ("a-b@1.2.3", "a-b")]
)
def test_a_name_before_the_version_is_that_of_a_part(name: str, part: str) -> None:
    version = parse_version(name)
    assert version
    assert (version.text, version.part) == ("1.2.3", part)


@pytest.mark.parametrize(
    "name",
    [
        "before-merge-1.0",
        "backup/2024-01-01",
        "pre-2.0",
        "list",
        "latest",
        "",
        "v",
        "k0.1.17",
        "sos0.1",
        "python-3",
        "3-columns",
        "2.x",
        "1.2.3 and more",
        "99-99-2018",
        "x" * 5000,
        "1." * 3000,
        "v1.2.3\n",
        "deploy-2",
        "deploy-2-1",
        "rel-3-5-old",
        "2024-13",
        "2024-05-99",
        "1.2.3-" + "a-" * 2000,
    ],
)
def test_what_says_no_version_has_none(name: str) -> None:
    assert parse_version(name) is None


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        (r"k\.?(?P<version>[\d.]+)", "k0.1.17", Version("0.1.17", is_prerelease=False)),
        (r"sos([\d.]+)(rc)?", "sos0.1", Version("0.1", is_prerelease=False)),
        (r"sprint-\d+", "sprint-12", Version("sprint-12", is_prerelease=False)),
        (r"k[\d.]+", "v1.0", Version("1.0", is_prerelease=False)),
    ],
)
def test_other_forms_are_told_by_a_pattern(pattern: str, name: str, expected: Version) -> None:
    assert parse_version(name, pattern) == expected


@pytest.mark.parametrize(
    ("title", "version"),
    [
        ("[1.2.3] - 2024-05-01", "1.2.3"),
        ("[1.2.3](https://forge.example/compare/v1.2.2...v1.2.3) (2024-05-01)", "1.2.3"),
        ("[1.2.3][123]", "1.2.3"),
        ("[0.8.0](https://forge.example/tree/0.8.0)- 2016-07-21", "0.8.0"),
        ("v1.2.3 (May 1st, 2024)", "1.2.3"),
        ("Version 2.5.0, April 09, 2024", "2.5.0"),
        ("Release 1.2", "1.2"),
        ("1.2.3 / 2024-05-01", "1.2.3"),
        ("**1.2.3**", "1.2.3"),
        ('<a name="1.2.3"></a>1.2.3 (2024-05-01)', "1.2.3"),
        ("@scope/name@1.2.3", "1.2.3"),
        ("product 1.2.3 (2024-05-01)", "1.2.3"),
        ("Changes in version 1.2.3", "1.2.3"),
        ("🎉 1.2.3", "1.2.3"),
        ("2024-05-01", "2024-05-01"),
        ("1.0.0-beta (2019-04-29)", "1.0.0-beta"),
    ],
)
def test_a_title_names_its_version(title: str, version: str) -> None:
    found = version_of_title(title)
    assert found is not None
    assert found.text == version


@pytest.mark.parametrize(
    "title",
    [
        "[Unreleased]",
        "Unreleased",
        "2.0.0 (unreleased)",
        "3.0.0 - TBD",
        "Added",
        "Rails 4.2.6",
        "2024",
        "2024-05",
        "",
        "-",
        "[]()",
        "Upcoming: 2.0.0",
        "Fixed in 1.2",
        "[" * 3000,
    ],
)
def test_a_title_without_a_released_version_names_none(title: str) -> None:
    assert version_of_title(title) is None


def test_headings_are_found_in_every_markup() -> None:
    text = """Changelog 9.9.9
- 8.8.8 is no heading
## [Unreleased]
## [1.6.0](https://forge.example/1.6.0) (2024-01-01)
### 1.5.1
##1.5.0
Version 1.4.0, May 3, 2023
--------------------------

1.3.0 (2022-01-01)\r
==================\r
== 1.2.0
    1.1.0
    -----
1.0.9 stands in a sentence
### Changed
"""
    assert [heading.version.text for heading in headings(text)] == [
        "1.6.0",
        "1.5.1",
        "1.5.0",
        "1.4.0",
        "1.3.0",
        "1.2.0",
    ]
    assert next(headings(text)).line == "## [1.6.0](https://forge.example/1.6.0) (2024-01-01)"


@pytest.mark.parametrize("words", ["Unreleased", "*Unreleased*", "Release date: TBD", "(in development)"])
def test_a_heading_above_the_word_unreleased_names_no_release_yet(words: str) -> None:
    text = f"Version 3.2.0\n-------------\n\n{words}\n\n-   Drop this.\n\nVersion 3.1.0\n-------------\n\nReleased\n"
    assert [heading.version.text for heading in headings(text)] == ["3.1.0"]


def test_an_added_line_is_a_heading_whether_its_underline_came_with_it_or_not() -> None:
    assert added_version("Version 1.4.0, May 3, 2023") == Version("1.4.0", is_prerelease=False)
    assert added_version("## 1.4.0") == Version("1.4.0", is_prerelease=False)
    assert added_version("- 1.4.0 is out") is None


PARTS = st.sampled_from(
    ["v", "release-", "1", "2", ".", "-", "_", "rc", "beta", "b", "dev", "2024", "0501", "x", "+", "@", "/"]
)


@given(st.lists(PARTS, max_size=12).map("".join))
def test_a_normal_form_is_its_own(name: str) -> None:
    if version := parse_version(name):
        again = parse_version(version.text)
        assert again is not None
        assert again.text == version.text


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading_of_versions_and_headings(text: str) -> None:
    parse_version(text)
    version_of_title(text)
    assert len(list(headings(text))) <= text.count("\n") + 1
