"""Where two people could be meant, evidence that one alone would give joins nobody."""

from test_identities import groups


def test_a_short_form_of_two_different_names_joins_none_of_them() -> None:
    rows = [("Ann Beta Zolfinger", "a@one.example"), ("Ann Carla Zolfinger", "b@two.example")]
    assert len(groups(*rows, ("Ann Zolfinger", "c@three.example"))) == 3


def test_a_domain_of_two_people_is_nobodys_own() -> None:
    rows = [("Ann Other", "ann@zolfin.dk"), ("Bea Third", "bea@zolfin.dk")]
    assert len(groups(*rows, ("zolfin", "5+zolfin@users.noreply.github.com"))) == 3


def test_handles_with_two_numbers_are_two_peoples() -> None:
    rows = [("zolfindex7", "5+zolfindex7@users.noreply.github.com"), ("qw", "zolfindex12@gmail.com")]
    assert len(groups(*rows)) == 2
    assert len(groups(*rows, ("er", "zolfindex@one.example"))) == 3


def test_what_very_many_share_joins_nobody() -> None:
    """Sixty mailboxes under one name may still be one person's, sixty-one are not; twenty-six handles are not."""
    named = [("Ann Other", f"x{n}@firm{n}.example") for n in range(61)]
    assert len(groups(*named[:60])) == 1
    assert len(groups(*named)) == 61
    handles = [("qwertzuio", f"qwertzuio@firm{n}.example") for n in range(26)]
    assert len(groups(*handles[:25])) == 1
    assert len(groups(*handles)) == 26
