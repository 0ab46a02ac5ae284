"""A crawl lands what git knows, reads only what is new, and says what it could not read."""

import os
import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from interruption import Killed, killed_before_write
from oshealth.collect.earlier import earlier_facts
from oshealth.collect.git import Collected, Request, collect_frames, crawl
from oshealth.collect.git_command import Git
from oshealth.collect.overlay import overlay
from oshealth.store import FactsFolder, Ledger, PrivateFolder
from repositories import START, Content, Repo, clone_of_history, symlink

NAME = "forge.example/town/product"
NOW = datetime(2026, 11, 23, 3)  # noqa: DTZ001 (moments are UTC without a zone)
DAY = timedelta(days=1)


def request(name: str = NAME, **more: object) -> Request:
    return Request(name, f"https://{name}", b"k" * 32, NOW, **more)  # type: ignore[arg-type]


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "product.git")


@pytest.fixture
def store(tmp_path: Path) -> FactsFolder:
    return FactsFolder(tmp_path / "data")


def crawl_of(path: Path, store: FactsFolder, asked: Request, lenders: tuple[str, ...] = ()) -> Ledger:
    with overlay(path) as opened:
        return crawl(opened, asked, store, PrivateFolder(store.path.parent), lenders)


def fresh(path: Path, asked: Request) -> Collected:
    with overlay(path) as opened:
        return collect_frames(opened, asked)


def same(store: FactsFolder, asked: Request, expected: Collected, but: tuple[str, ...] = ()) -> None:
    for table in expected.frames:
        if table not in but:
            found = store.read(asked.repository, table)
            key = [name for name, dtype in found.schema.items() if not dtype.is_nested()]
            assert found.sort(key).equals(expected.frames[table].sort(key)), table


def test_every_table_lands_and_the_names_stay_private(repo: Repo, store: FactsFolder) -> None:
    repo.commit({"README.md": "# Product", "package.json": "{}", "CHANGELOG.md": "# Changes\n\n## 1.0.0\n"})
    repo.tag("v1.0.0")
    ledger = crawl_of(repo.path, store, request())
    assert (ledger.status, ledger.head, ledger.default_branch) == ("ok", repo.sha(), "main")
    assert {table: count for table, count in ledger.rows.items() if count} == {
        "commit": 1,
        "change": 3,
        "file": 3,
        "text": 3,
        "release": 2,
        "branch": 1,
        "document": 2,
    }
    assert PrivateFolder(store.path.parent).read_aliases()["name"].to_list() == ["Ada Dal"]
    everything = b"".join(path.read_bytes() for path in store.path.rglob("*") if path.is_file())
    assert b"ada@town.example" not in everything
    assert b"Ada Dal" not in everything


def test_nothing_new_is_a_ledger_alone(repo: Repo, store: FactsFolder) -> None:
    repo.commit({"a": "1"})
    first = crawl_of(repo.path, store, request())
    second = crawl_of(repo.path, store, request())
    assert second.crawl != first.crawl
    assert second.files == first.files
    folder = store.path / "forge.example+town+product" / second.crawl
    assert [path.name for path in folder.iterdir()] == ["ledger.json"]


def test_other_options_are_read_again(repo: Repo, store: FactsFolder) -> None:
    repo.commit({"a": "1"})
    crawl_of(repo.path, store, request())
    crawl_of(repo.path, store, request(with_lines=True))
    assert store.read(NAME, "change")["added_lines"].to_list() == [1]


def test_only_new_commits_are_read_and_the_facts_are_those_of_a_fresh_crawl(repo: Repo, store: FactsFolder) -> None:
    repo.commit({"a": "1", "README": "1"})
    first = crawl_of(repo.path, store, request())
    repo.commit({"a": "2", "README": None})
    repo.tag("2.0")
    second = crawl_of(repo.path, store, request())
    assert len(second.files["change"]) == 2
    assert second.files["change"][0] == first.files["change"][0]
    same(store, request(), fresh(repo.path, request()))


@pytest.mark.parametrize("seed", range(6))
def test_however_a_history_grows_its_facts_are_those_of_a_fresh_crawl(
    repo: Repo, store: FactsFolder, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 (no secret)
    repo.commit({"a": "0", "README.md": "0"})
    for step in range(5):
        for _ in range(chance.randint(0, 4)):
            grow(repo, chance)
        crawl_of(repo.path, store, request())
        if step % 2:
            same(store, request(), fresh(repo.path, request()))


def grow(repo: Repo, chance: random.Random) -> None:
    names = ["a", "b", "docs/c", "README.md", ".github/workflows/ci.yml", "CHANGELOG.md"]
    paths: list[str | bytes] = [*names, b"caf\xe9"]
    path = chance.choice(paths)
    text = f"## 1.{chance.randint(0, 9)}.0\n\n{chance.random()}\n"
    files: dict[str | bytes, Content] = {path: None if chance.random() < 0.2 else text}
    date = START + DAY * chance.randint(0, 40)
    match chance.randint(0, 3):
        case 0:
            repo.commit(files, branch="side", parents=[repo.sha()], date=date)
            repo.merge("side", files=files)
        case 1:
            repo.commit(files, date=0, coauthors=["nobody", "Bo Eng <bo@supplier.example>"])
        case 2:
            repo.commit(files, date=date, author="Cy Far <cy@forge.example>")
        case _:
            repo.commit(files)
            repo.tag(f"v1.{chance.randint(0, 9)}.{chance.randint(0, 99)}", message="Signed or not")


def test_a_rewritten_history_is_noticed_and_read_anew(repo: Repo, store: FactsFolder) -> None:
    root = repo.commit({"a": "1"})
    repo.commit({"secret": "1"})
    crawl_of(repo.path, store, request())
    repo.commit({"b": "1"}, parents=[root])
    crawl_of(repo.path, store, request())
    assert store.read(NAME, "gap").select("reason", "count").rows() == [("history_rewritten", 1)]
    assert set(store.read(NAME, "change")["path"]) == {"a", "b"}
    same(store, request(), fresh(repo.path, request()), but=("gap",))
    repo.commit({"c": "1"}, parents=[root])
    crawl_of(repo.path, store, request())
    assert store.read(NAME, "gap")["count"].to_list() == [2]


@pytest.mark.parametrize("nights", [1, 3])
def test_after_nights_out_of_reach_only_what_is_new_is_read(repo: Repo, store: FactsFolder, nights: int) -> None:
    repo.commit({"a": "1", "README": "1"})
    first = crawl_of(repo.path, store, request())
    for _ in range(nights):
        store.write_unread(Ledger(NAME, f"https://{NAME}", NOW, "unreachable", "the host did not answer"))
    repo.commit({"a": "2", "README": None})
    second = crawl_of(repo.path, store, request())
    assert (second.status, len(second.files["change"]), second.files["change"][0]) == ("ok", 2, *first.files["change"])
    same(store, request(), fresh(repo.path, request()))


def test_a_history_rewritten_while_it_was_out_of_reach_is_noticed(repo: Repo, store: FactsFolder) -> None:
    root = repo.commit({"a": "1"})
    repo.commit({"secret": "1"})
    crawl_of(repo.path, store, request())
    store.write_unread(Ledger(NAME, f"https://{NAME}", NOW, "timed_out", "git did not finish"))
    repo.commit({"b": "1"}, parents=[root])
    crawl_of(repo.path, store, request())
    assert store.read(NAME, "gap").select("reason", "count").rows() == [("history_rewritten", 1)]


def test_rows_of_a_history_in_parts_are_read_again_after_a_night_out_of_reach(repo: Repo, store: FactsFolder) -> None:
    repo.commit({"a": "1"})
    repo.commit({"a": "2"})
    repo.commit({"a": "3"})
    shallow = repo.path.parent / "shallow.git"
    repo.git("clone", "-q", "--bare", "--depth=1", f"file://{repo.path}", str(shallow))
    assert crawl_of(shallow, store, request()).status == "shallow"
    store.write_unread(Ledger(NAME, f"https://{NAME}", NOW, "unreachable", "the host did not answer"))
    assert crawl_of(repo.path, store, request()).status == "ok"
    same(store, request(), fresh(repo.path, request()))


def test_a_fork_borrows_what_its_upstream_knows(repo: Repo, store: FactsFolder) -> None:
    repo.commit({"a": "1"})
    repo.commit({"b": "1"})
    crawl_of(repo.path, store, request())
    repo.commit({"c": "1"})
    fork = request("forge.example/other/fork")
    crawl_of(repo.path, store, fork, lenders=(NAME, fork.repository, "forge.example/never/crawled"))
    same(store, fork, fresh(repo.path, fork))


def test_an_upstream_out_of_reach_lends_what_was_read_of_it(repo: Repo, store: FactsFolder) -> None:
    repo.commit({"a": "1"})
    crawl_of(repo.path, store, request())
    store.write_unread(Ledger(NAME, f"https://{NAME}", NOW, "unreachable", "the host did not answer"))
    assert earlier_facts(store, "forge.example/other/fork", "", [NAME]).lent_shas == {repo.sha()}


def test_branches_are_compared_where_asked(repo: Repo, store: FactsFolder) -> None:
    root = repo.commit({"a": "1"})
    repo.commit({"b": "1"})
    repo.commit({"x": "1"}, branch="town/é", parents=[root])
    repo.commit({"y": "1"}, branch="town/é")
    crawl_of(repo.path, store, request(with_branch_counts=True))
    counted = store.read(NAME, "branch").sort("name").select("name", "is_default", "ahead_count", "behind_count")
    assert counted.rows() == [("main", True, 0, 0), ("town/é", False, 2, 1)]
    crawl_of(repo.path, store, request())
    assert store.read(NAME, "branch")["ahead_count"].to_list() == [None, None]


def test_manifests_of_an_earlier_tree_are_kept_too(repo: Repo, store: FactsFolder) -> None:
    repo.commit({"package.json": '{"name": "old"}', "yarn.lock": "old"})
    repo.commit({"package.json": '{"name": "middle"}'})
    repo.commit({"package.json": '{"name": "new"}', "yarn.lock": None})
    crawl_of(repo.path, store, request())
    assert store.read(NAME, "text")["text"].to_list() == ['{"name": "new"}']
    crawl_of(repo.path, store, request(manifests_at=START + DAY / 2))
    assert set(store.read(NAME, "text")["text"]) == {'{"name": "new"}', '{"name": "old"}', "old"}


def test_what_comes_with_the_next_midnight_is_not_of_the_day(repo: Repo, store: FactsFolder) -> None:
    repo.commit({"requirements.txt": "town==1"})
    repo.commit({"requirements.txt": "town==2"}, date=START + DAY)
    crawl_of(repo.path, store, request(with_dependencies=True, manifests_at=START + DAY))
    assert store.read(NAME, "dependency")["resolved_version"].to_list() == ["1"]


def test_a_manifest_that_is_a_link_is_read_where_it_leads_or_not_at_all(repo: Repo, store: FactsFolder) -> None:
    files: dict[str | bytes, Content] = {"docker/Dockerfile": "FROM town:1\n", "pins": "map==1\n"}
    for link, target in (("Dockerfile", "docker/Dockerfile"), ("requirements.txt", "pins"), ("setup.cfg", "/etc/x")):
        files[link] = symlink(target)
    repo.commit(files)
    crawl_of(repo.path, store, request(with_dependencies=True))
    found = store.read(NAME, "dependency").select("path", "name", "state").rows()
    assert found == [
        ("docker/Dockerfile", "town", "ok"),
        ("requirements.txt", None, "unreadable"),
        ("setup.cfg", None, "unreadable"),
    ]


def test_documents_of_all_times_are_kept_and_huge_ones_are_a_gap(repo: Repo, store: FactsFolder) -> None:
    repo.commit({"README.md": "1", "SECURITY.md": "x" * 300_000, "LICENSE": "l" * 5_000_001})
    repo.commit({"README.md": "2", "SECURITY.md": None})
    crawl_of(repo.path, store, request())
    assert set(store.read(NAME, "text")["text"]) == {"1", "2"}
    assert store.read(NAME, "gap").select("what", "reason", "count").rows() == [("text", "too_large", 2)]


def test_a_crawl_ended_between_two_writes_and_repeated_has_every_name(repo: Repo, tmp_path: Path) -> None:
    repo.commit({"a": "1"})
    for number in range(40):
        data = tmp_path / str(number)
        try:
            with killed_before_write(number, data):
                crawl_of(repo.path, FactsFolder(data), request())
        except Killed:
            crawl_of(repo.path, FactsFolder(data), request())
            assert FactsFolder(data).read(NAME, "commit").height == 1, number
            assert PrivateFolder(data).read_aliases()["name"].to_list() == ["Ada Dal"], number
        else:
            assert number > 8
            return
    raise AssertionError("it never came to its end")


@pytest.mark.histories
@pytest.mark.parametrize("name", ["OS2borgerPC/os2borgerpc-client", "magenta-aps/os2borgerpc-admin-site"])
def test_a_real_history_crawled_in_two_parts_is_that_crawled_at_once(
    name: str, tmp_path: Path, store: FactsFolder
) -> None:
    path = clone_of_history(name, tmp_path)
    repo = Repo.__new__(Repo)
    repo.path = path
    branch, head = repo.git("symbolic-ref", "HEAD"), repo.sha("HEAD")
    repo.git("update-ref", branch, repo.sha("HEAD~20"))
    crawl_of(path, store, request())
    repo.git("update-ref", branch, head)
    ledger = crawl_of(path, store, request())
    same(store, request(), fresh(path, request()))
    assert len(ledger.files["change"]) == 2
    shas = Git(path, os.environ).run("rev-list", "--count", "HEAD")
    assert ledger.rows["commit"] == int(shas)
