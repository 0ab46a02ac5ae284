"""licences.toml: what a human decides, and packages that nobody licensed."""

from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from facts_builder import History, licensed
from oshealth.derive.findings import findings_of
from oshealth.licences.decisions import Decision, Decisions, LicencesError, read_decisions
from oshealth.metrics.open_all_the_way_down import open_all_the_way_down
from test_openness import DAY, at


def test_a_human_decides_what_nobody_else_knows() -> None:
    history = licensed()
    history.dependency("pkg:npm/dark@1.0.0", "SEE LICENSE IN LICENSE")
    decision = Decision(purl="pkg:npm/dark", licence="MIT", why="Its README says so.", decided_on="2024-01-01")  # type: ignore[arg-type]
    facts = history.facts()
    object.__setattr__(facts, "decisions", Decisions((decision,)))
    row = facts.needs.row(0, named=True)
    assert (row["licence"], row["licence_source"], row["openness"]) == ("MIT", "declared", "approved")


def test_packages_that_their_maker_published_without_a_licence_are_one_finding() -> None:
    history = licensed()
    for name in ("%40town/map", "%40town/plan", "pause"):
        history.dependency(f"pkg:npm/{name}@1.0.0")
        history.add(
            "package", purl=f"pkg:npm/{name}@1.0.0", source="npm registry", licences_raw=[], reason="unlicensed"
        )
    found = findings_of(history.at(DAY)).select("kind", "subject", "grade", "detail").rows()
    assert found == [
        (
            "unlicensed_dependency",
            "pkg:npm/%40town",
            "watch",
            "2 packages of one maker (%40town/map, %40town/plan) are published without a licence: by law nobody else "
            "may copy or change them.",
        ),
        (
            "unlicensed_dependency",
            "pkg:npm/pause@1.0.0",
            "watch",
            "pause is published without a licence: by law nobody else may copy or change them.",
        ),
    ]
    assert at(open_all_the_way_down, history).label is None


def test_a_decision_may_hold_for_all_packages_of_a_namespace() -> None:
    whole, one = (
        Decision(purl=purl, licence=licence, why="The makers say so.", decided_on=date(2026, 11, 23))
        for purl, licence in (("pkg:npm/%40town/*", "EUPL-1.2"), ("pkg:npm/%40town/map", "MIT"))
    )
    decisions = Decisions((whole, one))
    assert decisions.of("pkg:npm/%40town/plan@1.0.0") == whole
    assert decisions.of("pkg:npm/%40town/map@1.0.0") == one
    assert decisions.of("pkg:npm/%40townhall/map@1.0.0") is None
    assert decisions.of("pkg:npm/town@1.0.0") is None


def test_mistakes_in_licences_toml_are_named(tmp_path: Path) -> None:
    folder = tmp_path
    assert not read_decisions(folder)
    entry = '[[package]]\npurl = "pkg:npm/a"\nlicence = "{}"\nwhy = "so"\ndecided_on = 2024-01-01\n'
    (folder / "licences.toml").write_text(entry.format("EUPL v1.2"))
    assert read_decisions(folder).rows[0].licence == "EUPL-1.2"
    for wrong in (entry.format("Something"), entry.format("MIT") * 2, "[[package]", "[[package]]\npurl = 3\n"):
        (folder / "licences.toml").write_text(wrong)
        with pytest.raises(LicencesError):
            read_decisions(folder)


def test_two_copies_of_one_name_keep_the_licences_that_stand_beside_them() -> None:
    mine, yours = "example.org/town/app", "example.org/town/lib"
    history = History(mine, yours)
    mit = (files("oshealth.licences") / "data" / "texts" / "MIT.txt").read_text(encoding="utf-8")
    texts = {mine: mit, yours: "You may look at it, and nothing else."}
    for repository, text in texts.items():
        path, blob = "vendor/map/LICENSE", f"blob of {repository}"
        history.dependency("pkg:generic/map", repository=repository, source="vendored", path=path)
        history.file(path, "2024-01-01", repository=repository)
        history.rows["file"][-1]["blob"] = blob
        history.add("text", repository=repository, blob=blob, size_bytes=len(text), text=text)
    needs = history.facts().needs.sort("repository")
    assert needs["licence"].to_list() == ["MIT", None]
    # Of both together nobody knows whether all copies are open.
    of_both = history.at(DAY).openness
    assert (of_both.known.height, of_both.unknown.height) == (0, 1)
