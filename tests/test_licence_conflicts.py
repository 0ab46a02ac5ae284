"""Licences that cannot be combined with the repository's own: a worked example and the unknown."""

from facts_builder import History, licensed
from oshealth.derive.findings import findings_of
from oshealth.measure import Measured, measure
from oshealth.metrics.licence_conflicts import licence_conflicts

DAY = "2024-06-30"


def at(compute: object, history: History, day: str = DAY) -> Measured:
    return measure(compute.metric, history.at(day))  # type: ignore[attr-defined]


def test_conflicts_are_counted_with_their_rule() -> None:
    history = licensed("legal: {license: GPL-2.0-only}")
    history.dependency("pkg:npm/map@1.0.0", "Apache-2.0")
    history.dependency("pkg:npm/either@1.0.0", "Apache-2.0 OR MIT")
    history.dependency("pkg:github/action/build@v1", "Apache-2.0", scope="build")
    measured = at(licence_conflicts, history)
    assert measured.value == 1
    assert "Apache-2.0 cannot be taken into a work under GPL-2.0-only" in measured.evidence["conflicts"][0]["rule"]
    assert at(licence_conflicts, licensed()).reason == "no file names a package that runs in it"
    unlicensed = licensed()
    unlicensed.dependency("pkg:npm/silent@1.0.0")
    unlicensed.dependency("pkg:githubactions/actions/checkout@4.0.0", "MIT")
    # A licence is known, but not one that could conflict.
    assert at(licence_conflicts, unlicensed).reason == "no licence is known of a package that runs in it"
    detail = findings_of(history.at(DAY)).row(0, named=True)["detail"]
    assert detail == (
        "map 1.0.0 is under the Apache License 2.0 (Apache-2.0); by OSADL's table that cannot go into a work under "
        "GPL-2.0-only."
    )


def test_a_library_under_a_licence_of_libraries_conflicts_only_where_it_was_copied() -> None:
    history = licensed("legal: {license: MIT}")
    history.dependency("pkg:pypi/certificates@1.0.0", "MPL-2.0")
    assert at(licence_conflicts, history).value == 0
    history.dependency("pkg:generic/copied@1.0.0", "MPL-2.0", source="vendored", path="lib/LICENSE")
    assert at(licence_conflicts, history).value == 1


def test_a_work_without_a_licence_has_none_that_others_could_conflict_with() -> None:
    history = History()
    history.commit("ann", "2024-01-01", adds=["main.py"])
    history.dependency("pkg:npm/map@1.0.0", "Apache-2.0")
    assert at(licence_conflicts, history).reason == "it has no licence of its own that others could conflict with"
