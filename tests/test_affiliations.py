"""Persons to organisations over time, by hand."""

from datetime import UTC, datetime

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from oshealth.facts import AFFILIATION
from oshealth.people.affiliations import EVIDENCE, affiliate


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).replace(tzinfo=None)


def evidence(*rows: tuple[str, str]) -> pl.DataFrame:
    """Evidence of one person: days and organisations."""
    return pl.DataFrame([("ann", day(at), who) for at, who in rows], schema=EVIDENCE, orient="row")


def declared(*rows: tuple[str | None, str | None, str]) -> pl.DataFrame:
    found = [("ann", who, day(a) if a else None, day(b) if b else None, "declared", 1.0) for a, b, who in rows]
    return pl.DataFrame(found, schema=AFFILIATION, orient="row")


NONE, NOTHING = evidence(), declared()


def at(found: pl.DataFrame, when: str) -> tuple[str, str] | None:
    """The organisation at a moment, and why."""
    moment = day(when)
    begun = pl.col("from_at").is_null() | (pl.col("from_at") <= moment)
    rows = found.filter(begun & (pl.col("until_at").is_null() | (pl.col("until_at") > moment)))
    assert rows.height <= 1
    return (rows["organisation"][0], rows["evidence"][0]) if rows.height else None


def test_an_address_speaks_for_the_stretch_in_which_it_was_used() -> None:
    found = affiliate(evidence(("2020-01-01", "firm"), ("2020-12-31", "firm")), NONE, NOTHING)
    assert at(found, "2020-01-01") == ("firm", "address")
    assert at(found, "2020-06-15") == ("firm", "address")
    assert at(found, "2020-12-31") == ("firm", "address")


def test_other_contributions_near_it_are_counted_with_it_at_lower_confidence() -> None:
    found = affiliate(evidence(("2020-01-01", "firm"), ("2020-12-31", "firm")), NONE, NOTHING)
    assert at(found, "2019-07-02") == ("firm", "nearby")  # 183 days before
    assert at(found, "2019-07-01") is None
    assert at(found, "2021-07-02") == ("firm", "nearby")  # 183 days after
    assert at(found, "2021-07-03") is None


def test_who_moves_is_counted_for_each_in_its_time() -> None:
    moved = evidence(("2020-01-01", "firm"), ("2020-12-01", "firm"), ("2021-03-01", "town"), ("2021-09-01", "town"))
    found = affiliate(moved, NONE, NOTHING)
    assert at(found, "2021-02-28") == ("firm", "address")  # until the next different evidence
    assert at(found, "2021-03-01") == ("town", "address")


def test_who_comes_back_after_years_was_unknown_between() -> None:
    found = affiliate(evidence(("2015-01-01", "firm"), ("2020-01-01", "firm")), NONE, NOTHING)
    assert at(found, "2017-06-01") is None
    assert at(found, "2019-12-01") == ("firm", "nearby")


def test_a_declaration_wins_over_an_address_and_only_in_its_time() -> None:
    found = affiliate(
        evidence(("2020-01-01", "firm"), ("2021-12-01", "firm")), NONE, declared(("2020-06-01", "2020-09-01", "town"))
    )
    assert at(found, "2020-05-31") == ("firm", "address")
    assert at(found, "2020-06-01") == ("town", "declared")
    assert at(found, "2020-09-01") == ("firm", "address")


def test_a_declaration_without_days_leaves_nothing_else() -> None:
    found = affiliate(evidence(("2020-01-01", "firm")), NONE, declared((None, None, "volunteer")))
    assert found.select("organisation", "from_at", "until_at").rows() == [("volunteer", None, None)]


def test_a_profile_is_weaker_than_an_address_and_stronger_than_nearness() -> None:
    found = affiliate(
        evidence(("2020-01-01", "firm"), ("2020-12-01", "firm")), evidence(("2021-02-01", "town")), NOTHING
    )
    assert at(found, "2020-12-01") == ("firm", "address")
    assert at(found, "2021-02-01") == ("town", "profile")


DAYS = st.dates(day("2015-01-01").date(), day("2022-01-01").date()).map(str)
ORGANISATIONS = st.sampled_from(["firm", "town", "state"])
POINTS = st.lists(st.tuples(DAYS, ORGANISATIONS), max_size=8)
BOUNDS = st.lists(st.tuples(DAYS, ORGANISATIONS), max_size=3, unique_by=lambda pair: pair[0])


@given(POINTS, POINTS, BOUNDS)
@settings(deadline=None, max_examples=80)
def test_stretches_never_overlap_and_evidence_is_kept(
    addresses: list[tuple[str, str]], profiles: list[tuple[str, str]], bounds: list[tuple[str, str]]
) -> None:
    ordered = sorted(bounds)
    ends = [*[start for start, _ in ordered[1:]], None][: len(ordered)]
    stated = declared(*[(start, end, who) for (start, who), end in zip(ordered, ends, strict=True)])
    found = affiliate(evidence(*addresses), evidence(*profiles), stated)
    assert found.schema == AFFILIATION
    for when, _ in [*addresses, *profiles, *bounds]:
        assert at(found, when) is not None
    for when, who in addresses:
        others = {other for then, other in addresses if then == when}
        if not ordered or when < ordered[0][0]:
            assert at(found, when) in {(other, "address") for other in others | {who}}
