"""Refs are read from files and listings, whatever stands in them."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oshealth.collect.refs import Refs, advertised_refs, bundle_refs, is_ref_name, read_refs

A, B = "a" * 40, "b" * 40
IDS = st.sampled_from([b"a" * 40, b"b" * 64, b"0" * 40])
WORDS = st.sampled_from([b"ref: ", b"refs/heads/x", b"refs/tags/", b"HEAD", b"\t", b" ", b"\n", b"\0", b"^", b"#"])
NOISE = st.lists(IDS | WORDS | st.binary(max_size=8), max_size=24).map(b"".join)


def is_sound(refs: Refs) -> bool:
    values = [*refs.tips.values(), *([refs.head] if refs.head else [])]
    names = [*refs.tips, *([refs.head_ref] if refs.head_ref else [])]
    return all(len(value) in {40, 64} for value in values) and all(map(is_ref_name, names))


def test_a_listing_names_the_default_branch() -> None:
    refs = advertised_refs(
        f"ref: refs/heads/dev\tHEAD\n{B}\tHEAD\n{B}\trefs/heads/dev\n{A}\trefs/heads/main\n"
        f"{A}\trefs/pull/1/head\n{A}\trefs/tags/v1\n{B}\trefs/tags/v1^{{}}\n".encode()
    )
    assert refs == Refs({b"refs/heads/dev": B, b"refs/heads/main": A, b"refs/tags/v1": A}, B, b"refs/heads/dev")


@pytest.mark.parametrize(
    ("branches", "expected"),
    [(["dev", "main", "x"], "main"), (["dev", "master"], "master"), (["b", "a"], "a"), ([], None)],
)
def test_a_listing_without_a_default_branch_lets_it_be_guessed(branches: list[str], expected: str | None) -> None:
    lines = [f"{A}\tHEAD", f"{B}\trefs/heads/zero", *(f"{A}\trefs/heads/{name}" for name in branches)]
    refs = advertised_refs("\n".join(lines).encode())
    assert (refs.head, refs.default_branch) == (A, expected)


def test_a_bundles_header_is_its_listing(tmp_path: Path) -> None:
    header = f"# v3 git bundle\n@object-format=sha1\n-{A} a parent\n{B} HEAD\n{B} refs/heads/main\n\n"
    (tmp_path / "bundle").write_text(f"{header}PACK\n{A} refs/heads/x\n\n")
    assert bundle_refs(tmp_path / "bundle") == Refs({b"refs/heads/main": B}, B, b"refs/heads/main")


@settings(deadline=None)
@given(NOISE)
def test_a_listing_may_hold_anything(listing: bytes) -> None:
    assert is_sound(advertised_refs(listing))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(NOISE, NOISE, NOISE)
def test_the_files_of_a_repository_may_hold_anything(tmp_path: Path, head: bytes, packed: bytes, loose: bytes) -> None:
    (tmp_path / "refs" / "heads").mkdir(parents=True, exist_ok=True)
    (tmp_path / "HEAD").write_bytes(head)
    (tmp_path / "packed-refs").write_bytes(packed)
    (tmp_path / "refs" / "heads" / "x").write_bytes(loose)
    assert is_sound(read_refs(tmp_path, tmp_path))


def test_refs_that_name_one_another_come_to_nothing(tmp_path: Path) -> None:
    (tmp_path / "refs" / "heads").mkdir(parents=True)
    (tmp_path / "refs" / "heads" / "a").write_text("ref: refs/heads/b\n")
    (tmp_path / "refs" / "heads" / "b").write_text("ref: refs/heads/a\n")
    (tmp_path / "HEAD").write_text("ref: refs/heads/a\n")
    assert read_refs(tmp_path, tmp_path) == Refs({}, None, b"refs/heads/a")
