"""What registries said is kept between audits: by package and version, privately, and nothing of failures."""

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from rich.console import Console

from facts_builder import moment
from oshealth.commands.audit import _Doing
from oshealth.facts import PACKAGE, PACKAGE_RELEASE
from oshealth.pipeline.auditing.audit import DOWN, Audit, audit
from oshealth.pipeline.collecting.look_ups import package_cache, tell, told
from oshealth.store.package_cache import PackageCache
from registry_server import Reply, serving
from repositories import Repo

NOW = moment("2026-11-23 03:00")


def said(*rows: tuple[str, str | None, str | None]) -> dict[str, pl.DataFrame]:
    """Package URL, licence and reason."""
    columns = [
        (purl, "npm registry", [licence] if licence else [], None, NOW, reason) for purl, licence, reason in rows
    ]
    return {"package": pl.DataFrame(columns, schema=PACKAGE, orient="row")}


def needs(*purls: str) -> pl.DataFrame:
    return pl.DataFrame({"purl": purls})


ALL = pl.lit(value=True)


def test_what_is_kept_is_read_again_for_what_is_needed(tmp_path: Path) -> None:
    cache = PackageCache(tmp_path / "cache")
    cache.add(said(("pkg:npm/a@1", "MIT", None), ("pkg:npm/b@1", "ISC", None)), ALL)
    released = [("pkg:npm/%40town/c", "1.0", NOW, True, "npm registry", NOW)]
    cache.add({"package_release": pl.DataFrame(released, schema=PACKAGE_RELEASE, orient="row")}, ALL)
    found = cache.of(needs("pkg:npm/a@1", "pkg:npm/%40town/c@1.0"))
    assert found["package"].select("purl", pl.col("licences_raw").list.first()).rows() == [("pkg:npm/a@1", "MIT")]
    assert found["package_release"]["version"].to_list() == ["1.0"]
    assert cache.folder is not None
    assert cache.folder.stat().st_mode & 0o777 == 0o700


def test_a_newer_answer_takes_the_place_of_an_older_one(tmp_path: Path) -> None:
    cache = PackageCache(tmp_path)
    cache.add(said(("pkg:npm/a@1", None, "http_404")), ALL)
    cache.add(said(("pkg:npm/a@1", "MIT", None)), ALL)
    assert cache.read()["package"]["licences_raw"].to_list() == [["MIT"]]


@pytest.mark.parametrize("broken", [b"", b"PAR1 nonsense PAR1", None])
def test_a_broken_table_or_one_of_another_version_is_taken_for_nothing(tmp_path: Path, broken: bytes | None) -> None:
    path = tmp_path / "package.parquet"
    if broken is None:
        pl.DataFrame({"purl": ["pkg:npm/a@1"]}).write_parquet(path)
    else:
        path.write_bytes(broken)
    cache = PackageCache(tmp_path)
    assert cache.read()["package"].is_empty()
    cache.add(said(("pkg:npm/a@1", "MIT", None)), ALL)
    assert cache.read()["package"].height == 1


def test_a_folder_in_which_others_may_write_is_not_believed(tmp_path: Path) -> None:
    PackageCache(tmp_path / "cache").add(said(("pkg:npm/a@1", "MIT", None)), ALL)
    (tmp_path / "cache").chmod(0o777)
    assert PackageCache(tmp_path / "cache").read()["package"].is_empty()


def test_a_cache_that_cannot_be_had_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    for cache in (PackageCache(None), PackageCache(tmp_path / "file" / "cache"), PackageCache(tmp_path / "file")):
        cache.add(said(("pkg:npm/a@1", "MIT", None)), ALL)
        assert cache.read()["package"].is_empty()


def test_the_folder_is_the_users_own_for_caches_or_the_one_that_is_named(tmp_path: Path) -> None:
    assert package_cache({"XDG_CACHE_HOME": "/caches"}, tmp_path).folder == Path("/caches/oshealth/packages")
    own = package_cache({"XDG_CACHE_HOME": "caches"}, tmp_path).folder
    assert own is not None
    assert own.is_relative_to(tmp_path)
    assert package_cache({"OSHEALTH_CACHE": "/elsewhere"}, tmp_path).folder == Path("/elsewhere/packages")
    assert package_cache({"OSHEALTH_CACHE": ""}, tmp_path).folder is None


def test_a_second_audit_asks_nobody_and_one_offline_knows_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = Repo(tmp_path / "town")
    repo.commit({"package.json": '{"license": "MIT", "dependencies": {"map": "1.0.0", "lost": "1.0.0"}}'})
    monkeypatch.setenv("OSHEALTH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_offline", "false")

    def down(days: int, **how: Any) -> Any:
        order = Audit(str(repo.path), date(2024, 6, 30), moment("2024-07-01") + timedelta(days=days), **how)
        return next(row for row in audit(order).measurements if row["metric"] == DOWN)["reason"]

    with serving() as server:
        monkeypatch.setenv("npm_config_registry", server.url)
        document = {"versions": {"1.0.0": {"license": "ISC"}}, "time": {"1.0.0": "2024-01-01T00:00:00Z"}}
        server.replies["/map"] = Reply(document)
        server.replies["/lost"] = Reply(status=500)
        first = down(0)
        assert "the licence of 1 of 2 components is not known" in first
        server.requests.clear()
        assert down(1) == first
        # A failure is no answer: it is asked about again.
        assert server.paths == ["/lost"]
        server.replies["/lost"] = Reply(document)
        answered = down(1)
        server.requests.clear()
        assert answered != first
        assert down(2) == answered == down(3, is_offline=True)
        assert server.paths == []


def test_the_terminal_says_how_many_packages_are_looked_up() -> None:
    written = Console(file=io.StringIO(), width=80)
    try:
        tell(312, 738)
        written.print(_Doing("town"))
        tell(0, 0)
        written.print(_Doing("town"))
    finally:
        tell(0, 0)
    assert isinstance(written.file, io.StringIO)
    assert written.file.getvalue().splitlines() == ["Reading town … licences: 312 of 738", "Reading town …"]
    assert told() == ""
