"""How well aliases become persons: precision, recall and the bus factor that follows, beside other ways."""

import csv
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import polars as pl

from oshealth.facts import ALIAS
from oshealth.people.identities import resolve
from oshealth.people.vocabulary import words

TITLE = "Who is one person"
TOGETHER = ("sympy+sympy", "numpy+numpy", "oss-review-toolkit+ort")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
MOST_FOR_GAMBIT = 500

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
    return _resolved(gold.pairs)


def _resolved(pairs: Sequence[tuple[str, str]]) -> Grouping:
    rows = [(f"{n:08}", name, address, None, 1) for n, (name, address) in enumerate(pairs)]
    identity, _ = resolve(pl.DataFrame(rows, schema=ALIAS, orient="row"))
    persons: dict[str, str] = dict(identity.select("alias", "person").iter_rows())
    return [persons[f"{n:08}"] for n in range(len(pairs))]


def exact_address(gold: Gold) -> Grouping:
    return [address.lower() for _, address in gold.pairs]


def gambit(gold: Gold) -> Grouping | None:
    """gambit-disambig's answer; None where it is not installed, or would compare each with each for an hour."""
    if len(gold.pairs) > MOST_FOR_GAMBIT:
        return None
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


def chapter(histories: Path) -> list[str]:
    """The lines of the chapter. The gold sets lie beside the histories."""
    golds = [read_gold(path) for path in sorted((histories.parent / "identity").glob("*.tsv"))]
    return [*_table(golds), "", *_together(golds), "", _many(200_000)]


def _table(golds: Iterable[Gold]) -> list[str]:
    lines = [
        "| set | way | precision | recall | F1 | bus factor | by the gold set | seconds |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for gold in golds:
        for way, group in WAYS.items():
            started = time.perf_counter()
            if (found := group(gold)) is None:
                continue
            seconds = time.perf_counter() - started
            factors = f"{absence_factor(gold, found)} | {absence_factor(gold, gold.groups)}"
            lines.append(f"| {gold.name} | {way} | {_figures(score(gold, found))} | {factors} | {seconds:.1f} |")
    return lines


def _together(golds: Iterable[Gold]) -> list[str]:
    """The pairs of the sets made from projects' mailmaps, together."""
    lines = ["| sympy, numpy and ort together | precision | recall | F1 |", "|---|---|---|---|"]
    chosen = [gold for gold in golds if gold.name in TOGETHER]
    for way in (ours, exact_address):
        total = sum((score(gold, way(gold)) for gold in chosen), Score())
        lines.append(f"| {way.__name__.replace('_', ' ')} | {_figures(total)} |")
    return lines


def _many(count: int) -> str:
    """One sentence: how long so many made-up aliases take."""
    dice = random.Random(1)
    given, last = sorted(words("name_words")), ["".join(dice.choices(LETTERS, k=8)) for _ in range(count // 6)]
    firms = ["".join(dice.choices(LETTERS, k=9)) + ".example" for _ in range(count // 10)]
    pairs: list[tuple[str, str]] = []
    while len(pairs) < count:
        first, second, firm = dice.choice(given), dice.choice(last), dice.choice(firms)
        name, login = f"{first.title()} {second.title()}", f"{second}{dice.randint(1, 99)}"
        spellings = [
            (name, f"{first}.{second}@gmail.com"),
            (name, f"{first[0]}{second}@{firm}"),
            (login, f"{dice.randint(1, 10**8)}+{login}@users.noreply.github.com"),
            (first.title(), f"{login}@laptop.local"),
        ]
        pairs += dice.sample(spellings, dice.randint(1, 4))
    started = time.perf_counter()
    persons = len(set(_resolved(pairs[:count])))
    return f"{count:,} made-up aliases become {persons:,} persons in {time.perf_counter() - started:.0f} s."


def _figures(result: Score) -> str:
    return f"{result.precision:.3f} | {result.recall:.3f} | {result.f1:.3f}"
