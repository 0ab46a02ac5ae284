"""A history is read as it is, however odd, and what is wrong with it is counted."""

import hmac
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from commit_log import read_commits
from oshealth.collect.commits import Metadata, Reading
from oshealth.collect.git_command import Git
from oshealth.collect.history import Changes, read_changes
from oshealth.facts import CHANGE, COMMIT
from repositories import AUTHOR, START, Repo, executable, submodule, symlink

KEY = b"k" * 32
DAY = timedelta(days=1)
NOW = datetime(2026, 11, 23, 3)  # noqa: DTZ001 (moments are UTC without a zone)
READING = Reading("forge.example/town/product", KEY, NOW)
BO = "Bo Eng <bo@supplier.example>"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "product.git")


def commits_of(repo: Repo) -> Metadata:
    return read_commits(Git(repo.path), repo.sha(), READING)


def changes_of(repo: Repo, *, with_lines: bool = False) -> Changes:
    commits = commits_of(repo).commits
    shas = commits.filter(pl.col("parents").list.len() < 2)["sha"].to_list()
    return read_changes(Git(repo.path), shas, READING.repository, with_lines=with_lines)


def kinds(changes: Changes) -> list[tuple[str, str, str | None]]:
    return changes.frame.select("kind", "path", "old_path").rows()


def alias(who: bytes) -> str:
    name, address = who.removesuffix(b">").split(b" <")
    return hmac.digest(KEY, name + b"\0" + address, "sha256").hex()[:32]


def reasons(gaps: tuple[object, ...]) -> dict[str, int | None]:
    return {gap.reason: gap.count for gap in gaps}  # type: ignore[attr-defined]


def test_a_commit_tells_who_when_and_where_it_stands(repo: Repo) -> None:
    first = repo.commit({"a": "1"}, coauthors=[BO, AUTHOR, BO])
    second = repo.commit({"a": "2"}, author=BO, committer=AUTHOR, committed=START + 5 * DAY)
    frame = commits_of(repo).commits
    assert frame.schema == COMMIT
    assert frame["sha"].to_list() == [first, second]
    assert frame["position"].to_list() == [0, 1]
    assert frame["parents"].to_list() == [[], [first]]
    ada, bo = alias(AUTHOR.encode()), alias(BO.encode())
    assert frame["author_alias"].to_list() == [ada, bo]
    assert frame["committer_alias"].to_list() == [ada, ada]
    assert frame["coauthor_aliases"].to_list() == [[bo, ada], []]
    assert frame["authored_at"].to_list() == [START, START + DAY]
    assert frame["known_at"].to_list() == [START, START + 5 * DAY]


def test_names_stand_in_the_private_table_only(repo: Repo) -> None:
    repo.commit({"a": "1"}, coauthors=[BO])
    repo.commit({"a": "2"}, committer="Cy Far <cy@forge.example>")
    aliases = commits_of(repo).aliases.sort("name")
    assert aliases.select("name", "address", "first_at", "commit_count").rows() == [
        ("Ada Dal", "ada@town.example", START, 2),
        ("Bo Eng", "bo@supplier.example", START, 1),
        ("Cy Far", "cy@forge.example", START + DAY, 0),
    ]


def test_the_first_parent_line_goes_through_merges(repo: Repo) -> None:
    root = repo.commit({"a": "1"})
    side = repo.commit({"b": "1"}, branch="side", parents=[root])
    main = repo.commit({"a": "2"})
    merge = repo.merge("side", files={"b": "1"})
    frame = commits_of(repo).commits
    assert set(frame.filter("is_first_parent")["sha"]) == {root, main, merge}
    assert side in set(frame["sha"])
    assert frame["position"].to_list() == [0, 1, 2, 3]
    assert merge not in set(changes_of(repo).frame["sha"])


def test_octopus_criss_cross_and_several_roots_are_read(repo: Repo) -> None:
    root = repo.commit({"a": "1"})
    for name in ("x", "y", "z"):
        repo.commit({name: "1"}, branch=name, parents=[root])
    repo.commit({"other": "1"}, branch="unrelated", parents=[])
    repo.merge("x", "y", "z", "unrelated", files={"x": "1", "y": "1", "z": "1", "other": "1"})
    cross = repo.commit({"p": "1"}, branch="p", parents=[root])
    repo.commit({"q": "1"})
    ours = repo.sha()
    repo.merge(cross, files={"p": "1"})
    repo.merge(ours, files={"q": "1"}, branch="p")
    repo.merge("p")
    frame = commits_of(repo).commits
    independent = repo.git("rev-list", "--topo-order", "--reverse", "main").split()
    assert frame["sha"].to_list() == independent
    assert max(frame["parents"].list.len()) == 5
    assert frame.filter(pl.col("parents").list.len() == 0).height == 2


@pytest.mark.parametrize("seconds", [0, 1, 631151999, int(NOW.timestamp()) + 200_000, 253402300799, 2**62])
def test_a_date_that_cannot_be_true_is_unknown_and_counted(repo: Repo, seconds: int) -> None:
    repo.commit({"a": "1"})
    repo.commit({"a": "2"}, date=seconds)
    metadata = commits_of(repo)
    assert metadata.commits["authored_at"].to_list() == [START, None]
    assert metadata.commits["committed_at"].to_list() == [START, None]
    assert metadata.commits["known_at"].to_list() == [START, START]
    assert reasons(metadata.gaps) == {"invalid_date": 1}


def test_where_no_date_is_known_a_commit_is_known_since_1990(repo: Repo) -> None:
    repo.commit({"a": "1"}, date=0)
    repo.commit({"a": "1"}, date=0, committed=START)
    assert commits_of(repo).commits["known_at"].to_list() == [datetime(1990, 1, 1), START]  # noqa: DTZ001


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b"author A <a@x.example> -5 +0000\ncommitter A <a@x.example> 1704110400 +0000", "invalid_date"),
        (b"author A <a@x.example> later\ncommitter A <a@x.example> 1704110400 +0000", "invalid_date"),
        (b"author A <a@x.example> 1704110400 +0000", "invalid_date"),
        (b"author  <> 1704110400 +0000\ncommitter A <a@x.example> 1704110400 +0000", "incomplete_identity"),
        (
            b"author A\xff <a@x.example> 1704110400 +0000\ncommitter A <a@x.example> 1704110400 +0000",
            "invalid_encoding",
        ),
        (b"author A> <<a> 1704110400 +0000\ncommitter A <a@x.example> 1704110400 +0000", None),
        (b"author " + b"x" * 100_000 + b" <a@x> 1704110400 +0000\ncommitter A <a@x> 1704110400 +0000", None),
    ],
    ids=["negative date", "no date", "no committer", "nobody", "not UTF-8", "separators", "huge name"],
)
def test_a_commit_that_no_honest_git_makes_is_kept(repo: Repo, header: bytes, expected: str | None) -> None:
    parent = repo.commit({"a": "1"})
    made = repo.git("rev-parse", "main^{tree}").encode()
    text = b"tree %s\nparent %s\n%s\n\nodd\n" % (made, parent.encode(), header)
    repo.git("update-ref", "refs/heads/main", repo.write_object("commit", text))
    metadata = commits_of(repo)
    assert metadata.commits.height == 2
    assert metadata.commits["known_at"].null_count() == 0
    if expected:
        assert expected in reasons(metadata.gaps)
    assert metadata.aliases["name"].str.len_chars().max() <= 1000  # type: ignore[operator]


def test_names_with_separators_stay_apart(repo: Repo) -> None:
    odd = [
        "A\tB <a@x.example>",
        "A, B; C <a@x.example>",
        "</script><script>alert(1)</script> <a@x.example>",
        "名 <n@x>",
    ]
    for number, who in enumerate(odd[:2] + odd[3:]):
        repo.commit({"a": str(number)}, author=who)
    assert commits_of(repo).commits["author_alias"].n_unique() == 3


def test_latin_names_that_say_so_are_the_same_person(repo: Repo) -> None:
    parent = repo.commit({"a": "1"}, author="Åse Øy <ase@town.example>")
    header = "author Åse Øy <ase@town.example> 1704110400 +0000\ncommitter Åse Øy <ase@town.example> 1704110400 +0000"
    made = repo.git("rev-parse", "main^{tree}")
    text = f"tree {made}\nparent {parent}\n{header}\nencoding ISO-8859-1\n\nodd\n".encode("latin-1")
    repo.git("update-ref", "refs/heads/main", repo.write_object("commit", text))
    assert commits_of(repo).commits["author_alias"].n_unique() == 1


@pytest.mark.parametrize(
    ("lines", "people", "malformed_count"),
    [
        ("CO-AUTHORED-BY: Bo Eng <bo@supplier.example>", [BO], 0),
        ("  co-authored-by :Bo Eng<bo@supplier.example>\r", [BO], 0),
        ("Co-authored-by: Bo Eng <bo@supplier.example>, Ada Dal <ada@town.example>", [BO, AUTHOR], 0),
        ("Co-authored-by: Bo Eng <bo@supplier.example>\n\nand more text", [BO], 0),
        ("Co-authored-by: bo\nCo-authored-by:\nCo-authored-by: <>", [], 3),
        ("I say: Co-authored-by: Bo Eng <bo@supplier.example>", [], 0),
    ],
)
def test_coauthors_are_found_however_they_are_written(
    repo: Repo, lines: str, people: list[str], malformed_count: int
) -> None:
    repo.commit({"a": "1"}, message=f"Subject\n\n{lines}")
    metadata = commits_of(repo)
    assert metadata.commits["coauthor_aliases"].to_list() == [[alias(who.encode()) for who in people]]
    assert reasons(metadata.gaps).get("malformed_coauthor", 0) == malformed_count


def test_a_trailer_made_to_take_forever_does_not(repo: Repo) -> None:
    repo.commit(
        {"a": "1"}, message="x\n\nCo-authored-by: " + "a " * 500_000 + "\nCo-authored-by:" + " " * 500_000 + "y"
    )
    assert reasons(commits_of(repo).gaps) == {"malformed_coauthor": 2}


def test_changes_tell_added_modified_deleted_renamed_and_typed(repo: Repo) -> None:
    text = "".join(f"line {n}\n" for n in range(30))
    repo.commit({"a": text, "b": "1", "c": "1"})
    repo.commit({"a": None, "docs/a": text + "more\n", "b": "2", "c": None, "d": executable("x")})
    repo.commit({"b": symlink("d"), "lib": submodule()})
    repo.commit({"docs/a": None, "docs/z": text, "lib": None})
    frame = changes_of(repo).frame
    assert frame.schema == CHANGE
    assert kinds(changes_of(repo)) == [
        ("A", "a", None),
        ("A", "b", None),
        ("A", "c", None),
        ("M", "b", None),
        ("D", "c", None),
        ("A", "d", None),
        ("R", "docs/a", "a"),
        ("T", "b", None),
        ("A", "lib", None),
        ("R", "docs/z", "docs/a"),
        ("D", "lib", None),
    ]
    assert frame.filter("is_submodule")["path"].to_list() == ["lib", "lib"]
    assert frame["added_lines"].null_count() == frame.height


def test_odd_paths_are_kept_apart(repo: Repo) -> None:
    odd = [b"a\nb", b"a\tb", b"-x", b":(top)a", b":100644 x", b"a => b", b'"q"', "\u00e5/\u6c34".encode(), b"1\t2\tx"]
    repo.commit(dict.fromkeys(odd, "1"))
    repo.commit(dict.fromkeys(odd, "1\n2"))
    changes = changes_of(repo, with_lines=True)
    assert sorted(changes.frame["path"].unique()) == sorted(path.decode() for path in odd)
    assert changes.frame["added_lines"].to_list() == [1] * 9 + [2] * 9
    assert not changes.gaps


def test_paths_that_are_not_utf8_are_kept_with_their_bytes_and_counted(repo: Repo) -> None:
    repo.commit({b"caf\xe9": "1"})
    changes = changes_of(repo)
    assert changes.frame["path"].to_list() == ["caf\\xe9"]
    assert reasons(changes.gaps) == {"invalid_encoding": 1}


def test_each_path_has_a_text_of_its_own(repo: Repo) -> None:
    paths = [b"x\xff.py", rb"x\xff.py", rb"x\x5cxff.py", rb"x\\xff.py", b"x\\\xff.py", rb"a\b.py", rb"unit\x2d.py"]
    repo.commit(dict.fromkeys(paths, "1"))
    changes = changes_of(repo)
    assert changes.frame["path"].n_unique() == len(paths)
    assert {r"x\xff.py", r"x\x5cxff.py", r"a\b.py", r"unit\x2d.py"} <= set(changes.frame["path"])
    assert reasons(changes.gaps) == {"invalid_encoding": 2}


def test_a_tree_that_names_a_path_twice_changes_it_once(repo: Repo) -> None:
    repo.commit({"kept": "1"})
    blobs = [repo.write_object("blob", text) for text in (b"3", b"4")]
    entries = b"".join(b"100644 twice\0" + bytes.fromhex(blob) for blob in blobs)
    repo.commit_tree(entries)
    changes = changes_of(repo, with_lines=True)
    assert changes.frame.filter(sha=repo.sha())["path"].sort().to_list() == ["kept", "twice"]
    assert reasons(changes.gaps) == {"duplicate_entries": 1}


def test_commits_without_changes_have_no_rows(repo: Repo) -> None:
    repo.commit({"a": "1"})
    repo.commit()
    last = repo.commit({"a": "2"})
    assert changes_of(repo).frame["sha"].to_list()[-1] == last
    assert changes_of(repo).frame.height == 2


def test_lines_are_counted_where_asked_and_binary_is_not_zero(repo: Repo) -> None:
    repo.commit({"a": "1\n2\n3\n", "b": b"\0\1", "empty": ""})
    repo.commit({"a": None, "z": "1\n2\n4\n", "b": b"\0\2", "c": "1\n"})
    repo.commit({"c": executable("1\n"), "lib": submodule()})
    frame = changes_of(repo, with_lines=True).frame
    assert frame.select("kind", "path", "added_lines", "deleted_lines").rows() == [
        ("A", "a", 3, 0),
        ("A", "b", None, None),
        ("A", "empty", 0, 0),
        ("M", "b", None, None),
        ("A", "c", 1, 0),
        ("R", "z", 1, 1),
        ("M", "c", 0, 0),
        ("A", "lib", 1, 0),
    ]
