"""A fork beside its upstream: what only one of them has, and which patches both have."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from facts_builder import History, moment
from oshealth.collect.git_command import Git
from oshealth.collect.history import read_changes
from oshealth.collect.patches import MOST_COMMITS, Patches, Side, patch_ids, read_patches
from oshealth.derive import ReadAt
from oshealth.derive.fork import NOT_A_FORK, NOT_COMPARED
from oshealth.facts import CHANGE, COMMIT, PATCH
from oshealth.measure import Measured, measure
from oshealth.metrics import catalogue, measure_subject
from oshealth.metrics.fork_commits_ahead import fork_commits_ahead
from oshealth.metrics.fork_commits_behind import fork_commits_behind
from oshealth.metrics.fork_days_since_synchronised import fork_days_since_synchronised
from oshealth.metrics.fork_deployments import fork_deployments
from oshealth.metrics.fork_patches_upstream import fork_patches_upstream
from oshealth.metrics.upstreamed import upstreamed
from oshealth.sources import Codebase, Repository
from repositories import Repo

FORK = "example.org/town/app"
ALL = [fork_commits_ahead, fork_commits_behind, fork_days_since_synchronised, fork_patches_upstream, upstreamed]
LINES = "".join(f"line {number}\n" for number in range(30))


def side(repo: Repo) -> Side:
    """The commits of main as rows of `facts.COMMIT`, as far as they matter here."""
    git = Git(repo.path)
    lines = repo.git("log", "--topo-order", "--reverse", "--format=%H %ct %P", "main").splitlines()
    rows = []
    for position, (sha, at, *parents) in enumerate(line.split() for line in lines):
        known = {"repository": FORK, "sha": sha, "position": position, "parents": parents, "known_at": int(at) * 10**6}
        rows.append(dict.fromkeys(COMMIT.names()) | known)
    frame = pl.DataFrame(rows, schema=dict(COMMIT) | {"known_at": pl.Int64})
    commits = frame.cast({"known_at": COMMIT["known_at"]})
    single = commits.filter(pl.col("parents").list.len() < 2)["sha"].to_list()
    return Side(git, commits, read_changes(git, single, FORK).frame)


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Side, Side]:
    """The fork has two commits of its own; the upstream took one of them over, and has another besides."""
    upstream, fork = Repo(tmp_path / "upstream.git"), Repo(tmp_path / "fork.git")
    for repo in (upstream, fork):
        repo.commit({"a.txt": LINES})
    fork.commit({"a.txt": "first\n" + LINES})
    fork.commit({"own.txt": "own\n"})
    upstream.commit({"b.txt": "theirs\n"})
    upstream.commit({"a.txt": "first\n" + LINES}, author="Bo Eng <bo@supplier.example>", message="Taken over")
    return side(fork), side(upstream)


@pytest.fixture
def compared(sides: tuple[Side, Side]) -> Patches:
    return read_patches(FORK, *sides)


def test_the_same_change_has_the_same_patch_id_on_both_sides(compared: Patches) -> None:
    assert compared.frame.schema == PATCH
    assert not compared.gaps
    ours, theirs = (compared.frame.filter(pl.col("side") == name) for name in ("fork", "upstream"))
    assert (ours.height, theirs.height) == (2, 2)
    assert len(set(ours["patch_id"]) & set(theirs["patch_id"])) == 1
    # The upstream's other commit changes a path that the fork never did: it is not compared.
    assert theirs["patch_id"].null_count() == 1


def test_a_patch_that_came_back_with_a_merge_is_upstream(tmp_path: Path) -> None:
    upstream, fork = Repo(tmp_path / "upstream.git"), Repo(tmp_path / "fork.git")
    for repo in (upstream, fork):
        repo.commit({"a.txt": LINES})
    own = fork.commit({"a.txt": "first\n" + LINES})
    upstream.commit({"b.txt": "theirs\n"})
    taken = upstream.commit({"a.txt": "first\n" + LINES}, message="Taken over")
    fork.git("fetch", "-q", str(upstream.path), "main:theirs")
    fork.merge("theirs", files={"b.txt": "theirs\n"})
    frame = read_patches(FORK, side(fork), side(upstream)).frame
    assert frame.select("sha", "side").rows() == [(own, "fork"), (taken, "both")]
    assert frame["patch_id"].n_unique() == 1


def test_merges_and_shared_commits_are_not_compared(tmp_path: Path) -> None:
    upstream, fork = Repo(tmp_path / "upstream.git"), Repo(tmp_path / "fork.git")
    for repo in (upstream, fork):
        repo.commit({"a.txt": LINES})
    tip = fork.commit({"b.txt": "b"}, branch="side", parents=[fork.sha()])
    fork.merge(tip, files={"b.txt": "b"})
    frame = read_patches(FORK, side(fork), side(upstream)).frame
    assert frame["sha"].to_list() == [tip]


def test_a_fork_without_commits_of_its_own_has_nothing_to_compare(tmp_path: Path) -> None:
    upstream, fork = Repo(tmp_path / "upstream.git"), Repo(tmp_path / "fork.git")
    for repo in (upstream, fork):
        repo.commit({"a.txt": LINES})
    missed = upstream.commit({"a.txt": "first\n" + LINES})
    patches = read_patches(FORK, side(fork), side(upstream))
    assert patches.frame.select("sha", "side", "patch_id").rows() == [(missed, "upstream", None)]
    assert not patches.gaps


def test_an_empty_commit_has_no_patch_id_and_a_missing_one_is_a_gap(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo.git")
    empty = repo.commit({})
    assert patch_ids(Git(repo.path), [empty]) == ({}, 0)
    assert patch_ids(Git(tmp_path / "nowhere.git"), [empty]) == ({}, 1)


def test_only_the_newest_commits_are_compared(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo.git")
    repo.commit({"a.txt": LINES})
    many = pl.concat([side(repo).commits] * (MOST_COMMITS + 5)).with_columns(
        sha=pl.int_range(pl.len()).cast(pl.String).str.zfill(40)
    )
    nothing = Side(Git(repo.path), COMMIT.to_frame(), CHANGE.to_frame())
    patches = read_patches(FORK, Side(Git(tmp_path / "nowhere.git"), many, CHANGE.to_frame()), nothing)
    assert patches.frame.height == MOST_COMMITS + 5
    assert [(gap.reason, gap.count) for gap in patches.gaps] == [("too_many", 5), ("unreadable", MOST_COMMITS)]


def test_what_was_compared_before_needs_no_git(sides: tuple[Side, Side], compared: Patches, tmp_path: Path) -> None:
    fork, upstream = (replace(one, git=Git(tmp_path / "nowhere.git")) for one in sides)
    again = read_patches(FORK, fork, upstream, compared.frame)
    assert again.frame.equals(compared.frame)
    assert not again.gaps


def forked(*, is_declared: bool = True) -> History:
    """Two shared commits, three of the fork's own of which upstream has one patch, and two that the fork lacks."""
    upstream = "https://example.org/other/app"
    repositories = (Repository(url=f"https://{FORK}", fork_of=upstream if is_declared else None),)
    history = History(codebase=Codebase(id="product", name="Product", stewards=("club",), repository=repositories))
    history.commit("ann", "2024-01-01", adds=["a.py"], is_inherited=True)
    history.commit("ann", "2024-01-11", changes=["a.py"], is_inherited=True)
    for day, patch in (("2024-02-01", "p1"), ("2024-02-02", "p2"), ("2024-02-03", None)):
        sha = history.commit("bo", day, changes=["a.py"])
        history.add("patch", sha=sha, side="fork", patch_id=patch, known_at=history.rows["commit"][-1]["known_at"])
    for day, patch in (("2024-02-10", "p1"), ("2024-02-20", "p9")):
        at = history.commit("cy", day, repository="example.org/other/app")
        known_at = history.rows["commit"].pop()["known_at"]
        history.add("patch", sha=at, side="upstream", patch_id=patch, known_at=known_at)
    return history


def at(compute: object, history: History, day: str) -> Measured:
    facts = history.facts().of_repository(FORK)
    return measure(compute.metric, type(history.at(day))(facts, history.at(day).as_of))  # type: ignore[attr-defined]


def test_ahead_and_behind_count_commits_without_merges() -> None:
    assert at(fork_commits_ahead, forked(), "2024-03-01").value == 3
    assert at(fork_commits_behind, forked(), "2024-03-01").value == 2
    # On 15 February the upstream's second commit was not there yet; on 1 February the fork had one of its own.
    assert at(fork_commits_behind, forked(), "2024-02-15").value == 1
    assert at(fork_commits_ahead, forked(), "2024-02-01").value == 1


def test_upstreamed_is_the_share_of_own_patches_that_upstream_has() -> None:
    # Of the patches p1 and p2 upstream has p1; the third commit changes nothing, so that 2 of 3 are compared.
    measured = at(upstreamed, forked(), "2024-03-01")
    assert (measured.value, measured.sample_size) == (50, 2)
    assert measured.coverage == pytest.approx(2 / 3)
    assert at(fork_patches_upstream, forked(), "2024-03-01").value == 1
    # On 9 February upstream had not taken it over yet.
    assert at(upstreamed, forked(), "2024-02-09").value == 0


def test_days_since_synchronised_count_from_the_newest_shared_commit() -> None:
    # 11 January to 1 March 2024: 50 days. Until 10 February there was nothing to follow.
    assert at(fork_days_since_synchronised, forked(), "2024-03-01").value == 50
    assert at(fork_days_since_synchronised, forked(), "2024-02-09").value == 0


@pytest.mark.parametrize("compute", ALL)
def test_what_is_no_fork_or_cannot_be_compared_is_unknown(compute: object) -> None:
    assert at(compute, forked(is_declared=False), "2024-03-01").reason == NOT_A_FORK
    alone = forked()
    alone.upstream.clear()
    assert at(compute, alone, "2024-03-01").reason == NOT_COMPARED


def test_a_fork_without_a_patch_of_its_own_has_no_share() -> None:
    assert at(upstreamed, forked(), "2024-01-31").reason == "the fork has no patch of its own"


def branched(*names: str) -> History:
    """A fork with branches, in a world of five municipalities, two of them in another country."""
    history = forked()
    history.add("branch", name="main", is_default=True)
    for name in names:
        history.add("branch", name=name, is_default=False)
    for key, country in (("Žalec", "SI"), ("Nova Gorica", "SI"), ("Koper", "SI"), ("Nova", "IT"), ("Main", "DE")):
        history.organisation(key, "municipality", country)
    return history


def test_branches_that_begin_with_a_municipalitys_name_are_deployments() -> None:
    # Three municipalities of one country; Koper has two branches; "Nova" of another country, "Main" and "staging" not.
    history = branched("zalec", "nova-gorica-k8s", "koper2020Test", "koper", "staging", "fix/koper")
    measured = at(fork_deployments, history, "2024-03-01")
    assert measured.value == 3
    assert measured.evidence["deployments"][0]["branches"] == ("koper", "koper2020Test")


def test_branches_of_a_later_day_are_no_deployments_of_this_one() -> None:
    history = branched("zalec", "nova-gorica", "koper")
    history.read_at[FORK] = ReadAt(refs_at=moment("2024-03-02 00:00"))
    assert at(fork_deployments, history, "2024-03-02").value == 3
    why = "its branches are known as they stand since 2 March 2024, and git keeps no past of them"
    assert at(fork_deployments, history, "2024-03-01").reason == why


def test_two_names_may_be_chance_and_what_is_no_fork_has_no_deployments() -> None:
    assert at(fork_deployments, branched("zalec", "koper"), "2024-03-01").value == 0
    assert at(fork_deployments, forked(is_declared=False), "2024-03-01").reason == NOT_A_FORK


def test_only_forks_have_the_measures_of_forks() -> None:
    cards = [card for card in catalogue() if card.family == "Upstream and use"]
    day = date(2024, 3, 1)
    of_fork = measure_subject(forked().facts().of_repository(FORK), day, cards, "run", "1")
    of_other = measure_subject(forked(is_declared=False).facts().of_repository(FORK), day, cards, "run", "1")
    assert set(of_fork["metric"]) == {card.id for card in cards}
    assert of_other["metric"].to_list() == ["declared_users"]
