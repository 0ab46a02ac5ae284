"""Manifests of real histories, and of whatever text a file may hold."""

import os
import subprocess
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packageurl import PackageURL

from oshealth.collect.manifests import which
from oshealth.collect.manifests.batch import read_manifests

SHARED = Path(os.environ.get("OSHEALTH_SHARED", Path(__file__).parents[1].parent / "shared"))
NAMES = [
    "package.json",
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "requirements.txt",
    "pyproject.toml",
    "poetry.lock",
    "setup.py",
    "setup.cfg",
    "Gemfile",
    "Gemfile.lock",
    "a.gemspec",
    "composer.json",
    "pom.xml",
    "build.gradle",
    "go.mod",
    "Cargo.toml",
    "a.csproj",
    ".gitmodules",
    "Dockerfile",
    "compose.yaml",
    ".gitlab-ci.yml",
    ".github/workflows/a.yml",
    "install.sh",
    "index.html",
]
WORDS = (
    "dependencies|install |image: |uses: a/b@|<script src=|FROM |gem '|==|  |- |: |https://|git+|&a |*a|<<: |= |\\\n"
)
FRAGMENTS = st.sampled_from([*WORDS.split("|"), *'"{}[]<>@/$(\n'])


@settings(max_examples=20, deadline=None)
@given(st.lists(FRAGMENTS | st.text(max_size=8), max_size=60).map("".join))
def test_whatever_a_file_holds_it_is_read_or_unreadable(text: str) -> None:
    frame, _ = read_manifests(dict.fromkeys(NAMES, text))
    assert set(frame["state"]) <= {"ok", "unreadable"}
    assert not frame.filter(pl.col("reason").str.starts_with("crashed")).height


@pytest.mark.histories
@pytest.mark.skipif(not (SHARED / "histories").is_dir(), reason="the shared histories are not here")
def test_a_real_repository_is_read_whole(tmp_path: Path) -> None:
    def git(*arguments: str) -> bytes:
        return subprocess.run(["git", "-C", tmp_path, *arguments], capture_output=True, check=True).stdout

    bundle = SHARED / "histories" / "OS2borgerPC" / "os2borgerpc-admin-site"
    subprocess.run(["git", "clone", "--bare", "--quiet", bundle, tmp_path], check=True)
    paths = [path for path in git("ls-tree", "-r", "--name-only", "-z", "HEAD").decode().split("\0") if which(path)]
    texts = {path: git("show", f"HEAD:{path}") for path in paths if which(path) != "page"}
    frame, _ = read_manifests(texts, repository="github.com/OS2borgerPC/os2borgerpc-admin-site")
    locked = frame.filter(pl.col("path") == "nodejs/package-lock.json")
    assert (locked["purl"].n_unique(), locked["is_direct"].sum()) == (21, 5)
    assert "pkg:pypi/django-two-factor-auth@1.14.0" in frame["purl"].to_list()
    assert {PackageURL.from_string(purl).to_string() for purl in frame["purl"].drop_nulls()} == set(frame["purl"]) - {
        None
    }
    # This history keeps of a workflow only the lines that name actions: what is left is no YAML, and is said not to be.
    assert frame.filter(pl.col("state") == "unreadable")["path"].to_list() == [".github/workflows/docker-image.yml"]
