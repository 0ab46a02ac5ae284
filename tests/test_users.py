"""publiccode.yml is read with mistrust, and the users that it names become organisations."""

import pytest

from facts_builder import History
from oshealth.derive.publiccode import Contractor, Need, read_publiccode
from oshealth.derive.users import plain_name
from oshealth.measure import Measured, measure
from oshealth.metrics._reasons import NOT_DECLARED
from oshealth.metrics.declared_users import declared_users
from oshealth.metrics.municipalities_of_users_contributing import municipalities_of_users_contributing
from oshealth.sources import Codebase

FULL = """
publiccodeYmlVersion: "0.4"
name: Product
isBasedOn: https://git.example/other/product
fundedBy:
  - name: Fund
    uri: https://fund.example
usedBy: [Bytown Kommune, City of Northby, "", Bytown Kommune]
legal: {license: EUPL-1.2, repoOwner: Club}
maintenance:
  type: contract
  contractors:
    - {name: Firm, until: 2027-01-01, email: someone@firm.example}
    - {until: 2027-01-01}
  contacts: [{name: Some One}, {name: Any One}]
localisation: {localisationReady: true, availableLanguages: [da, sv]}
dependsOn:
  open: [{name: PostgreSQL, versionMin: "12"}]
  proprietary: [{name: Big Database, optional: true}]
"""


def at(compute: object, history: History, day: str) -> Measured:
    return measure(compute.metric, history.at(day))  # type: ignore[attr-defined]


def test_publiccode_is_read_in_full_but_its_contacts_are_only_counted() -> None:
    code = read_publiccode(FULL)
    assert (code.version, code.licence, code.owner, code.maintenance) == ("0.4", "EUPL-1.2", "Club", "contract")
    assert code.used_by == ("Bytown Kommune", "City of Northby")
    assert (code.funded_by, code.is_based_on) == (("Fund",), ("https://git.example/other/product",))
    assert code.contractors == (Contractor("Firm", "2027-01-01"),)
    assert code.depends_on == (Need("open", "PostgreSQL"), Need("proprietary", "Big Database", is_optional=True))
    assert (code.languages, code.contact_count) == (("da", "sv"), 2)
    assert "Some One" not in repr(code)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "not YAML"),
        ("- a list", "not a YAML mapping"),
        ("", "not a YAML mapping"),
        ("!!python/object/apply:os.getcwd []", "not a YAML mapping"),
        ("[" * 20_000, "not YAML"),
        ("a: " + "x" * 300_000, "larger than 256,000 bytes"),
        ("date: 2024-99-99\n", None),
    ],
)
def test_what_is_no_publiccode_says_why(text: str, problem: str | None) -> None:
    assert read_publiccode(text).problem == problem


@pytest.mark.parametrize("text", ["usedBy: {a: b}", "usedBy: [[[1]], true, null]", "maintenance: [x]", "legal: 3"])
def test_what_stands_where_it_should_not_is_left_out(text: str) -> None:
    code = read_publiccode(text)
    assert (code.used_by, code.contractors, code.licence) == ((), (), None)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sønderborg Kommune", "sonderborg"),
        ("City of Northby", "Northby"),
        ("Ayuntamiento de Cádiz", "cadiz"),
        ("Občina Žalec", "Žalec"),
        ("Kommune", "kommune"),
    ],
)
def test_names_are_compared_without_titles_and_accents(one: str, other: str) -> None:
    assert plain_name(one) == plain_name(other)


def town() -> History:
    codebase = Codebase(id="product", name="Product", stewards=("club",), users=("bytown", "firm"))
    history = History(codebase=codebase)
    history.organisation("bytown", "municipality")
    history.organisation("northby", "municipality", "SE")
    history.organisation("firm", "supplier")
    history.affiliate("ann", "bytown")
    history.affiliate("bo", "firm")
    history.commit("bo", "2024-01-01", adds=["a.py"])
    history.commit("ann", "2024-02-01", adds=["b.py"])
    history.document("publiccode", "publiccode.yml", "2024-03-01", text=FULL + "\n# and more\n")
    return history


def test_declared_users_are_each_counted_once() -> None:
    # sources.toml names Bytown and the firm; from 1 March publiccode.yml names Bytown again, and Northby.
    measured = at(declared_users, town(), "2024-03-01")
    assert measured.value == 3
    assert measured.evidence["by_type"] == {"municipality": 2, "supplier": 1}
    assert measured.evidence["users"][0]["named_in"] == ("sources.toml", "publiccode.yml")
    assert at(declared_users, town(), "2024-02-29").value == 2


def test_a_user_that_is_no_organisation_known_is_counted_by_name() -> None:
    history = town()
    history.document("publiccode", "publiccode.yml", "2024-03-01", text="usedBy: [Nowhere, Elsewhere]")
    measured = at(declared_users, history, "2024-03-01")
    assert measured.evidence["by_type"]["unknown"] == 2


def test_nobody_named_is_unknown() -> None:
    history = History()
    history.commit("ann", "2024-01-01", adds=["a.py"])
    assert at(declared_users, history, "2024-02-01").reason == NOT_DECLARED
    assert at(municipalities_of_users_contributing, history, "2024-02-01").reason == NOT_DECLARED


def test_the_share_of_municipalities_among_the_users_that_contribute() -> None:
    # Bytown contributed, Northby did not: 1 of 2. In February Bytown was the only one named: 1 of 1.
    measured = at(municipalities_of_users_contributing, town(), "2024-03-01")
    assert (measured.value, measured.sample_size, measured.evidence["contributing"]) == (50, 2, ["bytown"])
    assert at(municipalities_of_users_contributing, town(), "2024-02-01").value == 100
    assert at(municipalities_of_users_contributing, town(), "2024-01-31").value == 0
