"""Mentions become releases; ancestry says which release contains a commit."""

from datetime import datetime

import polars as pl

from oshealth import facts
from oshealth.derive.containment import ancestry, first_releases
from oshealth.derive.release_list import merge, own, stable, with_tags_versions

HERE = "git.example/org/product"


def mention(source: str, version: str, day: str | None, **more: object) -> dict[str, object]:
    moment = datetime.fromisoformat(day) if day else None
    row = dict.fromkeys(facts.RELEASE.names()) | {"is_prerelease": False} | more
    return row | {"repository": HERE, "source": source, "name": version, "version": version, "released_at": moment}


def mentions(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=facts.RELEASE)


def history(parents: dict[str, list[str]]) -> pl.DataFrame:
    rows = [
        dict.fromkeys(facts.COMMIT.names())
        | {"repository": HERE, "sha": sha, "position": at, "parents": of, "coauthor_aliases": []}
        for at, (sha, of) in enumerate(parents.items())
    ]
    return pl.DataFrame(rows, schema=facts.COMMIT)


def contained(graph: dict[str, list[str]], releases: pl.DataFrame) -> dict[str, str]:
    found = first_releases(ancestry(history(graph)), releases)
    return dict(found.select("sha", "version").iter_rows())


def test_mentions_of_a_version_are_one_release_with_the_tags_moment() -> None:
    merged = merge(
        mentions(
            mention("changelog", "1.0", "2024-01-01", sha="a"),
            mention("registry", "1.0", "2024-01-03"),
            mention("tag", "1.0", "2024-01-02", sha="b", is_signed=True),
            mention("forge", "1.0", "2024-01-04", sha="b"),
        )
    )
    row = merged.row(0, named=True)
    assert merged.height == 1
    assert (row["released_at"].isoformat(), row["sha"], row["is_signed"]) == ("2024-01-02T00:00:00", "b", True)
    assert row["sources"] == ["tag", "forge", "registry", "changelog"]


def test_a_forges_release_has_the_version_that_git_reads_in_its_tag() -> None:
    rows = [
        mention("tag", "1.2.0", "2024-01-02", sha="b") | {"name": "k1.2.0"},  # by sources.toml's pattern
        mention("forge", "", "2024-01-03") | {"name": "k1.2.0", "version": None},
        mention("tag", "app 1.0", "2024-01-02", sha="c") | {"name": "app@1.0"},  # a part of many
        mention("forge", "1.0", "2024-01-03") | {"name": "app@1.0"},
        mention("tag", "3.0", "2024-01-04", sha="d", is_prerelease=True) | {"name": "v3.0"},
        mention("forge", "3.0", "2024-01-04") | {"name": "v3.0"},
        mention("forge", "2.0", "2024-01-05") | {"name": "v2.0"},  # its tag is gone
        mention("forge", "", "2024-01-06") | {"name": "weekly", "version": None},
    ]
    merged = merge(with_tags_versions(mentions(*rows)))
    expected = [
        ("1.2.0", False, ["tag", "forge"]),
        ("app 1.0", False, ["tag", "forge"]),
        ("3.0", True, ["tag", "forge"]),
        ("2.0", False, ["forge"]),
    ]
    assert merged.select("version", "is_prerelease", "sources").rows() == expected


def test_versions_that_differ_by_a_zero_at_the_end_are_one_where_no_two_tags_say_otherwise() -> None:
    rows = [
        mention("tag", "1.8.0", "2024-01-01", sha="a"),
        mention("changelog", "1.8", "2024-05-01", sha="e"),
        mention("tag", "1.9", "2024-02-01", sha="b"),
        mention("changelog", "1.9.0", "2024-02-02", sha="b"),
        mention("tag", "2.0", "2024-03-01", sha="c"),
        mention("tag", "2.0.0", "2024-03-09", sha="d"),
        mention("changelog", "2.10", "2024-04-01", sha="d"),
        mention("registry", "2.10.0", "2024-04-02"),
        mention("changelog", "2.1", "2024-04-03", sha="d"),
    ]
    assert merge(mentions(*rows))["version"].to_list() == ["1.8.0", "1.9", "2.0", "2.0.0", "2.10.0", "2.1"]


def test_a_shorter_name_of_a_release_at_the_same_commit_is_no_release_of_its_own() -> None:
    rows = [
        mention("tag", "2", "2024-01-02", sha="b"),
        mention("tag", "2.8", "2024-01-02", sha="b"),
        mention("tag", "2.8.0", "2024-01-02", sha="b"),
        mention("tag", "28.0", "2024-01-02", sha="b"),
        mention("tag", "2.7", "2024-01-01", sha="a"),
        mention("tag", "1", "2024-01-01", sha="a"),
    ]
    assert merge(mentions(*rows))["version"].to_list() == ["1", "2.7", "2.8.0", "28.0"]


def test_without_a_tag_the_moment_is_the_forges_then_the_registrys_then_the_headings() -> None:
    rows = [
        mention("forge", "3", "2024-03-03"),
        mention("registry", "3", "2024-03-02"),
        mention("registry", "2", "2024-02-02"),
        mention("changelog", "2", "2024-02-01"),
        mention("changelog", "1", "2024-01-01"),
    ]
    merged = merge(mentions(*rows))
    assert merged["version"].to_list() == ["1", "2", "3"]
    assert merged["released_at"].dt.day().to_list() == [1, 2, 3]
    assert merged["is_signed"].to_list() == [None, None, None]


def test_a_fork_keeps_only_what_its_own_commits_released() -> None:
    rows = [mention("tag", "1.0", "2024-01-01", sha="upstream"), mention("tag", "1.1", "2024-02-01", sha="own")]
    assert merge(own(mentions(*rows), {"upstream"}))["version"].to_list() == ["1.1"]


def test_a_version_without_a_moment_is_no_release_and_nothing_gives_nothing() -> None:
    assert merge(mentions(mention("forge", "1.0", None))).is_empty()
    assert merge(mentions()).schema == merge(mentions(mention("tag", "1", "2024-01-01"))).schema


def test_a_pre_release_is_marked_by_any_source_and_is_not_stable() -> None:
    rows = [mention("tag", "1.0", "2024-01-01"), mention("forge", "1.0", "2024-01-01", is_prerelease=True)]
    merged = merge(mentions(*rows))
    assert merged["is_prerelease"].to_list() == [True]
    assert stable(merged).is_empty()


def test_a_commit_belongs_to_the_first_release_that_reaches_it() -> None:
    # a - b - d(merge of c) - e     1.0 at b; 1.1 at d; e waits. c left from a.
    graph = {"a": [], "b": ["a"], "c": ["a"], "d": ["b", "c"], "e": ["d"]}
    releases = merge(
        mentions(mention("tag", "1.0", "2024-01-01", sha="b"), mention("tag", "1.1", "2024-02-01", sha="d"))
    )
    assert contained(graph, releases) == {"a": "1.0", "b": "1.0", "c": "1.1", "d": "1.1"}


def test_an_older_version_released_later_takes_nothing_from_the_earlier_release() -> None:
    graph = {"a": [], "b": ["a"]}
    releases = merge(
        mentions(mention("tag", "2.0", "2024-01-01", sha="b"), mention("tag", "1.9", "2024-02-01", sha="a"))
    )
    assert contained(graph, releases) == {"a": "2.0", "b": "2.0"}


def test_a_release_on_a_side_branch_contains_what_it_left_from() -> None:
    graph = {"a": [], "b": ["a"], "c": ["b"]}
    releases = merge(mentions(mention("tag", "1.0", "2024-01-01", sha="elsewhere", base_shas=["b"])))
    assert contained(graph, releases) == {"a": "1.0", "b": "1.0"}


def test_a_release_whose_commit_is_not_known_contains_nothing() -> None:
    releases = merge(
        mentions(mention("tag", "1.0", "2024-01-01", sha="elsewhere"), mention("forge", "2", "2024-02-01"))
    )
    assert contained({"a": []}, releases) == {}
