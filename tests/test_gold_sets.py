"""The gold sets of aliases are reached, where they are at hand."""

import importlib
import os
import sys
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("OSHEALTH_SHARED", Path(__file__).parents[1].parent / "shared")) / "identity"


@pytest.mark.histories
@pytest.mark.skipif(not SHARED.exists(), reason="the gold sets are not here")
def test_the_gold_sets_are_reached() -> None:
    sys.path.insert(0, str(Path(__file__).parents[1]))
    bench = importlib.import_module("bench.identity")

    total = bench.Score()
    for name in ("sympy+sympy", "numpy+numpy", "oss-review-toolkit+ort"):
        gold = bench.read_gold(SHARED / f"{name}.tsv")
        total += bench.score(gold, bench.ours(gold))
    assert total.precision >= 0.985
    assert total.recall >= 0.89
    here = bench.read_gold(SHARED / "OS2borgerPC.tsv")
    found = bench.score(here, bench.ours(here))
    assert found.precision == 1.0
    assert found.recall >= 0.90
