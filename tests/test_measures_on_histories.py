"""Measures on the real histories, against what git itself counts."""

import subprocess
from datetime import date, datetime
from pathlib import Path

import pytest

from oshealth.collect.git import Request, collect_frames
from oshealth.collect.overlay import overlay
from oshealth.collect.patches import Side, read_patches
from oshealth.derive import Facts, Snapshot, Subject
from oshealth.people.registry import load_registry
from oshealth.sources import Codebase, Repository
from repositories import clone_of_history

pytestmark = pytest.mark.histories
CRAWLED_AT = datetime(2026, 11, 23)  # noqa: DTZ001 (moments are UTC without a zone)
AS_OF = date(2026, 11, 22)
FORK, UPSTREAM = "danesjenovdan/consul", "consuldemocracy/consuldemocracy"


def git(path: Path, *arguments: str) -> list[str]:
    done = subprocess.run(["git", "-C", str(path), *arguments], check=True, capture_output=True, text=True)
    return done.stdout.split()


def tables(path: Path, name: str) -> Facts:
    repository = f"git.example/{name}"
    with overlay(path) as opened:
        frames = collect_frames(opened, Request(repository, f"https://{repository}", b"k" * 32, CRAWLED_AT)).frames
    return Facts(Subject("repository", repository, (repository,)), frames)


def test_containment_agrees_with_git_for_every_commit(tmp_path: Path) -> None:
    path = clone_of_history("OS2borgerPC/os2borgerpc-client", tmp_path)
    snapshot = Snapshot(tables(path, "OS2borgerPC/os2borgerpc-client"), AS_OF)
    tags = {row["name"]: row for row in snapshot.stable_releases.iter_rows(named=True) if "tag" in row["sources"]}
    first = dict(snapshot.first_releases.select("sha", "version").iter_rows())
    for sha in git(path, "rev-list", "HEAD"):
        containing = git(path, "for-each-ref", "--contains", sha, "--format=%(refname:short)", "refs/tags")
        rows = [tags[name] for name in containing if name in tags]
        earliest = min(rows, key=lambda row: (row["released_at"], row["version"]), default=None)
        if earliest:
            in_time = snapshot.first_releases.filter(sha=sha)["released_at"][0]
            assert in_time <= earliest["released_at"]
            assert first[sha] == earliest["version"] or in_time < earliest["released_at"]


def test_a_forks_own_commits_and_deployments_agree_with_git(tmp_path: Path) -> None:
    fork_path, upstream_path = (clone_of_history(name, tmp_path) for name in (FORK, UPSTREAM))
    fork, upstream = tables(fork_path, FORK), tables(upstream_path, UPSTREAM)
    repositories = (Repository(url=f"https://git.example/{FORK}", fork_of=f"https://git.example/{UPSTREAM}"),)
    with overlay(fork_path) as one, overlay(upstream_path) as other:
        ours = Side(one.git, fork.table("commit"), fork.table("change"))
        theirs = Side(other.git, upstream.table("commit"), upstream.table("change"))
        patches = read_patches(fork.subject.id, ours, theirs)
    frames = {**fork.tables, "patch": patches.frame, "organisation": load_registry().organisations}
    codebase = Codebase(id="consul", name="Consul", stewards=("someone",), repository=repositories)
    shas = frozenset(upstream.table("commit")["sha"])
    snapshot = Snapshot(Facts(fork.subject, frames, codebase, shas), AS_OF)
    assert snapshot.fork is not None
    head = git(upstream_path, "rev-parse", "HEAD")[0]
    ahead = git(fork_path, "rev-list", "--no-merges", "--count", "HEAD", f"^{head}")
    assert snapshot.fork.ahead == int(ahead[0])
    assert not patches.gaps
    assert {"Koper", "Maribor", "Nova Gorica"} <= {deployment.name for deployment in snapshot.deployments}
