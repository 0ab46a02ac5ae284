"""Which organisation writes from which mail domain."""

from datetime import date

import polars as pl
import pytest

from oshealth.facts import ORGANISATION
from oshealth.people.affiliations import address_evidence
from oshealth.people.domains import longest, registrable
from oshealth.people.registry import Registry, RegistryError, Rule, load_registry
from oshealth.sources import Organisation


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


def at(registry: Registry, domain: str) -> list[str]:
    return sorted({rule.organisation for rule in registry.at(domain)})


@pytest.mark.parametrize(
    ("domain", "organisation"),
    [
        ("helsinki.fi", "university-of-helsinki"),
        ("student.helsinki.fi", "university-of-helsinki"),
        ("hel.fi", "fi-091"),
        ("madrid.es", "es-4253"),
        ("hsl.fi", "hsl"),
        ("cosla.gov.uk", "cosla"),
        ("sonderborg.dk", "dk-540"),
        ("sonderborgkommune.dk", "dk-540"),
        ("okf.kk.dk", "dk-101"),
        ("host.magenta-aps.dk", "magenta"),
        ("alpbach.tirol.gv.at", "at-70501"),
        ("regensburg.de", "de-09362000"),
    ],
)
def test_the_longest_rule_says_whose_a_domain_is(registry: Registry, domain: str, organisation: str) -> None:
    assert at(registry, domain) == [organisation]


@pytest.mark.parametrize(
    "domain",
    [
        "ubuntu.com",
        "iki.fi",
        "gmail.com",
        "users.noreply.github.com",
        "macbook.local",
        "bibos.(none)",
        "localhost",
        "gov.uk",
        "kommune.no",
        "dk",
        "bitburgerland.de",  # beside 53 municipalities
        "vg-suedeifel.de",  # a joint administration's
        "abarcadecampos.dip-palencia.es",  # a province's
        "abanto.sedelectronica.es",  # a host's
        "ddl.net",
        "youtube.com",
        "tirol.gv.at",
        "notmagenta.dk",
        "magenta.dk.example.org",
    ],
)
def test_what_many_share_says_nothing(registry: Registry, domain: str) -> None:
    assert at(registry, domain) == []


def test_a_company_that_was_bought_is_dated(registry: Registry) -> None:
    rules = {rule.organisation: (rule.from_on, rule.until_on) for rule in registry.at("logica.com")}
    assert rules == {"logica": (None, date(2012, 8, 20)), "cgi": (date(2012, 8, 20), None)}


@pytest.mark.parametrize(("day", "organisation"), [("2012-08-19", "logica"), ("2012-08-20", "cgi")])
def test_an_address_speaks_for_who_had_the_domain_then(registry: Registry, day: str, organisation: str) -> None:
    aliases = pl.DataFrame({"alias": ["a"], "address": ["ann@logica.com"]})
    appearances = pl.DataFrame({"alias": ["a"], "at": [day]}).with_columns(pl.col("at").str.to_datetime())
    assert address_evidence(aliases, appearances, registry)["organisation"].to_list() == [organisation]


def test_every_organisation_and_municipality_has_one_row(registry: Registry) -> None:
    table = registry.organisations
    assert table.schema == ORGANISATION
    assert table["organisation"].is_unique().all()
    assert table.filter(type="municipality").height == 25_138
    assert table.filter(organisation="dk-540").row(0) == (
        "dk-540", "Sønderborg", "municipality", "DK", "540", "Syddanmark", 74_737,
    )  # fmt: skip


def test_swedish_names_are_whole(registry: Registry) -> None:
    names = registry.organisations.filter(country="SE", type="municipality")["name"].to_list()
    assert {"Tranås", "Falun", "Västerås", "Hällefors", "Nynäshamn"} <= set(names)


def test_no_domain_is_two_organisations_at_once(registry: Registry) -> None:
    for rules in registry.rules.values():
        pairs = [(one, other) for one in rules for other in rules if one.organisation < other.organisation]
        assert not any(one.overlaps(other) for one, other in pairs)


def test_the_users_organisations_win() -> None:
    mine = [Organisation(id="magenta", name="My Magenta", type="supplier", country="DK")]
    registry = load_registry(mine)
    assert registry.organisations.filter(organisation="magenta")["name"].to_list() == ["My Magenta"]
    assert at(registry, "magenta.dk") == ["magenta"]


def test_a_list_of_ones_own_adds_domains() -> None:
    text = '[[organisation]]\nid = "firm"\nname = "Firm"\ntype = "supplier"\ndomains = ["firm.example"]\n'
    assert at(load_registry(text=text), "mail.firm.example") == ["firm"]


WRONG = """\
[[organisation]]
id = "firm"
name = "Firm"
type = "shop"
domains = ["firm.example", "magenta.dk"]

[[organisation]]
id = "other"
type = "supplier"
colour = "red"
domains = ["firm.example", "gmail.com"]
"""


def test_every_mistake_is_named_with_its_line() -> None:
    with pytest.raises(RegistryError) as caught:
        load_registry(text=WRONG)
    lines = str(caught.value).splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "organisations.toml, line 4",
        "organisations.toml, line 5",
        "organisations.toml, line 7",
        "organisations.toml, line 10",
        "organisations.toml, line 11",
        "organisations.toml, line 11",
    ]
    assert "'shop' is unknown" in lines[0]
    assert "'magenta.dk' is also a domain of 'magenta'" in lines[1]


def test_the_longest_rule_wins_over_a_shorter_one() -> None:
    rules = {"firm.co.uk": [Rule("firm", "firm.co.uk")], "lab.firm.co.uk": [Rule("lab", "lab.firm.co.uk")]}
    assert longest("x.lab.firm.co.uk", rules)[0].organisation == "lab"
    assert longest("x.firm.co.uk", rules)[0].organisation == "firm"
    assert longest("co.uk", {"co.uk": [Rule("nobody", "co.uk")]}) == ()
    assert registrable("mail.firm.co.uk") == "firm.co.uk"


@pytest.mark.parametrize(
    "text",
    [
        "organisation = 3\n",
        "organisation = [3]\n",
        "[[organisation]\n",
        '[[organisation]]\nid = "a"\nname = "A"\ntype = "state"\ndomains = "a.example"\n',
        '[[organisation]]\nid = "a"\nname = "A"\ntype = "state"\ndomains = [3]\n',
        '[[organisation]]\nid = "a"\nname = "A"\ntype = "state"\ndomains = [{ domain = "a.example", from = "x" }]\n',
        '[[organisation]]\nid = 3\nname = "A"\ntype = ["state"]\n',
    ],
)
def test_a_list_of_the_wrong_shape_is_refused(text: str) -> None:
    with pytest.raises(RegistryError, match=r"organisations\.toml"):
        load_registry(text=text)
