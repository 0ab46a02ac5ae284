"""Which version of a package is newer and which are stable, by the rule of each ecosystem."""

from itertools import pairwise
from typing import Any

import pytest

from oshealth.package_versions import is_stable, order_of

# Each from the oldest to the newest; the stable ones are marked.
SERIES = {
    "npm": "0.9.10 0.10.0 1.0.0-alpha? 1.0.0-alpha.1? "
    "1.0.0-alpha.beta? 1.0.0-rc.2? 1.0.0-rc.10? 1.0.0 1.0.1 2.0.0 10.0.0",
    "pypi": "1.0.dev1? 1.0a1? 1.0b2? 1.0rc1? 1.0 1.0.post1 1.1 4.2.16 5.1 5.1.1 1!0.1",
    "gem": "6.0.0 7.1.0.alpha? 7.1.0.beta1? 7.1.0.rc2? 7.1.0 7.1.0.1 7.1.10",
    "maven": "20040616 2.6 5.3.0.Final 6.0.0.alpha-1? 6.0.0.Beta1? 6.0.0.M1? 6.0.0.RC1? 6.0.0-SNAPSHOT? 6.0.0 "
    "6.0.0.SP1 6.0.1.RELEASE 31.1-android 31.1-jre 32.0.0-jre",
    "golang": "v0.0.0-20190101000000-abcdefabcdef? v1.9.0 v1.10.0-rc.1? v1.10.0 v2.0.0+incompatible",
    "cargo": "0.1.0 0.2.0-beta.1? 0.2.0 1.0.0+build.5",
    "nuget": "1.0.0 1.0.0.1 2.0.0-Beta1? 2.0.0-rc1? 2.0.0 13.0.3",
}


@pytest.mark.parametrize(("ecosystem", "series"), SERIES.items())
def test_versions_stand_in_the_order_of_their_ecosystem(ecosystem: str, series: str) -> None:
    versions = [version.rstrip("?") for version in series.split()]
    orders: list[Any] = [order_of(ecosystem, version) for version in versions]
    assert all(older < newer for older, newer in pairwise(orders))


@pytest.mark.parametrize(("ecosystem", "series"), SERIES.items())
def test_what_is_unfinished_is_not_stable(ecosystem: str, series: str) -> None:
    assert [is_stable(ecosystem, v.rstrip("?")) for v in series.split()] == ["?" not in v for v in series.split()]


@pytest.mark.parametrize(
    ("ecosystem", "one", "other"),
    [
        ("pypi", "1.0", "1.0.0"),
        ("maven", "1.0.0.Final", "1"),
        ("maven", "1.0-rc1", "1-RC1"),
        ("gem", "1.0.a", "1.a"),
        ("golang", "v1.2.0", "1.2.0+incompatible"),
        ("nuget", "1.0.0.0", "1.0.0"),
    ],
)
def test_two_ways_to_write_one_version_are_the_same(ecosystem: str, one: str, other: str) -> None:
    assert order_of(ecosystem, one) == order_of(ecosystem, other)


@pytest.mark.parametrize("ecosystem", SERIES)
@pytest.mark.parametrize("version", ["", "nightly", "9" * 5_000, "1." * 101 + "x", "1.0.0-" + "0." * 2_000])
def test_what_is_no_version_is_neither_stable_nor_newer(ecosystem: str, version: str) -> None:
    # Maven takes any word for a version; none of the others does.
    is_maven_word = ecosystem == "maven" and 0 < len(version) < 200
    assert is_maven_word or (order_of(ecosystem, version), is_stable(ecosystem, version)) == (None, False)
