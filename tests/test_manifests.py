"""Manifests of every ecosystem: `fixtures/manifests` holds files in their formats, `expected.txt` what they say."""

from pathlib import Path

import pytest

from manifest_rows import FIXTURES, rows, rows_of, texts_of
from oshealth.collect.manifests import which
from oshealth.collect.manifests.batch import read_manifests
from oshealth.collect.manifests.purls import from_git, from_image, git_url
from oshealth.collect.manifests.worker import PARSERS

FOLDERS = sorted(path for path in FIXTURES.iterdir() if path.is_dir())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_each_format_says_what_it_should(folder: Path) -> None:
    assert rows(folder) == (folder / "expected.txt").read_text().splitlines()


def test_every_parser_has_a_fixture_that_it_reads() -> None:
    proven = {which(path) for folder in FOLDERS for path in texts_of(folder)}
    assert set(PARSERS) == proven


def test_where_each_fixture_comes_from_is_said() -> None:
    said = (FIXTURES / "README.md").read_text()
    assert [folder.name for folder in FOLDERS if f"`{folder.name}`" not in said] == []


@pytest.mark.parametrize(
    ("image", "purl"),
    [
        ("node", ("docker", "node", None)),
        ("library/node:20-alpine", ("docker", "node", "20-alpine")),
        ("docker.io/team/app:1.0", ("docker", "team/app", "1.0")),
        ("localhost:5000/app@sha256:aa", ("docker", "app", "sha256:aa")),
        ("registry.example.org:443/a/b/c:v1", ("docker", "a/b/c", "v1")),
    ],
)
def test_an_image_is_named_without_its_registry(image: str, purl: tuple[str, str, str | None]) -> None:
    entry = from_image(image, source="dockerfile")
    assert entry is not None
    assert (entry.ecosystem, entry.name, entry.version) == purl


@pytest.mark.parametrize("image", ["", "${IMAGE}", "$REGISTRY/app", "a b", "<image>"])
def test_an_image_whose_name_is_a_variable_is_unknown(image: str) -> None:
    assert from_image(image, source="dockerfile") is None


@pytest.mark.parametrize(
    "address",
    [
        "git@github.com:team/app.git",
        "ssh://git@github.com/team/app.git",
        "git+https://user:token@github.com/team/app.git#main",
        "git://github.com/team/app",
        "github:team/app",
        "https://github.com/team/app/",
    ],
)
def test_every_form_of_a_git_address_is_the_same_repository(address: str) -> None:
    assert git_url(address) == "https://github.com/team/app"
    assert (from_git(address, None).ecosystem, from_git(address, None).name) == ("github", "team/app")


def test_requirements_that_include_each_other_are_each_read_once() -> None:
    texts = {"requirements.txt": "-r requirements-dev.txt\na==1\n", "requirements-dev.txt": "-r requirements.txt\nb\n"}
    assert rows_of(texts) == [
        "requirements-dev.txt:2 pkg:pypi/b development direct",
        "requirements.txt:2 pkg:pypi/a@1 (==1) runtime direct pinned",
    ]


def test_parents_that_are_each_others_parent_end() -> None:
    def pom(name: str, parent: str) -> str:
        dependency = (
            "<dependency><groupId>g</groupId><artifactId>a</artifactId><version>${v}</version></dependency>"
            if name == "x"
            else ""
        )
        return (
            f"<project><parent><groupId>o</groupId><artifactId>{parent}</artifactId><version>1</version>"
            f"<relativePath>../{parent}</relativePath></parent><artifactId>{name}</artifactId>"
            f"<properties><v>2</v></properties><dependencies>{dependency}</dependencies></project>"
        )

    found = rows_of({"x/pom.xml": pom("x", "y"), "y/pom.xml": pom("y", "x")})
    assert found == ["x/pom.xml:1 pkg:maven/g/a@2 (${v}) runtime direct pinned"]


def test_a_development_dependency_of_a_runtime_dependency_of_the_lock_is_runtime() -> None:
    lock = (
        'a@1:\n  version "1.0.0"\n  dependencies:\n    c "1"\n\nb@1:\n  version "1.0.0"\n  dependencies:\n    c "1"\n\n'
    )
    lock += 'c@1:\n  version "1.1.0"\n\nd@1:\n  version "1.0.0"\n'
    manifest = '{"dependencies": {"a": "1"}, "devDependencies": {"b": "1", "d": "1"}}'
    found = [row for row in rows_of({"package.json": manifest, "yarn.lock": lock}) if row.startswith("yarn")]
    assert [row.split()[-3 if "(" not in row else 3] for row in found if "/c@" in row] == ["runtime"]
    assert ["development" in row for row in found] == [False, True, False, True]


def test_another_projects_manifest_below_a_lock_file_is_not_resolved_by_it() -> None:
    packages = '{"": {"dependencies": {"a": "^1"}}, "node_modules/a": {"version": "1.2.0"}}'
    lock = f'{{"lockfileVersion": 3, "packages": {packages}}}'
    texts = {"package-lock.json": lock, "example/package.json": '{"dependencies": {"a": "^0.5.0"}}'}
    assert rows_of(texts)[0] == "example/package.json:1 pkg:npm/a (^0.5.0) runtime direct"


def test_a_script_that_adds_a_makers_package_source_shows_both_source_and_package() -> None:
    script = """
    echo "deb [arch=amd64] https://dl.vendor.example/chrome/deb/ stable main" | sudo tee /etc/apt/sources.list.d/x.list
    sudo apt-get -qq install google-chrome-stable
    """
    assert rows_of({"install.sh": script}) == [
        "install.sh:2 pkg:generic/dl.vendor.example?download_url=https://dl.vendor.example/chrome/deb/ build direct "
        "package_source",
        "install.sh:3 pkg:deb/google-chrome-stable runtime direct script",
    ]


def test_a_package_of_the_repository_itself_is_no_dependency() -> None:
    texts = {
        "package.json": '{"workspaces": ["packages/*"]}',
        "packages/a/package.json": '{"name": "@own/a", "dependencies": {"@own/b": "^1.0.0", "c": "1.0.0"}}',
        "packages/b/package.json": '{"name": "@own/b"}',
    }
    assert rows_of(texts) == ["packages/a/package.json:1 pkg:npm/c@1.0.0 (1.0.0) runtime direct pinned"]


def test_a_package_cannot_be_hidden_by_a_folder_of_its_name() -> None:
    texts = {"package.json": '{"dependencies": {"mongo": "1.0.0"}}', "x/package.json": '{"name": "mongo"}'}
    assert rows_of(texts) == ["package.json:1 pkg:npm/mongo@1.0.0 (1.0.0) runtime direct pinned"]


def test_a_list_of_system_packages_is_read_as_such() -> None:
    assert rows_of({"sys-requirements.txt": "gettext\nlibpq-dev # for psycopg\n"}) == [
        "sys-requirements.txt:1 pkg:deb/gettext runtime direct",
        "sys-requirements.txt:2 pkg:deb/libpq-dev runtime direct",
    ]


def test_prose_that_is_called_requirements_declares_nothing() -> None:
    assert rows_of({"requirements-document.txt": "What the store wants:\nA picture, 512 x 512 pixels.\n"}) == []


def test_what_another_command_answers_is_no_package_of_that_name() -> None:
    script = (
        "apt-get install -y linux-headers-$(uname -r) nginx=${VERSION} jq\n"
        'PKG="linux-generic-hwe-$(lsb_release --release --short)"\napt-get install "$PKG"\n'
        'apt-get install $(cat packages.txt)\ndpkg -i "$GIVEN"\n'
    )
    assert rows_of({"install.sh": script}) == [
        "install.sh:1 None runtime direct script",
        "install.sh:1 pkg:deb/nginx runtime direct script",
        "install.sh:1 pkg:deb/jq runtime direct script",
        "install.sh:3 None runtime direct script",
        "install.sh:4 None runtime direct script",
        "install.sh:5 None runtime direct script",
    ]


def test_a_program_without_a_suffix_is_read_where_a_shell_runs_it() -> None:
    files = {
        "image/wifi_setup": "#!/usr/bin/env bash\napt-get install -y jq\n",
        "bin/setup": "#!/usr/bin/env ruby\nsystem 'apt-get install -y jq'\n",
        "bin/start": "#!/bin/sh\napt-get install -y curl\n",
    }
    assert rows_of(files) == [
        "bin/start:2 pkg:deb/curl runtime direct script",
        "image/wifi_setup:2 pkg:deb/jq runtime direct script",
    ]


def test_a_list_that_a_script_gathers_is_read_as_far_as_the_script_says_it() -> None:
    script = (
        'WANTED=( rsync xorriso )\nWANTED+=(language-pack-"$LANGUAGE")\nMISSING=""\n'
        'for PKG in "${WANTED[@]}"\ndo\n  MISSING=$MISSING" "$PKG\ndone\nsudo apt-get -y install ${MISSING} | tee log\n'
    )
    assert rows_of({"install.sh": script}) == [
        "install.sh:8 pkg:deb/rsync runtime direct script",
        "install.sh:8 pkg:deb/xorriso runtime direct script",
        "install.sh:8 None runtime direct script",
    ]


def test_a_file_called_dependencies_is_a_list_of_packages_unless_it_is_prose() -> None:
    assert rows_of({"scripts/DEPENDENCIES": "curl\npython3-dev\n"}) == [
        "scripts/DEPENDENCIES:1 pkg:deb/curl runtime direct",
        "scripts/DEPENDENCIES:2 pkg:deb/python3-dev runtime direct",
    ]
    assert rows_of({"install.sh": 'apt-get install -y $(cat "$FOLDER/DEPENDENCIES") jq\n'}) == [
        "install.sh:1 pkg:deb/jq runtime direct script",
    ]
    assert rows_of({"META-INF/DEPENDENCIES": "// Transitive dependencies of this project\nlog4j\n"}) == []


def test_a_download_is_called_by_the_name_that_it_is_saved_under_where_the_address_says_none() -> None:
    script = (
        "curl https://example.org/linux/current --output town.deb\n"
        "FILE=drivers.tar.Z\nwget https://example.org/$FILE\n"
        'bash -c "$(curl -fsSL https://example.org/install.sh)"\nbash <(curl -s https://example.org/run.sh) --yes\n'
    )
    assert [row.rpartition("/")[2].split()[0] for row in rows_of({"install.sh": script})] == [
        "current", "drivers.tar.Z", "install.sh", "run.sh",
    ]  # fmt: skip
    assert "pkg:generic/town.deb?" in rows_of({"install.sh": script})[0]


def test_a_package_source_that_is_taken_away_is_none() -> None:
    assert rows_of({"install.sh": "add-apt-repository --remove --yes ppa:town/stable || true\n"}) == []


def test_what_a_script_installs_by_a_variable_is_named_but_unknown() -> None:
    script = 'FILE=$1\nfor app in gimp inkscape; do\n  apt-get install -y "$app"\ndone\napt-get install -y "$FILE"\n'
    assert rows_of({"install.sh": script}) == [
        "install.sh:3 pkg:deb/gimp runtime direct script",
        "install.sh:3 pkg:deb/inkscape runtime direct script",
        "install.sh:5 None runtime direct script",
    ]


def test_a_requirements_lock_resolves_what_the_project_asks_for() -> None:
    texts = {
        "pyproject.toml": '[project]\nname = "desk"\nversion = "1"\ndependencies = ["httpx>=0.27"]\n',
        "requirements.lock": "httpx==0.28.1 \\\n    --hash=sha256:aa\nidna==3.10 \\\n    --hash=sha256:bb\n",
    }
    frame, _ = read_manifests(texts)
    rows = {(row["path"], row["name"]): row for row in frame.iter_rows(named=True)}
    asked = rows["pyproject.toml", "httpx"]
    assert (asked["resolved_version"], asked["is_direct"], asked["is_pinned"]) == ("0.28.1", True, True)
    assert rows["requirements.lock", "httpx"]["is_direct"] is True
    assert rows["requirements.lock", "idna"]["is_direct"] is False
