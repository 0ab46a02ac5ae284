"""Who knows a file from recent work (Jabrayilzade et al., ICSE-SEIP 2022; bus-factor-explorer)."""

from datetime import datetime

import numpy as np
import polars as pl

from oshealth.derive.authorship import lines_to_files
from oshealth.derive.file_history import FileHistory, Ints, micros
from oshealth.derive.reviewed import READ

DAY = 86_400_000_000
REACH_DAYS = 547
DECAY_DAYS = 90
LEAST_KNOWLEDGE = 0.001
SHARE_OF_BEST = 0.75


def of(history: FileHistory, end: datetime, read: pl.DataFrame | None = None) -> pl.DataFrame:
    """One row per file and person who changed or reviewed it in the 547 days before the last commit: knowledge, knows.

    `last_position` is the place of the person's last change anywhere in that time, for a fixed order of equals. A
    rename takes knowledge along and adds none. `read` are the reviews, `reviewed.READ`.
    """
    last_at = _last_commit(history, end)
    chosen, file = _recent(history, end, last_at)
    reviews = _reviews(history, end, last_at, READ.to_frame() if read is None else read)
    reviews = reviews.filter(pl.col("file").is_in(np.unique(file)))
    persons = _with_reviewers(history.persons, reviews["person"])
    width, row = max(1, len(persons)), history.touches.row[chosen]
    person = history.touches.person[chosen]
    reviewed = reviews["file"].to_numpy() * width + _places(reviews["person"], persons)
    pairs, place = np.unique(np.concatenate([file * width + person, reviewed]), return_inverse=True)
    of_pair, weight = pairs // width, _weights(history.authored_at[row], last_at)
    owned = _newest(file, row, history.touches.is_author[chosen])
    ownership = np.bincount(place[: len(file)][owned], weights=weight[owned], minlength=len(pairs))
    own, written = _shared(place[: len(file)], weight, of_pair)
    seen, read_by = _shared(place[len(file) :], reviews["weight"].to_numpy(), of_pair)
    knowledge = 3 * ownership + own + 0.5 * seen + 2.4 * written + 1.2 * read_by
    best = np.zeros(len(history.paths))
    np.maximum.at(best, of_pair, knowledge)
    last_row = np.full(width, -1)
    np.maximum.at(last_row, person, row)
    named = history.paths[of_pair]
    return pl.DataFrame(
        {
            "file_number": of_pair,
            "repository": named["repository"],
            "file": named["path"],
            "person": persons[pairs % width],
            "knowledge": knowledge,
            "knows": (knowledge >= LEAST_KNOWLEDGE) & (knowledge > SHARE_OF_BEST * best[of_pair]),
            "last_position": last_row[pairs % width],
        }
    )


def _shared(place: Ints, weight: np.ndarray, of_pair: Ints) -> tuple[np.ndarray, np.ndarray]:
    """Of each pair of file and person the weight of what they did, and how much the others' together lack of it."""
    own = np.bincount(place, weights=weight, minlength=len(of_pair))
    of_file = np.bincount(of_pair, weights=own, minlength=1)
    together = of_file[of_pair]
    return own, np.log((1 + together) / (1 + together - own))


def _reviews(history: FileHistory, end: datetime, last_at: int, read: pl.DataFrame) -> pl.DataFrame:
    """Each review once for each file of the tree that it was of: file, person, weight."""
    moment = pl.col("submitted_at").cast(pl.Int64)
    if read.is_empty():
        return pl.DataFrame(schema={"file": pl.Int64, "person": pl.String, "weight": pl.Float64})
    row_line, path_line = history.lineage.at(micros(end))
    recent = read.filter(moment < micros(end), moment >= last_at - REACH_DAYS * DAY)
    recent = recent.filter(history.steps.known_at[recent["row"].to_numpy()] < micros(end))
    file = lines_to_files(history, end, path_line)[row_line[recent["row"].to_numpy()]]
    placed = recent.with_columns(pl.Series("file", file, dtype=pl.Int64)).filter(pl.col("file") >= 0)
    once = placed.unique(["review", "file"], keep="first", maintain_order=True)
    weight = _weights(once["submitted_at"].cast(pl.Int64).to_numpy(), last_at)
    return once.select("file", "person").with_columns(pl.Series("weight", weight, dtype=pl.Float64))


def _with_reviewers(persons: pl.Series, reviewers: pl.Series) -> pl.Series:
    """The persons who changed files, in their places, and behind them those who only reviewed."""
    more = reviewers.unique().sort()
    return pl.concat([persons, more.filter(~more.is_in(persons.to_list()))])


def _places(names: pl.Series, persons: pl.Series) -> Ints:
    place = {name: number for number, name in enumerate(persons)}
    return np.array([place[name] for name in names], dtype=np.int64)


def _last_commit(history: FileHistory, end: datetime) -> int:
    """When the newest head of the subject's repositories was committed; the time before is what counts."""
    known = history.heads.filter(pl.col("known_at") < end)
    heads = known.group_by("repository").agg(pl.col("known_at").sort_by("position").last())
    return int(heads["known_at"].cast(pl.Int64).max() or 0)  # type: ignore[arg-type]


def _recent(history: FileHistory, end: datetime, last_at: int) -> tuple[Ints, Ints]:
    """The touches that count, and the files in the tree that they concern."""
    row_line, path_line = history.lineage.at(micros(end))
    touches = history.touches
    in_reach = (touches.known_at < micros(end)) & (touches.known_at >= last_at - REACH_DAYS * DAY)
    recent = np.flatnonzero(in_reach & ~touches.is_rename)
    file = lines_to_files(history, end, path_line)[row_line[touches.row[recent]]]
    return recent[file >= 0], file[file >= 0]


def _weights(moments: Ints, last_at: int) -> np.ndarray:
    days = np.maximum(0, last_at - moments) // DAY
    return np.exp(-days / DECAY_DAYS)


def _newest(file: Ints, row: Ints, is_author: np.ndarray) -> Ints:
    """The entry of each file's newest change: its author's, or a co-author's where a bot was the author."""
    order = np.lexsort((is_author, row, file))
    last_of_file = np.append(file[order][1:] != file[order][:-1], True)
    return order[last_of_file] if len(order) else order
