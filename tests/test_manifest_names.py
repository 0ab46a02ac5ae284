"""Which parser reads a file, by its path."""

import pytest

from oshealth.collect.manifests import is_manifest, is_page, is_script, which


@pytest.mark.parametrize(
    ("path", "parser"),
    [
        ("package.json", "npm"),
        ("web/Package-Lock.json", "npm_lock"),
        ("requirements/dev.txt", "requirements"),
        ("admin/requirements-test.txt", "requirements"),
        ("constraints.txt", "requirements"),
        ("Gemfile_custom", "gemfile"),
        ("gemfiles/rails_7.gemfile", "gemfile"),
        ("oauth.gemspec", "gemspec"),
        ("app/build.gradle.kts", "gradle"),
        ("gradle/libs.versions.toml", "gradle_catalogue"),
        ("src/Web/Web.csproj", "dotnet"),
        ("docker/Dockerfile.prod", "dockerfile"),
        ("web.Dockerfile", "dockerfile"),
        ("docker-compose.dev.yml", "compose"),
        ("compose.yaml", "compose"),
        (".github/workflows/build.yml", "workflow"),
        (".github/actions/setup/action.yml", "workflow"),
        (".gitlab/ci/build.yml", "gitlab_ci"),
        ("ci/gitlab/builds.yml", "gitlab_ci"),
        ("ci/gitlab.yml", "gitlab_ci"),
        ("templates/Gemfile.tt", None),
        ("bin/install.sh", "script"),
        ("app/views/layouts/application.html.erb", "page"),
        ("vendor/jquery/LICENSE.txt", "vendored"),
        ("node_modules/left-pad/package.json", "vendored"),
        ("vendor/bundle/gems/rack/Gemfile", None),
        ("LICENSE", None),
        ("README.md", None),
        ("docs/requirements.rst", None),
    ],
)
def test_a_path_says_which_parser_reads_it(path: str, parser: str | None) -> None:
    assert which(path) == parser


def test_manifests_scripts_and_pages_are_told_apart() -> None:
    paths = ["go.mod", "install.sh", "index.html", "main.go"]
    assert [is_manifest(path) for path in paths] == [True, False, False, False]
    assert [is_script(path) for path in paths] == [False, True, False, False]
    assert [is_page(path) for path in paths] == [False, False, True, False]


@pytest.mark.parametrize(
    "path",
    [
        "tests/fixtures/web/package.json",
        "test/fixtures/Dockerfile",
        "spec/fixtures/Gemfile.lock",
        "pkg/testdata/go.mod",
        "tests/data/odd/pyproject.toml",
        "contrib/{{cookiecutter.project}}/setup.py",
        "src/reader/dockerfile.py",
        "docs/dockerfile.md",
    ],
)
def test_what_tests_feed_to_the_program_and_code_that_reads_manifests_are_none(path: str) -> None:
    assert which(path) is None


@pytest.mark.parametrize("path", ["Dockerfile", "Dockerfile.dev", "deploy/Dockerfile-prod", "web/dockerfile.alpine"])
def test_a_dockerfile_is_one_under_its_usual_names(path: str) -> None:
    assert which(path) == "dockerfile"
