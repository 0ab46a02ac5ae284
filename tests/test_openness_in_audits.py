"""An audit finds out what a repository needs, says whether it is open in one sentence, and writes a CycloneDX file."""

import json
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from facts_builder import moment
from oshealth.pipeline.auditing.audit import DOWN, Audit, Audited, audit
from registry_server import Reply, serving
from repositories import Repo

LICENCE = (files("oshealth.licences") / "data" / "texts" / "EUPL-1.2.txt").read_text(encoding="utf-8")


def lock(licences: dict[str, str | None]) -> str:
    """A lock file in which each package needs the next, all below the first."""
    names = list(licences)
    root: dict[str, Any] = {"name": "town", "dependencies": {names[0]: "^1.0.0"}}
    packages: dict[str, Any] = {"": root}
    for name, needs in zip(names, [*names[1:], None], strict=True):
        entry: dict[str, Any] = {"version": "1.0.0", "license": licences[name]}
        packages[f"node_modules/{name}"] = {**entry, **({"dependencies": {needs: "^1.0.0"}} if needs else {})}
    return json.dumps({"name": "town", "lockfileVersion": 3, "packages": packages}, indent=1)


def repository(tmp_path: Path, licences: dict[str, str | None]) -> Repo:
    repo = Repo(tmp_path / "town")
    manifest = json.dumps({"name": "town", "license": "EUPL-1.2", "dependencies": {next(iter(licences)): "^1.0.0"}})
    repo.commit({"package.json": manifest, "package-lock.json": lock(licences), "LICENSE": LICENCE})
    return repo


def audited(repo: Repo, **how: Any) -> Audited:
    return audit(Audit(str(repo.path), date(2024, 6, 30), moment("2024-07-01"), **how))


def down(answer: Audited) -> dict[str, Any]:
    return next(row for row in answer.measurements if row["metric"] == DOWN)


def test_one_sspl_package_five_levels_down_is_found_out(tmp_path: Path) -> None:
    open_ones: dict[str, str | None] = {f"level{number}": "MIT" for number in range(1, 5)}
    answer = audited(repository(tmp_path, {**open_ones, "level5": "SSPL-1.0"}), is_offline=True)
    measured = down(answer)
    assert (measured["label"], measured["evidence"]["because"]) == ("no", "level5 (SSPL-1.0) is not open source")
    finding = measured["evidence"]["findings"][0]
    assert (finding["kind"], finding["path"]) == ("non_open_dependency", "package-lock.json")
    assert finding["line"]


def test_a_registry_fills_in_what_the_lock_file_does_not_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = repository(tmp_path, {"first": "MIT", "second": None})
    with serving() as server:
        monkeypatch.setenv("npm_config_registry", server.url)
        monkeypatch.setenv("npm_config_offline", "false")
        server.replies["/second/1.0.0"] = Reply({"license": "ISC"})
        assert down(audited(repo))["label"] == "yes"
        assert "/second/1.0.0" in server.paths
        server.requests.clear()
        offline = down(audited(repo, is_offline=True))
        assert offline["reason"] == "the licence of 1 of 2 components is not known"
        assert server.requests == []


def test_a_broken_lock_file_keeps_the_answer_open(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "town")
    repo.commit({"package-lock.json": "<<<<<<< HEAD\n{}\n=======\n", "LICENSE": LICENCE})
    assert down(audited(repo))["reason"] == "package-lock.json cannot be read"


def test_a_licence_that_came_after_the_schema_is_written_by_name(tmp_path: Path) -> None:
    sbom = tmp_path / "sbom.json"
    audited(repository(tmp_path, {"first": "MIT", "late": "Hippocratic-3.0-core"}), sbom=sbom, is_offline=True)
    text = sbom.read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert [each["licenses"] for each in json.loads(text)["components"]] == [
        [{"license": {"id": "MIT"}}],
        [{"license": {"name": "Hippocratic-3.0-core"}}],
    ]


def test_the_components_are_written_as_valid_cyclonedx(tmp_path: Path) -> None:
    licences: dict[str, str | None] = {"a": "MIT", "b": "(MIT OR Apache-2.0)", "c": "UNLICENSED", "d": "BSD", "e": None}
    sbom = tmp_path / "sbom.json"
    audited(repository(tmp_path, licences), sbom=sbom, is_offline=True)
    text = sbom.read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    found = {row["name"]: row for row in json.loads(text)["components"]}
    assert found["a"]["purl"] == "pkg:npm/a@1.0.0"
    assert found["a"]["licenses"] == [{"license": {"id": "MIT"}}]
    assert found["b"]["licenses"] == [{"expression": "MIT OR Apache-2.0"}]
    assert found["c"]["licenses"] == [{"license": {"name": "LicenseRef-Proprietary"}}]
    assert "licenses" not in found["d"]
    assert "licenses" not in found["e"]


def test_an_empty_repository_names_nothing(tmp_path: Path) -> None:
    answer = audited(Repo(tmp_path / "empty"))
    assert down(answer)["reason"] is not None


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_requirements_in_any_encoding_are_read_or_said_not_to_be(tmp_path: Path, encoding: str) -> None:
    repo = repository(tmp_path, {"one": "MIT"})
    assert down(audited(repo, is_offline=True))["label"] == "yes"
    repo.commit({"requirements.txt": "closed==1.0\n".encode(encoding)})
    answer = down(audited(repo, is_offline=True))
    assert answer["label"] is None
    assert "not known" in answer["reason"] or "requirements.txt cannot be read" in answer["reason"]
