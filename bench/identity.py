"""How well aliases become persons: precision, recall and the bus factor that follows, beside other ways.

python bench/identity.py [FOLDER]    FOLDER holds the gold sets, default ../shared/identity
"""

import csv
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import polars as pl

from oshealth.facts import ALIAS
from oshealth.people.identities import resolve

Grouping = Sequence[object]
"""For each row of a gold set, the person that it was given to."""


@dataclass(frozen=True)
class Gold:
    """One gold set. `groups` are the persons, `is_counted` the rows whose pairs count."""

    name: str
    pairs: Sequence[tuple[str, str]]
    commit_counts: Sequence[int]
    groups: Sequence[tuple[str, str]]
    is_counted: Sequence[bool]
    is_human: Sequence[bool]


@dataclass(frozen=True)
class Score:
    """Pairs of rows: rightly together, wrongly together, wrongly apart."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / max(1e-9, self.precision + self.recall)

    def __add__(self, other: "Score") -> "Score":
        return Score(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)


def read_gold(path: Path) -> Gold:
    """A gold set; `listed` or `confidence` says which rows count."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return Gold(
        path.stem,
        [(row["raw_name"], row["raw_email"]) for row in rows],
        [int(row["commits"]) for row in rows],
        [(row["gold_name"], row["gold_email"]) for row in rows],
        [row.get("listed") == "1" or row.get("confidence") == "sure" for row in rows],
        [row.get("kind", "person") == "person" for row in rows],
    )


def score(gold: Gold, found: Grouping) -> Score:
    """Over pairs of counted rows; the same name with two canonical addresses is neither right nor wrong."""
    counted = [row for row, is_counted in enumerate(gold.is_counted) if is_counted]
    together = _pairs(found, counted)
    meant = _pairs(gold.groups, counted)
    wrong = {pair for pair in together - meant if gold.groups[pair[0]][0] != gold.groups[pair[1]][0]}
    return Score(len(together & meant), len(wrong), len(meant - together))


def _pairs(groups: Grouping, rows: Iterable[int]) -> set[tuple[int, int]]:
    members: dict[object, list[int]] = defaultdict(list)
    for row in rows:
        members[groups[row]].append(row)
    return {pair for group in members.values() for pair in combinations(group, 2)}


def absence_factor(gold: Gold, found: Grouping) -> int:
    """Contributor absence factor over all commits of the set's rows."""
    counts: Counter[object] = Counter()
    for person, commits, is_human in zip(found, gold.commit_counts, gold.is_human, strict=True):
        counts[person] += commits if is_human else 0
    total, reached = sum(counts.values()), 0
    for taken, (_, commits) in enumerate(counts.most_common(), start=1):
        reached += commits
        if 2 * reached > total:
            return taken
    return 0


def ours(gold: Gold) -> Grouping:
    rows = [(f"{n:08}", name, address, None, 1) for n, (name, address) in enumerate(gold.pairs)]
    identity, _ = resolve(pl.DataFrame(rows, schema=ALIAS, orient="row"))
    persons: dict[str, str] = dict(identity.select("alias", "person").iter_rows())
    return [persons[f"{n:08}"] for n in range(len(gold.pairs))]


def exact_address(gold: Gold) -> Grouping:
    return [address.lower() for _, address in gold.pairs]


def gambit(gold: Gold) -> Grouping | None:
    """gambit-disambig's answer; None where it is not installed."""
    try:
        import gambit as tool  # noqa: PLC0415
        import pandas  # noqa: PLC0415
    except ImportError:
        return None
    frame = pandas.DataFrame(
        {
            "alias_name": [name for name, _ in gold.pairs],
            "alias_email": [address for _, address in gold.pairs],
        }
    )
    return list(tool.disambiguate_aliases(frame, method="gambit")["author_id"])


WAYS: Mapping[str, Callable[[Gold], Grouping | None]] = {
    "oshealth": ours,
    "exact address": exact_address,
    "gambit": gambit,
}


def table(paths: Iterable[Path], ways: Iterable[str] = tuple(WAYS)) -> list[str]:
    """The lines of a Markdown table, a row per set and way; the way's time is of the whole set."""
    lines = [
        "| set | way | precision | recall | F1 | bus factor | by the gold set | seconds |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for gold in map(read_gold, paths):
        for way in ways:
            started = time.perf_counter()
            if (found := WAYS[way](gold)) is None:
                continue
            seconds, result = time.perf_counter() - started, score(gold, found)
            lines.append(
                f"| {gold.name} | {way} | {result.precision:.3f} | {result.recall:.3f} | {result.f1:.3f}"
                f" | {absence_factor(gold, found)} | {absence_factor(gold, gold.groups)} | {seconds:.1f} |"
            )
    return lines


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1].parent / "shared" / "identity"
    print("\n".join(table(sorted(folder.glob("*.tsv")))))
