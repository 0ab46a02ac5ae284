"""Contributor spread: worked examples with their arithmetic, and what is said when too little is known."""

from collections.abc import Mapping
from math import log

import polars as pl
import pytest

from facts_builder import History
from oshealth.derive.spread import HALF_UNKNOWN, Spread, spread_of, yearly_spreads
from oshealth.measure import Measured, Metric
from oshealth.metrics._reasons import NO_CONTRIBUTION
from oshealth.metrics.affiliation_coverage import affiliation_coverage
from oshealth.metrics.archetype import UNDECIDED, archetype
from oshealth.metrics.countries_contributing import countries_contributing
from oshealth.metrics.elephant_factor import elephant_factor
from oshealth.metrics.municipalities_contributing import municipalities_contributing
from oshealth.metrics.organisation_evenness import organisation_evenness
from oshealth.metrics.organisations_contributing import organisations_contributing
from oshealth.metrics.outside_contribution import outside_contribution
from oshealth.metrics.supplier_share import supplier_share
from oshealth.metrics.top_supplier_share import top_supplier_share
from oshealth.sources import Codebase

TYPES = {
    "firm": ("supplier", "DK"),
    "shop": ("supplier", "SE"),
    "bytown": ("municipality", "DK"),
    "northby": ("municipality", "SE"),
    "club": ("association", "DK"),
    "city-it": ("publicly owned company", "CZ"),
    "volunteer": ("volunteer", None),
    "puzzle": ("unknown", "NO"),
}
SPREAD_METRICS = [
    elephant_factor,
    municipalities_contributing,
    organisation_evenness,
    organisations_contributing,
    supplier_share,
    top_supplier_share,
]


def contributions(counts: Mapping[str, int], year: int = 2024) -> pl.DataFrame:
    """So many contributions for each organisation; "?" is unknown, "ann@volunteer" a volunteer of her own."""
    rows = []
    for key, count in counts.items():
        person, _, organisation = key.rpartition("@")
        kind, country = TYPES.get(organisation, ("supplier", None)) if organisation != "?" else (None, None)
        known = None if organisation == "?" else organisation
        rows += [(person or organisation, known, kind, country)] * count
    columns = ["person", "organisation", "organisation_type", "country"]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    return frame.with_columns(pl.datetime(year, 6, 1).alias("authored_at"))


def spread(**counts: int) -> Spread:
    return spread_of(contributions(counts))


def card(compute: object) -> Metric:
    found = getattr(compute, "metric", None)
    assert isinstance(found, Metric)
    return found


def test_the_elephant_factor_counts_organisations_until_more_than_half() -> None:
    # 5 of 10 is not more than half; 5 + 3 is.
    assert elephant_factor(spread(firm=5, bytown=3, club=2)).value == 2
    assert elephant_factor(spread(firm=6, bytown=2, club=2)).value == 1


def test_the_elephant_factor_of_the_chaoss_example_is_two() -> None:
    # 1000 + 202 + 90 + 33 + 332 + 343 + 42 + 433 = 2475, half of it 1237.5: 1000 + 433 passes it.
    counts = dict(enumerate([1000, 202, 90, 33, 332, 343, 42, 433]))
    frame = pl.concat([contributions({f"organisation {n}": count}) for n, count in counts.items()])
    assert elephant_factor(spread_of(frame)).value == 2


def test_unknown_contributions_belong_to_the_whole_but_never_to_the_half() -> None:
    # 12 contributions, 5 unknown: the firm's 4 are 57 % of the known, yet 33 % of all; 4 + 3 of 12 pass the half.
    measured = elephant_factor(spread_of(contributions({"firm": 4, "bytown": 3, "?": 5})))
    assert (measured.value, measured.coverage) == (2, 7 / 12)
    assert measured.evidence["unknown"] == 5


@pytest.mark.parametrize("compute", SPREAD_METRICS)
def test_half_unknown_is_unknown_and_the_evidence_keeps_who_is_known(compute: object) -> None:
    measured: Measured = card(compute).compute(spread_of(contributions({"bytown": 5, "?": 5})))
    assert (measured.value, measured.reason, measured.coverage) == (None, HALF_UNKNOWN, 0.5)
    assert measured.evidence["organisations"][0]["organisation"] == "bytown"


@pytest.mark.parametrize("compute", [*SPREAD_METRICS, affiliation_coverage, countries_contributing])
def test_an_empty_window_is_unknown_not_zero(compute: object) -> None:
    measured: Measured = card(compute).compute(spread())
    assert (measured.value, measured.reason) == (None, NO_CONTRIBUTION)


def test_affiliation_coverage_is_the_known_share_and_volunteers_are_known() -> None:
    measured = affiliation_coverage(spread_of(contributions({"firm": 6, "ann@volunteer": 2, "?": 2})))
    assert (measured.value, card(affiliation_coverage).grade(measured)) == (80, "good")
    assert measured.evidence["by_type"] == {"supplier": 6, "volunteer": 2}


def test_municipalities_are_counted_once_each() -> None:
    measured = municipalities_contributing(spread(bytown=3, northby=1, firm=6))
    assert (measured.value, measured.evidence["municipalities"]) == (2, ["bytown", "northby"])
    assert municipalities_contributing(spread(firm=6)).value == 0


def test_volunteers_are_no_organisation_but_each_counts_alone() -> None:
    of_all = spread_of(contributions({"firm": 2, "ann@volunteer": 1, "bo@volunteer": 1}))
    assert organisations_contributing(of_all).value == 1
    # 2 of 4 is not more than half: the firm and one volunteer.
    assert elephant_factor(of_all).value == 2


def test_evenness_is_entropy_over_its_maximum() -> None:
    assert organisation_evenness(spread(firm=5, bytown=5)).value == pytest.approx(1)
    assert organisation_evenness(spread(firm=5)).value == 0
    # Shares 3/4 and 1/4: (0.75 ln(4/3) + 0.25 ln 4) / ln 2 = 0.8113
    expected = (0.75 * log(4 / 3) + 0.25 * log(4)) / log(2)
    assert organisation_evenness(spread(firm=3, bytown=1)).value == pytest.approx(expected)


def test_supplier_shares_are_of_all_contributions() -> None:
    of_all = spread_of(contributions({"firm": 5, "shop": 2, "bytown": 1, "?": 2}))
    assert supplier_share(of_all).value == 70
    assert top_supplier_share(of_all).value == 50
    assert top_supplier_share(of_all).evidence["supplier"] == "firm"
    assert top_supplier_share(spread(bytown=1)).value == 0


def test_two_suppliers_of_one_name_are_two() -> None:
    of_all = spread_of(contributions({"firm": 3, "shop": 2, "bytown": 5}), {"firm": "Soft", "shop": "Soft"})
    measured = top_supplier_share(of_all)
    # 3 of 10, not 3 + 2.
    assert (measured.value, measured.evidence["supplier"]) == (30, "Soft")


def test_countries_are_unknown_where_half_of_the_contributions_have_none() -> None:
    measured = countries_contributing(spread_of(contributions({"firm": 2, "shop": 1, "ann@volunteer": 1})))
    assert (measured.value, measured.coverage) == (2, 0.75)
    assert countries_contributing(spread_of(contributions({"firm": 2, "?": 2}))).value is None


@pytest.mark.parametrize("compute", [*SPREAD_METRICS, archetype])
def test_an_organisation_of_which_nobody_knows_what_it_is_is_unknown(compute: object) -> None:
    # 6 of 10 by one of unknown type: it may be a supplier or a municipality, so that no more than 4 are known.
    given = [spread(puzzle=6, firm=4)] if compute is not archetype else [spread(puzzle=6, firm=4), {}]
    measured: Measured = card(compute).compute(*given)
    assert (measured.reason, measured.coverage) == (HALF_UNKNOWN, 0.4)
    assert affiliation_coverage(spread(puzzle=6, firm=4)).value == 40
    assert archetype(spread(puzzle=6), {}).reason == HALF_UNKNOWN


def test_an_organisation_of_unknown_type_is_nobody_whom_work_was_done_for() -> None:
    history = History()
    history.organisation("puzzle", "unknown")
    history.affiliate("ann", "puzzle")
    history.commit("ann", "2024-06-01", adds=["map.py"])
    row = history.at("2024-06-30").contributions.row(0, named=True)
    assert (row["organisation"], row["organisation_type"], row["country"]) == (None, None, None)


def test_outside_is_neither_steward_nor_supplier() -> None:
    codebase = Codebase(id="product", name="Product", stewards=("club",), suppliers=("firm",))
    # 10 contributions: 5 + 2 inside, 2 of a town outside, 1 unknown: 2 of 10.
    of_all = spread_of(contributions({"firm": 5, "club": 2, "bytown": 2, "?": 1}))
    assert outside_contribution(of_all, codebase).value == 20
    assert outside_contribution(of_all, None).value is None
    undeclared = outside_contribution(of_all, codebase.model_copy(update={"suppliers": ()}))
    assert undeclared.reason == "no supplier is declared in sources.toml, and suppliers did 50 % of the work"
    assert outside_contribution(spread_of(contributions({"?": 1})), codebase).reason == HALF_UNKNOWN


@pytest.mark.parametrize(
    ("counts", "label"),
    [
        ({"bytown": 4, "northby": 2, "firm": 4}, "internal"),
        ({"city-it": 6, "firm": 4}, "quasi-internal"),
        ({"club": 6, "firm": 4}, "association"),
        ({"firm": 4, "shop": 2, "?": 4}, "private supplier"),
        ({"firm": 5, "bytown": 5}, "mixed"),
        ({"ann@volunteer": 6, "firm": 4}, "mixed"),
    ],
)
def test_the_archetype_is_the_kind_with_more_than_half(counts: dict[str, int], label: str) -> None:
    assert archetype(spread_of(contributions(counts)), {}).label == label


def test_the_archetype_is_unknown_when_the_unknown_could_tip_it() -> None:
    # The firms made 5 of 10; with any of the 2 unknown ones they would have more than half.
    of_all = spread_of(contributions({"firm": 5, "bytown": 3, "?": 2}))
    assert archetype(of_all, {}).reason == UNDECIDED
    assert archetype(spread(), {}).reason == NO_CONTRIBUTION


def test_the_archetype_shows_the_shares_of_each_year() -> None:
    frame = pl.concat([contributions({"firm": 1}, 2023), contributions({"firm": 1, "?": 1}, 2024)])
    measured = archetype(spread(firm=1), yearly_spreads(frame))
    assert measured.evidence["years"] == {
        "2023": {"private supplier": 100},
        "2024": {"unknown": 50, "private supplier": 50},
    }
