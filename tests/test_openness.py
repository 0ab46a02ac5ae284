"""Is it open all the way down? Measures, findings and the one sentence, on worked examples."""

from datetime import date
from typing import Any

import pytest

from facts_builder import History, licensed
from oshealth.derive import Snapshot
from oshealth.derive.findings import findings_of
from oshealth.licences.answer import Down, answer
from oshealth.measure import Measured, measure
from oshealth.metrics.licence_coverage import licence_coverage
from oshealth.metrics.licence_declared import licence_declared
from oshealth.metrics.non_open_dependencies import non_open_dependencies
from oshealth.metrics.open_all_the_way_down import open_all_the_way_down
from oshealth.metrics.open_dependencies import open_dependencies
from oshealth.metrics.pinned_dependencies import pinned_dependencies
from oshealth.reports.words import label

DAY = "2024-06-30"


def at(compute: object, history: History, day: str = DAY) -> Measured:
    return measure(compute.metric, history.at(day))  # type: ignore[attr-defined]


def kinds(history: History) -> list[tuple[str, str, str]]:
    return findings_of(history.at(DAY)).select("kind", "subject", "grade").rows()


def test_yes_where_everything_is_known_and_open() -> None:
    history = licensed()
    history.dependency("pkg:npm/map@1.0.0", "MIT")
    history.dependency("pkg:npm/deep@2.0.0", "(Apache-2.0 OR SSPL-1.0)", is_direct=False)
    measured = at(open_all_the_way_down, history)
    assert measured.label == "yes"
    assert measured.evidence["because"] == (
        "all 2 components that it runs on or builds with and its own licence (EUPL-1.2) are open source"
    )
    assert (at(non_open_dependencies, history).value, at(open_dependencies, history).value) == (0, 100)
    assert (at(licence_coverage, history).value, kinds(history)) == (100, [])


def test_one_closed_package_deep_down_is_found_out() -> None:
    history = licensed()
    for level in range(4):
        history.dependency(f"pkg:npm/level{level}@1.0.0", "MIT", is_direct=level == 0)
    history.dependency("pkg:npm/level4@1.0.0", "SSPL-1.0", is_direct=False, line=77)
    measured = at(open_all_the_way_down, history)
    assert (measured.label, measured.evidence["because"]) == ("no", "level4 (SSPL-1.0) is not open source")
    # Four of five packages are open: 80 %.
    assert (at(non_open_dependencies, history).value, at(open_dependencies, history).value) == (1, 80)
    found = findings_of(history.at(DAY)).to_dicts()
    assert [(row["kind"], row["subject"], row["grade"], row["line"]) for row in found] == [
        ("non_open_dependency", "pkg:npm/level4@1.0.0", "poor", 77)
    ]
    assert "source available" in found[0]["detail"]


def test_where_no_licence_is_known_the_answer_says_none() -> None:
    history = licensed()
    history.dependency("pkg:npm/dark@1.0.0")
    history.dependency("pkg:npm/silent@1.0.0")
    reason = at(open_all_the_way_down, history).reason
    assert reason == "the licence of none of the 2 components is known"


def test_unknown_is_neither_open_nor_closed() -> None:
    history = licensed()
    history.dependency("pkg:npm/map@1.0.0", "MIT")
    history.dependency("pkg:npm/dark@1.0.0", "BSD")
    history.dependency("pkg:npm/silent@1.0.0")
    # One of three is known: 33.3 %.
    coverage = at(licence_coverage, history)
    assert coverage.value == pytest.approx(100 / 3)
    assert coverage.evidence["unknown"] == ["pkg:npm/dark@1.0.0", "pkg:npm/silent@1.0.0"]
    assert at(open_all_the_way_down, history).reason == "the licence of 2 of 3 components is not known"
    assert at(non_open_dependencies, history).reason == (
        "nothing closed was found, but the licence of 2 of 3 components is not known"
    )
    shares = at(open_dependencies, history)
    assert (shares.value, shares.sample_size) == (100, 1)
    assert shares.coverage == pytest.approx(1 / 3)


def test_where_nobody_could_be_asked_the_coverage_is_no_zero() -> None:
    history = licensed()
    history.dependency("pkg:npm/silent@1.0.0")
    measured = at(licence_coverage, history)
    assert measured.reason == "no licence of a component is known: nobody was asked about it"


def test_a_manifest_that_cannot_be_read_keeps_the_answer_from_being_yes() -> None:
    history = licensed()
    history.dependency("pkg:npm/map@1.0.0", "MIT")
    history.add("dependency", path="api/package.json", state="unreadable", reason="invalid_json")
    assert at(open_all_the_way_down, history).reason == "api/package.json cannot be read"
    assert at(open_dependencies, history).value is None
    assert at(non_open_dependencies, history).value is None
    assert kinds(history) == [("unreadable_manifest", "api/package.json", "watch")]


def test_a_licence_whose_text_is_not_recognised_is_said_by_its_file_with_what_to_do() -> None:
    history = History()
    history.commit("ann", "2024-01-01", adds=["LICENSE", "main.py"])
    history.document("licence", "LICENSE", "2024-01-01", text="You may do with this what our mayor allows. " * 10)
    history.dependency("pkg:npm/map@1.0.0", "MIT")
    said = "LICENSE, whose text is not recognised"
    assert at(open_all_the_way_down, history).reason == f"its own licence ({said}) is not known to be open"
    measured = at(licence_declared, history)
    assert (measured.label, measured.evidence["not_recognised"]) == ("other", ["LICENSE"])
    assert label("other", measured.evidence) == "not recognised"
    found = findings_of(history.at(DAY)).to_dicts()
    assert [(row["kind"], row["path"], row["detail"]) for row in found] == [
        ("own_licence_not_known", "LICENSE", f"The licence of app is not known to be open: what was read is {said}.")
    ]
    assert "SPDX id" in found[0]["advice"]


def test_a_name_that_is_no_licence_is_quoted_with_its_file() -> None:
    history = History()
    history.commit("ann", "2024-01-01", adds=["main.py"])
    history.document("publiccode", "publiccode.yml", "2024-01-01", text="legal:\n  license: Ours\n")
    assert findings_of(history.at(DAY))["detail"].to_list() == [
        "The licence of app is not known to be open: what was read is “Ours” in publiccode.yml, which is no licence "
        "that is known."
    ]


def test_facts_of_before_dependencies_were_collected_say_so() -> None:
    history = licensed()
    facts = history.facts()
    object.__setattr__(facts, "uncollected", frozenset(facts.subject.repositories))
    snapshot = Snapshot(facts, date.fromisoformat(DAY))
    measures: list[Any] = [licence_coverage, non_open_dependencies, open_dependencies, pinned_dependencies]
    for compute in [open_all_the_way_down, *measures]:
        assert measure(compute.metric, snapshot).reason == "its dependencies were not collected yet"


def test_where_no_file_names_a_component_nothing_is_known() -> None:
    for compute in (non_open_dependencies, open_dependencies, licence_coverage, pinned_dependencies):
        assert at(compute, licensed()).reason == "no file names a component that it needs"
    assert at(open_all_the_way_down, licensed()).reason == "no file names a component that it needs"


def test_what_only_develops_is_told_but_does_not_count() -> None:
    history = licensed()
    history.dependency("pkg:npm/map@1.0.0", "MIT")
    history.dependency("pkg:npm/checker@1.0.0", "BUSL-1.1", scope="development")
    assert at(open_all_the_way_down, history).label == "yes"
    assert kinds(history) == [("non_open_dependency", "pkg:npm/checker@1.0.0", "watch")]


def test_what_two_scripts_are_told_when_they_run_is_two_unknown_things() -> None:
    history = licensed()
    for path in ("one.sh", "two.sh"):
        told: dict[str, Any] = {"name": "$1", "ecosystem": "deb", "source": "script", "path": path, "is_pinned": False}
        history.add("dependency", purl=None, state="ok", scope="runtime", line=3, is_direct=True, **told)
    assert at(licence_coverage, history).sample_size == 2


def test_closed_products_are_known_by_name_and_services_are_told_apart() -> None:
    history = licensed()
    script: dict[str, Any] = {"source": "script", "path": "install.sh", "line": 13, "is_pinned": False}
    history.dependency("pkg:deb/google-chrome-stable", **script)
    history.dependency("pkg:deb/microsoft-edge-stable", **script)
    history.dependency("pkg:pypi/boto3@1.0", "Apache-2.0")
    assert kinds(history) == [
        ("non_open_dependency", "pkg:deb/google-chrome-stable", "poor"),
        ("non_open_dependency", "pkg:deb/microsoft-edge-stable", "poor"),
        ("closed_service", "Amazon Web Services", "watch"),
    ]
    because = at(open_all_the_way_down, history).evidence["because"]
    assert because == "google-chrome-stable (proprietary) and microsoft-edge-stable (proprietary) are not open source"


def test_the_sentence_and_the_finding_name_the_licence_of_a_closed_image() -> None:
    history = licensed()
    history.dependency("pkg:docker/mongo@7", source="compose", path="compose.yml", is_pinned=False)
    assert at(open_all_the_way_down, history).evidence["because"] == "mongo (SSPL-1.0) is not open source"
    assert findings_of(history.at(DAY)).row(0, named=True)["detail"].startswith("mongo (SSPL-1.0) is not open source: ")


def test_what_publiccode_names_as_proprietary_is_believed() -> None:
    history = licensed("dependsOn: {proprietary: [{name: Big Database}, {name: Small Font, optional: true}]}")
    history.dependency("pkg:npm/map@1.0.0", "MIT")
    assert at(non_open_dependencies, history).evidence["closed"] == ["Big Database"]
    assert kinds(history) == [
        ("declared_proprietary", "Big Database", "poor"),
        ("declared_proprietary", "Small Font", "watch"),
    ]


def test_the_own_licence_is_read_from_three_places_and_disagreement_is_a_finding() -> None:
    assert at(licence_declared, licensed()).label == "approved"
    history = licensed("legal: {license: AGPL-3.0-or-later}")
    measured = at(licence_declared, history)
    assert (measured.label, measured.evidence["licence"]) == ("approved", ["AGPL-3.0-or-later"])
    found = findings_of(history.at(DAY)).row(0, named=True)
    assert found["kind"] == "licence_disagreement"
    assert found["detail"] == "publiccode.yml says AGPL-3.0-or-later, but LICENSE says EUPL-1.2."


def test_without_a_licence_nobody_may_use_it() -> None:
    history = History()
    history.commit("ann", "2024-01-01", adds=["main.py"])
    history.dependency("pkg:npm/map@1.0.0", "MIT")
    assert at(licence_declared, history).label == "none"
    assert at(open_all_the_way_down, history).label == "no"
    assert kinds(history)[0][0] == "no_licence"
    assert at(licence_declared, History()).reason is not None


def test_a_licence_that_came_later_is_not_seen() -> None:
    history = History()
    history.commit("ann", "2024-01-01", adds=["main.py"])
    history.document("publiccode", "publiccode.yml", "2024-03-01", text="legal: {license: EUPL-1.2}")
    assert at(licence_declared, history, "2024-02-01").label == "none"
    assert at(licence_declared, history, "2024-03-02").label == "approved"


def test_a_product_that_was_found_and_is_declared_counts_once() -> None:
    code = """
dependsOn:
  proprietary:
    - name: Google Chrome
    - name: Road Planner
legal: {license: EUPL-1.2}
"""
    history = licensed(code)
    history.dependency("pkg:deb/google-chrome-stable", source="script", path="install.sh", is_pinned=False)
    measured = at(non_open_dependencies, history)
    # Chrome, by two names, and the planner: 2.
    assert (measured.value, measured.sample_size) == (2, 2)
    assert measured.evidence["closed"] == ["google-chrome-stable (proprietary)", "Road Planner"]


@pytest.mark.parametrize(
    ("down", "sentence"),
    [
        (
            Down(
                5, 2, ["x (SSPL-1.0)", "y (BUSL-1.1)", "z (proprietary)", "w (JSON)", "v (JSON)"], [], "approved", "MIT"
            ),
            "No: x (SSPL-1.0), y (BUSL-1.1), z (proprietary) and 2 others are not open source.",
        ),
        (Down(1, 0, [], [], "none"), "No: it has no licence of its own, so nobody may use or change it."),
        (
            Down(1, 0, [], [], "none", without_licence=["desk"], unread=["image"]),
            "No: desk has no licence, so nobody may use or change it (image could not be read).",
        ),
        (Down(1, 0, [], [], "approved", unread=["image"]), "Not known: image could not be read."),
        (Down(1, 0, [], [], "non-open", "SSPL-1.0"), "No: its own licence (SSPL-1.0) is not an open one."),
        (
            Down(3, 1, [], ["a", "b"], "unknown"),
            "Not known: its own licence is not known to be open, the licence of 1 of 3 components is not known and "
            "2 files that name components cannot be read.",
        ),
    ],
)
def test_the_answer_is_one_sentence(down: Down, sentence: str) -> None:
    said = answer(down)
    assert f"{said.label.capitalize()}: {said.because}." == sentence
