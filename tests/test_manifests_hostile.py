"""Manifests that are broken or meant to harm: each is unreadable with its reason, all others are read."""

import json
import time

import polars as pl
import pytest

from oshealth.collect.manifests.batch import read_manifests

GOOD = '{"dependencies": {"left-pad": "1.3.0"}}'
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(12)
)
ENTITIES = (
    '<!DOCTYPE p [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{n} "&a;&a;">' for n in range(9))
    + "]><project>&a8;</project>"
)
CONFLICT = '{\n<<<<<<< HEAD\n"a": 1\n=======\n"a": 2\n>>>>>>> other\n}\n'


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("b/package.json", '{"dependencies": {', "invalid_json"),
        ("b/package.json", "[" * 200_000, "too_deep"),
        ("b/package.json", '{"dependencies": ["a"], "devDependencies": 5}', None),
        ("b/package.json", '{"dependencies": {"' + "a" * 600 + '": "1"}}', "too_long"),
        ("b/package-lock.json", CONFLICT, "merge_conflict"),
        ("b/package-lock.json", '{"x": "' + "y" * 5_000_001 + '"}', "too_large"),
        ("b/yarn.lock", '<<<<<<< HEAD\na@1:\n  version "1"\n=======\n>>>>>>> b\n', "merge_conflict"),
        ("b/yarn.lock", "not a lock file\n", "invalid_yarn_lock"),
        ("b/yarn.lock", "<<<<<<< \n" * 100_000, "invalid_yarn_lock"),
        ("b/Dockerfile", "FROM a \\\n" * 100_000, "too_large"),
        ("b/index.html", "<script " * 100_000 + '<script src="//[::a/x.js">', None),
        ("b/Gemfile", "gem 'a',\\\n" * 50_000, None),
        ("b/pnpm-lock.yaml", BOMB, "yaml_bomb"),
        ("b/compose.yaml", "a: &a\n  b: *a\n", "yaml_alias"),
        ("b/compose.yaml", "[" * 20_000, "too_deep"),
        ("b/compose.yaml", "a: b: c\n", "invalid_yaml"),
        ("b/pyproject.toml", ".".join(["a"] * 20_000) + " = 1\n", "too_deep"),
        ("b/pyproject.toml", "a = " + "[" * 20_000, "too_deep"),
        ("b/pyproject.toml", '"a".' * 20_000 + "b = 1\n", "too_deep"),
        ("b/pyproject.toml", "a = ", "invalid_toml"),
        ("b/pom.xml", ENTITIES, "xml_doctype"),
        ("b/pom.xml", "<a>" * 10_000, "too_deep"),
        ("b/pom.xml", "<project>", "invalid_xml"),
        ("b/setup.py", "(" * 5_000, "invalid_python"),
        ("b/setup.py", "setup(install_requires=read('requirements.txt'))", "computed"),
        ("b/requirements.txt", "-r ../../../etc/passwd\n", "missing_include"),
        ("b/requirements.txt", "a ==> 1\nb==1\n", "invalid_requirement"),
    ],
)
def test_one_bad_file_is_unreadable_and_the_others_are_read(path: str, text: str, reason: str | None) -> None:
    frame, gaps = read_manifests({path: text, "package.json": GOOD})
    read = frame.filter(pl.col("state") == "ok", pl.col("path") == "package.json")
    assert read["purl"].to_list() == ["pkg:npm/left-pad@1.3.0"]
    unreadable = frame.filter(pl.col("state") == "unreadable")
    assert unreadable["path"].to_list() == ([path] if reason else [])
    assert [gap.reason for gap in gaps] == ([reason] if reason else [])
    assert all(text.startswith(f"{reason}:") for text in unreadable["reason"])


def test_a_file_that_takes_too_long_ends_its_child_and_nothing_else() -> None:
    slow = "setup(install_requires=a0)\n" + "".join(f"a{n} = a{n + 1} + a{n + 1}\n" for n in range(60))
    quick = {f"p{number}/package.json": GOOD for number in range(20)}
    start = time.perf_counter()
    frame, gaps = read_manifests({**quick, "setup.py": slow, "yarn.lock": 'a@1:\n  version "1.0.0"\n'})
    assert time.perf_counter() - start < 12
    assert frame.filter(pl.col("state") == "ok").height == 21
    assert [gap.count for gap in gaps] == [1]


def test_a_file_that_takes_more_memory_than_allowed_is_unreadable_and_the_next_is_read() -> None:
    program = "setup(install_requires=[" + "a," * 2_400_000 + "])"  # a node of the syntax tree takes 300 bytes
    frame, gaps = read_manifests({"setup.py": program, "web/package.json": GOOD})
    assert frame.filter(pl.col("state") == "unreadable")["path"].to_list() == ["setup.py"]
    assert [gap.reason for gap in gaps] == ["memory_limit"]
    assert frame.filter(pl.col("state") == "ok")["purl"].to_list() == ["pkg:npm/left-pad@1.3.0"]


def test_names_of_broken_characters_become_rows_all_the_same() -> None:
    text = json.dumps({"dependencies": {"a\ud800\x1b[31m": "1.0.0", "ok": "\x00"}})
    frame, _ = read_manifests({"package.json": text})
    assert frame["name"].to_list() == ["a\ufffd\ufffd[31m", "ok"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Gemfile", "gem 'kept'\ngem ' '\n"),
        ("build.gradle", "dependencies {\n implementation 'a:kept:1'\n implementation 'b: '\n}\n"),
        ("composer.json", '{"require": {"a/kept": "1.0", "b/ ": "1.0"}}'),
    ],
)
def test_a_blank_name_costs_no_other(path: str, text: str) -> None:
    frame, gaps = read_manifests({path: text})
    assert any((purl or "").endswith(("/kept", "/kept@1", "/kept@1.0")) for purl in frame["purl"])
    assert not gaps


def test_what_no_pom_names_is_a_dependency_all_the_same() -> None:
    name = "<groupId>${nowhere}</groupId><artifactId>a</artifactId>"
    frame, _ = read_manifests(
        {"pom.xml": f"<project><dependencies><dependency>{name}</dependency></dependencies></project>"}
    )
    assert frame.select("purl", "name", "state").rows() == [(None, "${nowhere}:a", "ok")]


def test_addresses_of_broken_characters_become_rows_all_the_same() -> None:
    text = json.dumps({"dependencies": {"a": "git+https://g\ud800it.example/team/a", "b": "https://x\udfff.example/b"}})
    lock = json.dumps({"packages": {"node_modules/c": {"version": "1", "resolved": "git+ssh://\ud800/c#\ud800"}}})
    frame, _ = read_manifests({"package.json": text, "sub/package-lock.json": lock})
    assert frame["name"].to_list() == ["a", "b", "c"]
    assert frame["state"].unique().to_list() == ["ok"]


def test_bytes_that_are_no_text_are_read_as_far_as_they_are() -> None:
    frame, _ = read_manifests(
        {"requirements.txt": b"caf\xe9\nflask==3.0.0\n", "web/package.json": GOOD.encode("utf-16")}
    )
    assert {"pkg:pypi/flask@3.0.0", "pkg:npm/left-pad@1.3.0"} <= set(frame["purl"])


def test_a_manifest_that_was_not_kept_is_unreadable() -> None:
    frame, gaps = read_manifests({"yarn.lock": None, "package.json": GOOD, "page.html": None})
    unreadable = frame.filter(pl.col("state") == "unreadable")
    assert unreadable["path"].to_list() == ["yarn.lock"]
    assert [(gap.reason, gap.count) for gap in gaps] == [("not_kept", 1)]


def test_nothing_to_read_gives_an_empty_frame() -> None:
    frame, gaps = read_manifests({"README.md": "hello"})
    assert (frame.height, gaps) == (0, [])


def test_addresses_lose_their_passwords() -> None:
    frame, _ = read_manifests({"requirements.txt": "-i https://me:secret@index.example/simple\nflask\n"})
    assert frame["url"].to_list() == ["https://index.example/simple", None]
    assert "secret" not in frame.write_csv()
