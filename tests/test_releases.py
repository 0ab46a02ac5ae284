"""Tags and headings become releases, each at its moment and commit."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from oshealth.collect.child import Limits
from oshealth.collect.git import Collected, Request, collect_frames
from oshealth.collect.overlay import overlay
from repositories import START, Repo, clone_of_history

DAY = timedelta(days=1)
SIGNED = "The first\n-----BEGIN PGP SIGNATURE-----\n\niQ\n-----END PGP SIGNATURE-----"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "product.git")


def releases_of(path: Path, tag_pattern: str | None = None) -> pl.DataFrame:
    return collected(path, tag_pattern).frames["release"]


def collected(path: Path, tag_pattern: str | None = None, limits: Limits | None = None) -> Collected:
    asked = Request("forge.example/town/product", "", b"k" * 32, START + 1000 * DAY, tag_pattern)
    with overlay(path) as opened:
        git = replace(opened.git, limits=limits or opened.git.limits)
        return collect_frames(replace(opened, git=git), asked)


def test_a_lightweight_tag_is_of_its_commits_moment_and_an_annotated_one_of_its_taggers(repo: Repo) -> None:
    sha = repo.commit({"a": "1"})
    repo.tag("v1.0.0")
    repo.tag("v1.0.1-rc1", message="Try it", date=START + 3 * DAY)
    repo.tag("v1.0.1", message=SIGNED, date=START + 4 * DAY)
    columns = ["name", "version", "released_at", "sha", "is_prerelease", "is_signed", "base_shas"]
    assert releases_of(repo.path).sort("released_at").select(columns).rows() == [
        ("v1.0.0", "1.0.0", START, sha, False, False, None),
        ("v1.0.1-rc1", "1.0.1-rc1", START + 3 * DAY, sha, True, False, None),
        ("v1.0.1", "1.0.1", START + 4 * DAY, sha, False, True, None),
    ]


def test_tags_of_trees_files_and_words_are_no_releases(repo: Repo) -> None:
    repo.commit({"a": "1"})
    repo.git("update-ref", "refs/tags/v2.0", repo.git("rev-parse", "main^{tree}"))
    repo.git("update-ref", "refs/tags/v3.0", repo.git("rev-parse", "main:a"))
    repo.tag("latest")
    repo.tag("v1.0", message="First")
    repo.tag("v1.1", "v1.0", message="A tag of a tag")
    assert set(releases_of(repo.path)["name"]) == {"v1.0", "v1.1"}


def test_parts_with_the_same_version_at_different_commits_are_different_releases(repo: Repo) -> None:
    repo.commit({"a": "1"})
    repo.tag("v1.0.0")
    repo.tag("core@1.0.0")
    repo.tag("core@1.0.1")
    repo.commit({"a": "2"})
    repo.tag("cli@1.0.0")
    repo.tag("cli@1.0.1")
    assert dict(releases_of(repo.path).select("name", "version").iter_rows()) == {
        "v1.0.0": "1.0.0",
        "core@1.0.0": "1.0.0",
        "core@1.0.1": "core@1.0.1",
        "cli@1.0.0": "cli@1.0.0",
        "cli@1.0.1": "1.0.1",
    }


def test_a_tag_on_a_side_branch_tells_where_that_left(repo: Repo) -> None:
    root = repo.commit({"a": "1"})
    base = repo.commit({"a": "2"})
    repo.commit({"b": "1"}, branch="stable", parents=[base])
    repo.commit({"b": "2"}, branch="stable")
    repo.tag("v1.0.1", "stable")
    repo.merge(root, branch="stable")
    repo.tag("v1.0.2", "stable")
    repo.commit({"x": "1"}, branch="orphan", parents=[])
    repo.tag("v0.1", "orphan")
    repo.commit({"a": "3"})
    found = releases_of(repo.path).sort("version")
    assert found["base_shas"].to_list() == [[], [base], sorted([base, root])]
    assert found["released_at"].null_count() == 0


def test_headings_count_at_the_commit_that_first_added_them(repo: Repo) -> None:
    repo.commit({"CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n- x\n"})
    first = repo.commit({"CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n\n## [1.0.0] - 2024-01-02\n- x\n"})
    typo = "# Changelog\n\n## 1.1.O\n## 1.1.9\n\n## [1.0.0] - 2024-01-02\n- x\n"
    repo.commit({"CHANGELOG.md": typo})
    last = repo.commit({"CHANGELOG.md": typo.replace("1.1.O", "2.0.0-beta").replace("## 1.1.9\n", "")})
    repo.commit({"CHANGELOG.md": None, "HISTORY.md": typo.replace("1.1.O", "2.0.0-beta").replace("## 1.1.9\n", "")})
    columns = ["source", "name", "version", "released_at", "sha", "is_prerelease", "is_signed"]
    assert releases_of(repo.path).sort("released_at").select(columns).rows() == [
        ("changelog", "## [1.0.0] - 2024-01-02", "1.0.0", START + DAY, first, False, None),
        ("changelog", "## 2.0.0-beta", "2.0.0-beta", START + 3 * DAY, last, True, None),
    ]


def test_a_heading_that_only_a_merge_brought_counts_from_there(repo: Repo) -> None:
    root = repo.commit({"NEWS": "1.0\n===\n"})
    repo.commit({"b": "1"}, branch="side", parents=[root])
    merge = repo.merge("side", files={"NEWS": "1.1\n===\n\n1.0\n===\n", "b": "1"})
    found = releases_of(repo.path).sort("version")
    assert found.select("version", "sha").rows() == [("1.0", root), ("1.1", merge)]


def test_changelogs_below_the_root_are_not_read(repo: Repo) -> None:
    repo.commit({"lib/CHANGELOG.md": "## 1.0.0\n", "history.js": "// 1.0.0\n", "CHANGES": "no heading 1.0.0\n"})
    assert releases_of(repo.path).is_empty()


def test_a_pattern_finds_tags_in_a_projects_own_form(repo: Repo) -> None:
    repo.commit({"a": "1"})
    repo.tag("k0.1.2")
    assert releases_of(repo.path).is_empty()
    assert releases_of(repo.path, r"k\.?([\d.]+)")["version"].to_list() == ["0.1.2"]


@pytest.mark.histories
def test_every_version_that_a_real_changelog_names_is_found(tmp_path: Path) -> None:
    path = clone_of_history("consuldemocracy/consuldemocracy", tmp_path)
    repo = Repo.__new__(Repo)
    repo.path = path
    text = repo.git("show", "HEAD:CHANGELOG.md")
    named = [line for line in text.splitlines() if line.startswith("## ")]
    numbers = [match[0] for line in named if (match := re.search(r"\d+(\.\d+)+(-beta)?", line))]
    found = releases_of(path)
    assert found["name"].to_list() == named
    assert found["version"].to_list() == numbers
    assert len(numbers) == 34
    for version, sha in found.select("version", "sha").iter_rows():
        assert version in repo.git("show", "--format=", "-U0", sha, "--", "CHANGELOG.md")


@pytest.mark.histories
def test_every_tag_of_real_histories_is_a_version(tmp_path: Path) -> None:
    path = clone_of_history("HSLdevcom/digitransit-ui", tmp_path)
    repo = Repo.__new__(Repo)
    repo.path = path
    found = releases_of(path)
    assert sorted(found["name"]) == sorted(repo.git("tag").split())
    assert not found["is_prerelease"].any()
    for name, sha in found.sample(10, seed=1).select("name", "sha").iter_rows():
        assert repo.sha(f"refs/tags/{name}") == sha


def test_a_changelog_that_is_too_large_names_nothing_and_costs_no_crawl(repo: Repo) -> None:
    repo.commit({"CHANGELOG.md": b"## 1.0.0\n" + b"\n" * 6_000_000})
    repo.tag("v1.0.0")
    found = collected(repo.path)
    assert found.status == "ok"
    assert found.frames["release"]["source"].to_list() == ["tag"]
    assert found.frames["gap"].select("what", "reason").rows() == [("text", "too_large")]


def test_headings_are_found_in_changes_of_any_size_and_of_lines_that_never_end(repo: Repo) -> None:
    first = repo.commit({"CHANGELOG.md": "## 1.0.0\n" + "\n" * 3_000_000})
    second = repo.commit({"CHANGELOG.md": f"## 1.1.0 {'å' * 391}\n## 1.2.0\n{'1.3.0 ' * 500_000}\n---\n## 1.0.0\n"})
    assert dict(releases_of(repo.path).select("version", "sha").iter_rows()) == {
        "1.0.0": first,
        "1.1.0": second,
        "1.2.0": second,
    }


def test_changes_of_a_changelog_beyond_the_limits_cost_its_headings_alone(repo: Repo) -> None:
    repo.commit({"CHANGELOG.md": "\n" * 3_000_000})
    repo.commit({"CHANGELOG.md": "## 1.0.0\n"})
    repo.tag("v1.0.0")
    found = collected(repo.path, limits=Limits(seconds=30, output_bytes=1_000_000))
    assert found.status == "ok"
    assert found.frames["commit"].height == 2
    assert found.frames["release"]["source"].to_list() == ["tag"]
    assert ("release", "too_large") in found.frames["gap"].select("what", "reason").rows()
