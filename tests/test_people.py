"""The room in one call."""

from datetime import UTC, datetime

import polars as pl

from oshealth.facts import AFFILIATION, ALIAS, IDENTITY, ORGANISATION
from oshealth.people.registry import load_registry
from oshealth.people.resolve import People, resolve_people


def june(year: int) -> datetime:
    return datetime(year, 6, 1, tzinfo=UTC).replace(tzinfo=None)


def people(*rows: tuple[str, str, list[int]]) -> People:
    """Each row is a name, an address and the years in which it wrote."""
    aliases = [(f"a{n}", name, address, june(min(years)), len(years)) for n, (name, address, years) in enumerate(rows)]
    appearances = [(f"a{n}", june(year)) for n, row in enumerate(rows) for year in row[2]]
    return resolve_people(
        pl.DataFrame(aliases, schema=ALIAS, orient="row"),
        pl.DataFrame(appearances, schema={"alias": pl.String, "at": pl.Datetime("us")}, orient="row"),
        load_registry(),
    )


def test_one_call_gives_the_frames_that_the_facts_promise() -> None:
    found = people(("Ann Example", "ann@magenta.dk", [2019, 2020]), ("Ann Example", "ann@example.test", [2020]))
    assert found.identity.schema == IDENTITY
    assert found.affiliation.schema == AFFILIATION
    assert found.organisation.schema == ORGANISATION
    assert found.identity["person"].to_list() == ["a0", "a0"]


def test_somebody_who_moves_is_counted_for_each_in_its_time() -> None:
    found = people(("Ann Example", "ann@magenta.dk", [2018, 2019]), ("Ann Example", "ann@sonderborg.dk", [2021, 2022]))
    stretches = found.affiliation.filter(evidence="address").select("organisation", pl.col("from_at").dt.year())
    assert stretches.rows() == [("magenta", 2018), ("dk-540", 2021)]


def test_stretches_of_one_person_do_not_overlap() -> None:
    found = people(("Ann Example", "ann@magenta.dk", [2018, 2020]), ("Ann Example", "ann@kvalitetsit.dk", [2019, 2021]))
    stretches = found.affiliation.sort("from_at")
    assert (stretches["until_at"][:-1] <= stretches["from_at"][1:]).all()
