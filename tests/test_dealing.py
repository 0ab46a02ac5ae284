"""Commits are dealt to the processors like cards."""

from oshealth.collect.history import deal


def test_commits_are_dealt_in_blocks_and_none_is_lost() -> None:
    shas = [str(number) for number in range(8 * 256 + 200)]
    hands = deal(shas, 8)
    assert len(hands) == 8
    assert sorted(sha for hand in hands for sha in hand) == sorted(shas)
    assert sorted(len(hand) for hand in hands) == [*[256] * 7, 456]
    assert deal([], 8) == []
