"""Each bad input in each format: that one file says why it is not read, or what is in it, and all others are read."""

import time

import polars as pl
import pytest

from oshealth.collect.manifests import which
from oshealth.collect.manifests.batch import MAX_BYTES, read_manifests
from oshealth.collect.manifests.worker import BY_LINE, PARSERS

PATHS = {
    "npm": "package.json",
    "npm_lock": "package-lock.json",
    "yarn": "yarn.lock",
    "pnpm": "pnpm-lock.yaml",
    "pnpm_workspace": "pnpm-workspace.yaml",
    "pyproject": "pyproject.toml",
    "poetry_lock": "poetry.lock",
    "uv_lock": "uv.lock",
    "pdm_lock": "pdm.lock",
    "pylock": "pylock.toml",
    "pipfile": "Pipfile",
    "pipfile_lock": "Pipfile.lock",
    "requirements": "requirements.txt",
    "setup_cfg": "setup.cfg",
    "setup_py": "setup.py",
    "gemfile": "Gemfile",
    "gemspec": "desk.gemspec",
    "gemfile_lock": "Gemfile.lock",
    "composer": "composer.json",
    "composer_lock": "composer.lock",
    "maven": "pom.xml",
    "gradle": "build.gradle",
    "gradle_catalogue": "libs.versions.toml",
    "gradle_lock": "gradle.lockfile",
    "gradle_properties": "gradle.properties",
    "go": "go.mod",
    "go_sum": "go.sum",
    "cargo": "Cargo.toml",
    "cargo_lock": "Cargo.lock",
    "dotnet": "desk.csproj",
    "packages_config": "packages.config",
    "packages_lock": "packages.lock.json",
    "dotnet_global": "global.json",
    "dotnet_tools": "dotnet-tools.json",
    "submodules": ".gitmodules",
    "pre_commit": ".pre-commit-config.yaml",
    "gitlab_ci": ".gitlab-ci.yml",
    "workflow": ".github/workflows/build.yml",
    "dockerfile": "Dockerfile",
    "compose": "compose.yaml",
    "script": "install.sh",
    "system_packages": "sys-requirements.txt",
    "program": "bin/start",
    "page": "index.html",
    "vendored": "vendor/desk/package.json",
}
JSON = {
    *("npm", "npm_lock", "pipfile_lock", "composer", "composer_lock"),
    *("packages_lock", "dotnet_global", "dotnet_tools"),
}
TOML = {
    *("pyproject", "poetry_lock", "uv_lock", "pdm_lock", "pylock", "pipfile"),
    *("gradle_catalogue", "cargo", "cargo_lock"),
}
YAML = {"pnpm", "pnpm_workspace", "pre_commit", "gitlab_ci", "workflow", "compose"}
XML = {"maven", "dotnet", "packages_config"}
NEVER = {"crashed", "time_limit", "gave_up", "unexpected_shape"}
GOOD = '{"dependencies": {"a": "1.0.0"}}'
CONFLICT = "<<<<<<< ours\na = 1\n=======\na = 2\n>>>>>>> theirs\n"
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 9)}]\n" for n in range(12)
)
MERGED = "a0: &a0 {x: [1, 2]}\n" + "".join(
    f"a{n + 1}: &a{n + 1}\n  <<: [{', '.join([f'*a{n}'] * 9)}]\n  b{n}: *a{n}\n  c{n}: *a{n}\n" for n in range(40)
)
ENTITIES = '<!DOCTYPE a [<!ENTITY b "b">' + "".join(f'<!ENTITY b{n} "&b;&b;">' for n in range(9)) + "]><a>&b8;</a>"


def reasons(parsers: set[str], text: str | bytes) -> dict[str, str | None]:
    """The first word of why each of these formats is not read, with the time that all take held to ten seconds."""
    folders = {parser: f"in_{parser}/{PATHS[parser]}" for parser in parsers}
    start = time.perf_counter()
    frame, _ = read_manifests({**dict.fromkeys(folders.values(), text), "good/package.json": GOOD})
    assert time.perf_counter() - start < 10
    assert "pkg:npm/a@1.0.0" in frame["purl"].to_list()
    unreadable = dict(frame.filter(pl.col("state") == "unreadable").select("path", "reason").iter_rows())
    return {parser: (unreadable.get(path) or "").partition(":")[0] or None for parser, path in folders.items()}


def test_every_parser_is_tried() -> None:
    assert {parser: which(path) for parser, path in PATHS.items()} == {parser: parser for parser in PARSERS}


@pytest.mark.parametrize(
    ("parsers", "text", "expected"),
    [
        (set(PARSERS) - BY_LINE - {"vendored"}, CONFLICT, {"merge_conflict"}),
        (set(PARSERS) - BY_LINE, "a==1\n".encode("utf-16-le"), {"no_text"}),
        (JSON, '{"dependencies": {', {"invalid_json"}),
        (JSON, '{"a": ' * 3_000, {"too_deep", "invalid_json"}),
        (JSON, "[" * 200_000, {"too_deep"}),
        (JSON, "[1, 2]", {"invalid_json"}),
        (TOML, "a = [", {"invalid_toml"}),
        (TOML, "a = " + "[" * 20_000, {"too_deep"}),
        (TOML, ".".join(["a"] * 20_000) + " = 1\n", {"too_deep"}),
        (TOML, "[" + ".".join(["a"] * 20_000) + "]\n", {"too_deep"}),
        (YAML, "a: b: c\n", {"invalid_yaml"}),
        (YAML, "[" * 20_000, {"too_deep"}),
        (YAML, BOMB, {"yaml_bomb"}),
        (YAML, MERGED, {"yaml_bomb"}),
        (YAML, "a: &a\n  b: *a\n", {"yaml_alias"}),
        (XML, ENTITIES, {"xml_doctype"}),
        (XML, "<a>" * 10_000, {"too_deep"}),
        (XML, "<a><b></a>", {"invalid_xml"}),
    ],
)
def test_bad_input_is_unreadable_in_each_format(parsers: set[str], text: str | bytes, expected: set[str]) -> None:
    found = reasons(parsers, text)
    assert {parser: reason for parser, reason in found.items() if reason not in expected} == {}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0" * 10_000,
        "\n" * 100_000,
        "(" * 20_000,
        '"' * 20_001,
        "a\\\n" * 20_000,
        "\ufffe\x1b[31m" * 1_000,
        "a: [" * 90,
    ],
    ids=["empty", "nulls", "blank", "open", "quotes", "continued", "controls", "half"],
)
def test_whatever_else_a_file_holds_no_parser_crashes_or_hangs(text: str) -> None:
    found = reasons(set(PARSERS), text)
    assert {parser: reason for parser, reason in found.items() if reason in NEVER} == {}


@pytest.mark.parametrize("parser", sorted(set(PARSERS) - {"page"}))
def test_a_file_of_more_than_five_megabytes_is_not_parsed(parser: str) -> None:
    frame, _ = read_manifests({PATHS[parser]: "a" * (MAX_BYTES + 1)})
    assert frame["reason"].str.starts_with("too_large").to_list() == [True]
