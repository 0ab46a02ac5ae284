"""A pipe or a device where git looks for objects holds nothing up."""

import os
from pathlib import Path
from time import perf_counter

import pytest

from oshealth.collect.child import Limits
from oshealth.collect.overlay import overlay, quoted
from repositories import Repo


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo(tmp_path / "source.git")
    made.commit({"README.md": "one"})
    return made


@pytest.mark.parametrize(
    ("place", "what"),
    [
        ("objects/info/alternates", "pipe"),
        ("objects/info/alternates", "device"),
        ("objects/pack/multi-pack-index", "pipe"),
        ("objects/ab/" + "c" * 38, "pipe"),
        ("../lent/objects/pack/multi-pack-index", "pipe"),
        ("../le\nt/objects/pack/multi-pack-index", "pipe"),
    ],
)
def test_pipes_and_devices_in_place_of_objects_hold_nothing_up(repo: Repo, place: str, what: str) -> None:
    path = repo.path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    if place.startswith("../"):
        lent = place.removesuffix("/pack/multi-pack-index")
        (repo.path / "objects" / "info" / "alternates").write_text(f"# x\n{quoted(f'../{lent}')}\n")
    if what == "device":
        path.symlink_to("/dev/zero")
    else:
        os.mkfifo(path)
    start = perf_counter()
    with overlay(repo.path, Limits(seconds=20)) as opened:
        assert (opened.status, opened.head) == ("corrupt", None)
        assert "pipe" in opened.detail
    assert perf_counter() - start < 10


def test_objects_borrowed_in_a_circle_are_read(repo: Repo) -> None:
    (repo.path / "objects" / "info").mkdir(exist_ok=True)
    (repo.path / "objects" / "info" / "alternates").write_text(f"{repo.path / 'objects'}\n../objects\n/nonexistent\n")
    with overlay(repo.path) as opened:
        assert opened.status == "ok"
