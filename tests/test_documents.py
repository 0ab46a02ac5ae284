"""A path tells what a file is to its project."""

import polars as pl
import pytest

from oshealth.collect.documents import KINDS, documents_of, is_changelog, kind_of
from oshealth.facts import DOCUMENT, FILE
from repositories import START

A_PATH_OF_EACH_KIND = {
    "readme": [
        "README.md",
        "readme",
        "README.rst",
        "README_ES.md",
        "docs/README.md",
        ".github/README.md",
        "LISEZMOI.md",
        "LIESMICH.txt",
    ],
    "licence": [
        "LICENSE",
        "LICENCE.txt",
        "COPYING",
        "COPYING.LESSER",
        "LICENSE-AGPLv3.txt",
        "MIT-LICENSE.md",
        "UNLICENSE",
        "LICENSES/EUPL-1.2.txt",
        "LIZENZ",
        "LICENCIA.md",
    ],
    "contributing": ["CONTRIBUTING.md", ".github/CONTRIBUTING.md", "docs/contributing.rst", "CONTRIBUTING_ES.md"],
    "code_of_conduct": ["CODE_OF_CONDUCT.md", "code-of-conduct.md", ".github/CODE_OF_CONDUCT.md"],
    "security": ["SECURITY.md", ".github/SECURITY.md", "docs/security.md", ".well-known/security.txt"],
    "governance": ["GOVERNANCE.md", "docs/governance.md"],
    "codeowners": ["CODEOWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS", "docs/CODEOWNERS", "OWNERS"],
    "changelog": [
        "CHANGELOG.md",
        "CHANGES",
        "HISTORY.md",
        "NEWS.rst",
        "RELEASE_NOTES.md",
        "changelog.txt",
        "CHANGELOG-3.10.md",
        "changes_2.x.rst",
    ],
    "publiccode": ["publiccode.yml", "publiccode.yaml"],
    "citation": ["CITATION.cff", "CITATION"],
    "support": ["SUPPORT.md"],
    "workflow": [
        ".github/workflows/ci.yml",
        ".gitlab-ci.yml",
        "Jenkinsfile",
        ".travis.yml",
        ".circleci/config.yml",
        ".forgejo/workflows/a.yaml",
        ".woodpecker/test.yml",
        "azure-pipelines.yml",
        "bitbucket-pipelines.yml",
    ],
    "dependency_updates": [
        ".github/dependabot.yml",
        "renovate.json",
        ".github/renovate.json5",
        ".renovaterc",
        ".config/.scala-steward.conf",
    ],
    "maintainers": ["MAINTAINERS.md", "MAINTAINERS", "OWNERS.md"],
    "authors": ["AUTHORS", "CONTRIBUTORS.md"],
    "roadmap": ["ROADMAP.md", "docs/roadmap.md"],
    "mailmap": [".mailmap"],
    "translations": ["crowdin.yml", ".tx/config"],
    "issue_template": [".github/ISSUE_TEMPLATE.md", ".github/ISSUE_TEMPLATE/bug.yml"],
    "change_request_template": [".github/pull_request_template.md", ".gitlab/merge_request_templates/Default.md"],
    "funding": [".github/FUNDING.yml"],
    "adopters": ["ADOPTERS.md"],
}


@pytest.mark.parametrize(("kind", "paths"), A_PATH_OF_EACH_KIND.items())
def test_documents_are_known_by_their_path(kind: str, paths: list[str]) -> None:
    assert {path: kind_of(path) for path in paths} == dict.fromkeys(paths, kind)


def test_every_kind_has_an_example() -> None:
    assert set(KINDS) == set(A_PATH_OF_EACH_KIND)


@pytest.mark.parametrize(
    "path",
    [
        "src/README.md",
        "vendor/x/LICENSE",
        "security.py",
        "history.js",
        "app/security/index.md",
        "license.json",
        "news/a.md",
        "docs/security_events.txt",
        "docs/licence.md",
        "READMEX.md",
        "src/OWNERS",
        "CHANGELOG-ideas-and-more.md",
        "releases.yml",
        "docs/users.md",
        "",
        "a\nREADME.md",
        ".github/workflows/notes/ci.yml",
        "x/.gitlab-ci.yml",
    ],
)
def test_other_files_are_no_documents(path: str) -> None:
    assert kind_of(path) is None


def test_a_changelog_counts_in_the_root_only() -> None:
    assert is_changelog("CHANGELOG.md")
    assert not is_changelog("docs/CHANGELOG.md")


def test_documents_are_the_files_that_are_some_with_the_time_they_stood_there() -> None:
    rows = [
        ("r", "README.md", "b1", False, False, START, None),
        ("r", "src/README.md", "b2", False, False, START, None),
        ("r", "LICENSE", "b3", False, True, START, None),
        ("r", ".github/workflows/ci.yml", "b4", False, False, START, START),
    ]
    documents = documents_of(pl.DataFrame(rows, schema=FILE, orient="row"))
    assert documents.schema == DOCUMENT
    assert documents.rows() == [
        ("r", "readme", "README.md", "b1", START, None),
        ("r", "workflow", ".github/workflows/ci.yml", "b4", START, START),
    ]
