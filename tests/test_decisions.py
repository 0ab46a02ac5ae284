"""people.toml: read, checked, changed."""

import re
import tomllib
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oshealth.facts import ALIAS
from oshealth.people import edits
from oshealth.people.decisions import Alias, Decisions, DecisionsError, Stretch, load_decisions, read_decisions
from oshealth.people.registry import load_registry
from oshealth.people.resolve import People, resolve_people
from oshealth.people.review import answered, questions

KNOWN = frozenset({"firm", "town", "magenta", "kvalitetsit", "volunteer"})
ALIASES = pl.DataFrame(
    [
        ("a1", "Ann Other", "ann@magenta.dk", None, 5),
        ("a2", "Ann Other", "ann@home.example", None, 3),
        ("b1", "Bea Third", "bea@gmail.com", None, 2),
        ("c1", "Annika Other", "c@town.example", None, 1),
    ],
    schema=ALIAS,
    orient="row",
)
ANN, ANN_HOME = Alias(address="ann@magenta.dk"), Alias(name="Ann Other", address="ann@home.example")
BEA = Alias(name="Bea Third")

GOOD = """\
# Who is who.
[[person]]
id = "ann"  # mine
aliases = [{ address = "ANN@magenta.dk" }, { name = "bea third" }]
organisations = [
    { organisation = "kvalitetsit", from = 2020-01-01, until = 2021-01-01 },
    { organisation = "magenta", from = 2021-01-01 },
]

[[apart]]
one = { address = "ann@magenta.dk" }
other = { address = "ann@home.example" }
"""


def resolved(text: str) -> People:
    days = [f"2020-06-{day:02}" for day in (1, 2, 3, 4)]
    appearances = pl.DataFrame({"alias": ALIASES["alias"], "at": days}).with_columns(pl.col("at").str.to_datetime())
    registry = load_registry()
    known = frozenset(registry.organisations["organisation"])
    return resolve_people(ALIASES, appearances, registry, read_decisions(text, "people.toml", known))


def test_decisions_win_over_the_rules() -> None:
    found = resolved(GOOD)
    assert dict(found.identity.select("alias", "person").iter_rows()) == {
        "a1": "a1",
        "b1": "a1",
        "a2": "a2",
        "c1": "c1",
    }
    stretches = found.affiliation.filter(person="a1", evidence="declared").sort("from_at")
    assert stretches["organisation"].to_list() == ["kvalitetsit", "magenta"]


def test_a_declared_kind_is_the_whole_persons() -> None:
    text = '[[person]]\nid = "ann"\nkind = "shared"\naliases = [{ address = "ann@home.example" }]\n'
    assert set(resolved(text).identity.filter(pl.col("alias").is_in(["a1", "a2"]))["kind"]) == {"shared"}


def test_volunteers_are_those_who_are_declared() -> None:
    text = (
        '[[person]]\nid = "bea"\naliases = [{ name = "Bea Third" }]\norganisations = [{ organisation = "volunteer" }]\n'
    )
    found = resolved(text)
    volunteers = found.affiliation.join(found.organisation.filter(type="volunteer"), on="organisation")
    assert volunteers["person"].to_list() == ["b1"]


def test_without_a_file_nothing_is_decided(tmp_path: Path) -> None:
    assert load_decisions(tmp_path / "people.toml", KNOWN) == Decisions()


CONTRADICTORY = """\
[[person]]
id = "ann"
aliases = [{ address = "ann@magenta.dk" }]
organisations = [
    { organisation = "firm", until = 2020-01-01 },
    { organisation = "town", from = 2019-01-01 },
]

[[person]]
id = "ann"
aliases = [{ address = "Ann@Magenta.dk" }, { name = "Zed" }]
organisations = [{ organisation = "nobody" }]

[[apart]]
one = { name = "zed" }
other = { name = "Zed" }

[[apart]]
one = { name = "Zed" }
other = { address = "ann@magenta.dk" }
"""


def test_every_contradiction_is_named_with_its_line() -> None:
    with pytest.raises(DecisionsError) as caught:
        read_decisions(CONTRADICTORY, "people.toml", KNOWN)
    said = str(caught.value)
    assert [line.split(":")[0].removeprefix("people.toml, line ") for line in said.splitlines()] == [
        "4", "10", "11", "12", "14",
    ]  # fmt: skip
    assert "'firm' and 'town' overlap" in said
    assert "'nobody' is no organisation" in said


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[[person]\n", "not TOML"),
        (f"person = {'1' * 5_000}\n", "not TOML"),
        ('[[person]]\nid = "ann"\n', "line 1"),
        ('[[person]]\nid = "ann"\naliases = []\n', "line 3"),
        ('[[person]]\nid = "ann"\naliases = [{}]\n', "line 3"),
        ('[[person]]\nid = "ann"\naliases = [{ name = "x" }]\nkind = "cat"\n', "line 4"),
        ('[[person]]\nid = "ann"\naliases = [{ name = "x" }]\ncolour = "red"\n', "line 4"),
        ('[[person]]\nid = "ann"\naliases = "x"\n', "line 3"),
        ("person = 3\n", "line 1"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, line: str) -> None:
    with pytest.raises(DecisionsError, match=line):
        read_decisions(text, "people.toml", KNOWN)


def test_a_stretch_that_ends_before_it_begins_is_wrong() -> None:
    text = (
        '[[person]]\nid = "ann"\naliases = [{ name = "x" }]\n'
        'organisations = [{ organisation = "firm", from = 2020-01-01, until = 2020-01-01 }]\n'
    )
    with pytest.raises(DecisionsError, match="from must lie before until"):
        read_decisions(text, "people.toml", KNOWN)


def test_two_persons_that_claim_one_alias_in_different_words_are_a_contradiction() -> None:
    text = '[[person]]\nid = "one"\naliases = [{ name = "Bea Third" }]\n\n'
    text += '[[person]]\nid = "two"\naliases = [{ address = "bea@gmail.com" }]\n'
    with pytest.raises(DecisionsError, match=r"line 7.*'one' claims as well"):
        resolved(text)


def test_merging_and_splitting_keep_comments() -> None:
    text = edits.merge(GOOD, ANN, Alias(name="Cid Fifth"))
    assert text.startswith('# Who is who.\n[[person]]\nid = "ann"  # mine\n')
    assert len(read_decisions(text, "people.toml", KNOWN).persons[0].aliases) == 3
    parted = read_decisions(edits.split(text, ANN, Alias(name="Cid Fifth")), "people.toml", KNOWN)
    assert len(parted.persons[0].aliases) == 2
    assert parted.aparts[-1].other == Alias(name="Cid Fifth")


def test_what_was_split_can_be_merged_again() -> None:
    text = edits.merge(edits.split("", ANN, ANN_HOME), ANN_HOME, ANN)
    found = read_decisions(text, "people.toml", KNOWN)
    assert not found.aparts
    assert {alias.key for alias in found.persons[0].aliases} == {ANN.key, ANN_HOME.key}


def test_merging_two_entries_keeps_what_both_say() -> None:
    text = edits.affiliate(
        "", ANN, Stretch.model_validate({"organisation": "firm", "until": edits.parse_day("2020-01-01")})
    )
    text = edits.affiliate(
        text, BEA, Stretch.model_validate({"organisation": "town", "from": edits.parse_day("2020-01-01")})
    )
    merged = read_decisions(edits.merge(text, ANN, BEA), "people.toml", KNOWN)
    assert len(merged.persons) == 1
    assert [stretch.organisation for stretch in merged.persons[0].organisations] == ["firm", "town"]


def test_what_would_contradict_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    path = tmp_path / "people.toml"
    edits.save(path, GOOD, KNOWN)
    overlapping = edits.affiliate(GOOD, ANN, Stretch.model_validate({"organisation": "town"}))
    with pytest.raises(DecisionsError, match="overlap"):
        edits.save(path, overlapping, KNOWN)
    assert path.read_text("utf-8") == GOOD
    assert [p.name for p in tmp_path.iterdir()] == ["people.toml"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_who_is_forgotten_stands_nowhere() -> None:
    text = edits.forget(
        GOOD, [Alias(name="Ann Other", address="ann@magenta.dk"), Alias(name="Ann Other", address="ann@home.example")]
    )
    assert "ann@" not in text.lower()
    assert [alias.name for alias in read_decisions(text, "people.toml", KNOWN).persons[0].aliases] == ["bea third"]


@pytest.mark.parametrize(
    ("text", "alias"),
    [
        ("Ann Other <ann@home.example>", ANN_HOME),
        ("<ann@magenta.dk>", ANN),
        ("ann@magenta.dk", ANN),
        ("Bea Third", BEA),
    ],
)
def test_people_are_named_as_git_names_them(text: str, alias: Alias) -> None:
    assert edits.parse_alias(text) == alias


def test_a_question_answered_is_not_asked_again() -> None:
    (question,) = questions(resolved(""), ALIASES)
    assert question.reason == "the same last name, and first names that begin alike"
    assert (question.one.alias_count, question.one.commit_count) == (2, 8)
    for verdict, persons in (("same", 2), ("different", 3)):
        found = resolved(answered("", question, verdict))  # type: ignore[arg-type]
        assert list(questions(found, ALIASES)) == []
        assert found.identity["person"].n_unique() == persons


WILD = st.builds(
    lambda name, address: Alias(name=name or None, address=address or "x"), st.text(max_size=8), st.text(max_size=8)
)


@given(st.lists(st.tuples(st.sampled_from(["merge", "split"]), WILD, WILD), max_size=4))
@settings(deadline=None, max_examples=60)
def test_whatever_is_typed_leaves_a_file_that_can_be_read_or_is_refused(steps: list[tuple[str, Alias, Alias]]) -> None:
    text = ""
    for verb, one, other in steps:
        changed = (edits.merge if verb == "merge" else edits.split)(text, one, other)
        tomllib.loads(changed)
        with suppress(DecisionsError):
            read_decisions(changed, "people.toml", KNOWN)
            text = changed


def test_the_examples_of_the_documentation_are_right() -> None:
    text = (Path(__file__).parents[1] / "docs" / "people.md").read_text("utf-8")
    registry, decisions = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    known = frozenset(load_registry(text=registry).organisations["organisation"])
    assert len(read_decisions(decisions, "people.toml", known).persons) == 1
