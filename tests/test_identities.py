"""Aliases to persons, on people made up."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oshealth.facts import ALIAS
from oshealth.people.identities import Wishes, resolve
from oshealth.people.suggestions import SUGGESTION

Row = tuple[str, str]


def frame(*rows: Row) -> pl.DataFrame:
    """Aliases named by their own text, seen in the order given."""
    aliases = [(f"{name}|{address}", name, address, None, 1) for name, address in rows]
    seen = pl.datetime_range(pl.datetime(2020, 1, 1), pl.datetime(2020, 1, 1) + pl.duration(days=len(rows) - 1), "1d")
    table = pl.DataFrame(aliases, schema=ALIAS, orient="row")
    return table.with_columns(first_at=seen.cast(pl.Datetime("us"))) if rows else table


def groups(*rows: Row) -> set[frozenset[Row]]:
    identity, _ = resolve(frame(*rows))
    found: dict[str, set[Row]] = {}
    for alias, person in identity.select("alias", "person").iter_rows():
        name, _, address = alias.partition("|")
        found.setdefault(person, set()).add((name, address))
    return {frozenset(group) for group in found.values()}


def are_one(*rows: Row) -> bool:
    return len(groups(*rows)) == 1


def kind(name: str, address: str) -> str:
    identity, _ = resolve(frame((name, address)))
    return str(identity["kind"][0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Ann", "Ann@Firm.example"), ("annex", "ann@firm.example")),
        (("Ann Other", "1+annother@users.noreply.github.com"), ("x", "1+renamed@users.noreply.github.com")),
        (("x", "annother@users.noreply.github.com"), ("y", "77+annother@users.noreply.github.com")),
        (("x", "12-qwerfel@users.noreply.gitlab.com"), ("y", "12-qwerfex@users.noreply.gitlab.com")),
        (("Åse Ødegård", "a@one.example"), ("Ase Oedegaard", "b@two.example")),
        (("Jörg Strauß", "a@one.example"), ("Joerg Strauss", "b@two.example")),
        (("Strauss, Jorg", "a@one.example"), ("Jorg Strauss", "b@two.example")),
        (("Jorg Strauss (Firm)", "a@one.example"), ("STRAUSS Jorg", "b@two.example")),
        (("Ann B. Other", "a@one.example"), ("Ann Other", "b@two.example")),
        (("qw", "annot@magenta.dk"), ("er", "annot@magenta-aps.dk")),
        (("qw", "annot@magenta-aps.dk"), ("er", "annot@magent-aps.dk")),
        (("qw", "annot@host.magenta.dk"), ("er", "annot@magenta.dk")),
        (("zolfi613", "a@one.example"), ("Zolf", "zolfi613@gmail.com")),
        (("annbetaother", "5+annbetaother@users.noreply.github.com"), ("Ann Beta Other", "a@one.example")),
        (("magenta-abo", "5+magenta-abo@users.noreply.github.com"), ("Ann Other", "abo@magenta.dk")),
        (("a.b.other", "A.B.Other@gmail.com"), ("x", "abother+list@googlemail.com")),
        (("qw", "ann@firm.dk"), ("er", "Ann Other ann@firm.dk")),
        (("qw", "ann@firm.dk"), ("er", "[ann@firm.dk]")),
        (("qw", "ann@firm.dk"), ("er", "ann@firm.dk (Ann Other)")),
        (("Ann Other", "ann@firm.dk"), ("ann@firm.dk", "ann@laptop.local")),
        (("Ann Other", "ann@firm.dk"), ("ANN@firm.dk", "")),
        (("Ann Other", "me@zolfin.dk"), ("zolfin", "5+zolfin@users.noreply.github.com")),
        (("qw", "zolfindex@one.example"), ("Zolf", "zolfindex77@gmail.com")),
        (("Ann Beta Zolfinger", "a@one.example"), ("Ann Zolfinger", "b@two.example")),
        (("Ann Zolfinger Hansen", "a@one.example"), ("Ann Zolfinger", "b@two.example")),
        (("Superuser", "annot@firm.example"), ("Ann Other", "annot@firm.example")),
        (("Ann Other", "root@localhost"), ("Ann Other", "ann@firm.example")),
    ],
)
def test_strong_evidence_makes_one_person(one: Row, other: Row) -> None:
    assert are_one(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("mattpap", "devnull@localhost"), ("kirill", "devnull@localhost")),
        (("root", "root@alpha"), ("root", "root@beta")),
        (("Superuser", "superuser@pc.(none)"), ("Superuser", "superuser@pc.(none)")),
        (("GitHub Action", "a@one.example"), ("GitHub Action", "b@two.example")),
        (("unknown", "a@one.example"), ("unknown", "b@two.example")),
        (("Thomas", "a@one.example"), ("Thomas", "b@two.example")),
        (("thomas", "thomas@one.example"), ("thomas", "thomas@two.example")),
        (("Ann Other", "annot@one.example"), ("Ann Different", "annot@two.example")),
        (("Team One", "info@firm.example"), ("Ann Other", "info@firm.example")),
        (("Helpful Bot", "ann@firm.example"), ("Ann Other", "ann@firm.example")),
        (("Ann Other", "handle77@gmail.com"), ("Bea Different", "handle77@yahoo.com")),
        (("Ann Other", "ann@firm.dk"), ("info@firm.dk", "bea@firm.dk")),
        (("Ann Other", "me@zolfin.dk"), ("zolfin", "info@zolfin.dk")),
        (("Ann Other", "ann@yahoo.com.br"), ("yahoo", "5+yahoo@users.noreply.github.com")),
        (("qw", "zolf2@one.example"), ("er", "zolf77@gmail.com")),
        (("Ann Beta Hansen", "a@one.example"), ("Ann Hansen", "b@two.example")),
        (("", "no address"), ("", "no address either")),
        (("dependabot[bot]", "bot@one.example"), ("dependabot[bot]", "bot@two.example")),
        (("Emil Madsen", "e@gmail.com"), ("Emil Thorenfeldt", "emt@magenta.dk")),
    ],
)
def test_weak_evidence_merges_nobody(one: Row, other: Row) -> None:
    assert one == other or not are_one(one, other)


def test_a_mailbox_under_three_full_names_is_shared() -> None:
    rows = [(name, "pair@firm.example") for name in ("Ann Other", "Bea Different", "Cid Third", "pairing")]
    assert len(groups(*rows)) == 4
    identity, _ = resolve(frame(*rows))
    assert dict(identity.select("alias", "kind").iter_rows())["pairing|pair@firm.example"] == "shared"


@pytest.mark.parametrize(
    ("name", "address", "expected"),
    [
        ("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com", "bot"),
        ("Consul Bot", "consul@madrid.es", "bot"),
        ("renovate", "bot@renovateapp.com", "bot"),
        ("Abbot Costello", "abbot@firm.example", "person"),
        ("abbot", "abbot@firm.example", "person"),
        ("productbot", "productbot@users.noreply.github.com", "bot"),
        ("somebot", "ann.other@mail.example", "person"),
        ("Codex", "codex@openai.com", "bot"),
        ("Vibe Kanban", "noreply@vibekanban.com", "bot"),
        ("Github action", "git@ci.example", "bot"),
        ("Product Service Account", "product@mail.example", "bot"),
        ("Buildkite", "ann@firm.example", "bot"),
        ("Travis", "travis@travis-ci.org", "bot"),
        ("travis", "travis@localhost", "bot"),
        ("Travis", "travis@mail.example", "person"),
        ("Travis Other", "travis@firm.example", "person"),
        ("x", "travis@users.noreply.github.com", "person"),
        ("ann-dev", "ann@gmail.com", "person"),
        ("ann.dev", "ann@firm.example", "person"),
        ("product-team", "all@firm.example", "shared"),
        ("Product Dev", "all@firm.example", "shared"),
        ("release token", "group_5_bot_ab12cd@noreply.gitlab.com", "bot"),
        ("release token", "project_7_bot_1@noreply.git.town.example", "bot"),
        ("root", "root@borgerpc-client", "machine"),
        ("Superuser", "superuser@BibOS2.(none)", "machine"),
        ("unknown", "devnull@localhost", "machine"),
        ("HSL Developers", "info@hsl.fi", "shared"),
        ("Ann Other", "root@localhost", "person"),
        ("Ann", "ann@firm.example", "person"),
    ],
)
def test_kinds(name: str, address: str, expected: str) -> None:
    assert kind(name, address) == expected


def test_a_machine_named_like_a_mailbox_is_a_suggestion() -> None:
    identity, suggestions = resolve(
        frame(("Ann Agger", "agger@firm.example"), ("Superuser", "superuser@agger2.(none)"))
    )
    assert identity["person"].n_unique() == 2
    assert suggestions["reason"].to_list() == ["an account or a machine that bears the name of a mailbox"]


HOSTILE = [
    "",
    "no at sign",
    "@",
    "a@",
    "@b",
    "x" * 100_000,
    " " * 100_000,
    "nul\x00@firm.example",
    "\\xff\\xfe@firm.example",
    "a@b@c",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_no_address_links_to_nothing(text: str) -> None:
    assert not are_one(("qwertzu", text), ("asdfghj", text + " "))


@pytest.mark.parametrize("name", ["", "x" * 100_000, "Ann\x00 Other", "Ann \\xff Other", "\n", "\u202e" * 3])
def test_what_is_no_name_links_to_nothing(name: str) -> None:
    assert not are_one((name, "one@one.example"), (name, "two@two.example"))


def test_what_speaks_weakly_becomes_a_suggestion() -> None:
    _, suggestions = resolve(frame(("Ann Beta Hansen", "a@one.example"), ("Ann Hansen", "b@two.example")))
    assert suggestions.schema == SUGGESTION
    assert suggestions.select("alias", "other_alias").rows() == [
        ("Ann Beta Hansen|a@one.example", "Ann Hansen|b@two.example")
    ]


def test_a_mailmap_is_a_hint() -> None:
    text = "Zeta Example <z@one.example> <qq@two.example>\nAnn Other <ann@one.example> Bea Third <bea@two.example>\n"
    rows = [("Zeta Example", "z@one.example"), ("qq", "qq@two.example")]
    rivals = [("Ann Other", "ann@one.example"), ("Bea Third", "bea@two.example")]
    identity, suggestions = resolve(frame(*rows, *rivals), mailmaps=[text])
    assert identity["person"].n_unique() == 3
    assert suggestions["reason"].to_list() == ["a .mailmap calls them one, though their full names differ"]


def test_a_mailmap_tells_apart_who_wrote_from_one_mailbox() -> None:
    # The fourth form of a line names who wrote, too: two persons, by the names that stand beside bugs@.
    text = (
        "Joe Miller <joe@doe.example> Joe <bugs@doe.example>\nJane Porter <jane@doe.example> Jane <bugs@doe.example>\n"
    )
    rows = [("Joe Miller", "joe@doe.example"), ("Jane Porter", "jane@doe.example")]
    rows += [("Joe", "bugs@doe.example"), ("Jane", "Bugs@doe.example"), ("jane", "bugs@doe.example")]
    identity, _ = resolve(frame(*rows), mailmaps=[text])
    joe, jane = "Joe Miller|joe@doe.example", "Jane Porter|jane@doe.example"
    assert dict(identity.select("alias", "person").iter_rows()) == {
        joe: joe,
        jane: jane,
        "Joe|bugs@doe.example": joe,
        "Jane|Bugs@doe.example": jane,
        "jane|bugs@doe.example": jane,
    }


def test_a_mailmap_with_two_spellings_of_a_name_tells_nobody_apart() -> None:
    text = "Joe Miller <joe@doe.example> Joe <j@doe.example>\nJoe R. Miller <joe@doe.example> jm <j@doe.example>\n"
    assert are_one(("Joe", "j@doe.example"), ("jm", "j@doe.example"))
    identity, _ = resolve(frame(("Joe", "j@doe.example"), ("jm", "j@doe.example")), mailmaps=[text])
    assert identity["person"].n_unique() == 1


def test_decisions_win_over_every_rule() -> None:
    one, other, third = "Ann Other|a@one.example", "Ann Other|b@two.example", "Zed Third|z@three.example"
    aliases = frame(("Ann Other", "a@one.example"), ("Ann Other", "b@two.example"), ("Zed Third", "z@three.example"))
    identity, _ = resolve(aliases, Wishes(together=[[one, third]], apart=[([one], [other])]))
    assert identity["person"].to_list() == [one, other, one]


NAMES = st.sampled_from(["Ann Other", "Ann B Other", "annother", "Zed", "zolfi613", "root", "Bea Third", "x bot", ""])
DOMAINS = st.sampled_from(["magenta.dk", "magenta-aps.dk", "gmail.com", "localhost", "users.noreply.github.com"])
LOCALS = st.sampled_from(["annother", "ann", "info", "1+annother", "zolfi613", "root", ""])
ROWS = st.lists(st.tuples(NAMES, st.builds("{}@{}".format, LOCALS, DOMAINS)), unique=True, max_size=9)


@given(ROWS, st.randoms())
@settings(deadline=None, max_examples=60)
def test_the_order_of_rows_changes_nothing(rows: list[Row], shuffler: object) -> None:
    aliases = frame(*rows)
    order = list(range(len(rows)))
    shuffler.shuffle(order)  # type: ignore[attr-defined]
    assert resolve(aliases[order])[0].sort("alias").equals(resolve(aliases)[0].sort("alias"))


@given(ROWS)
@settings(deadline=None, max_examples=60)
def test_merging_what_was_merged_changes_nothing(rows: list[Row]) -> None:
    first, _ = resolve(frame(*rows))
    together = [group["alias"].to_list() for _, group in first.group_by("person")]
    again, _ = resolve(frame(*rows), Wishes(together=together))
    assert set(zip(*first.sort("alias").get_columns()[:2], strict=True)) <= set(
        zip(*again.sort("alias").get_columns()[:2], strict=True)
    )


@given(ROWS, ROWS)
@settings(deadline=None, max_examples=60)
def test_the_oldest_alias_keeps_its_id_when_others_come(rows: list[Row], later: list[Row]) -> None:
    before, _ = resolve(frame(*rows))
    after, _ = resolve(frame(*rows, *[row for row in later if row not in rows]))
    ids = dict(after.select("alias", "person").iter_rows())
    ranks = {alias: rank for rank, alias in enumerate(before["alias"])}
    for alias in before["person"].unique():
        assert ids[alias] == alias or ranks[ids[alias]] < ranks[alias]
