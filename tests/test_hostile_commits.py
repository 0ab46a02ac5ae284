"""Commits that no honest git makes are read as far as they go, and cost no other."""

from itertools import product
from pathlib import Path

from oshealth.collect.commits import read_log
from oshealth.collect.overlay import overlay
from repositories import Repo

ENCODINGS = (
    *("UTF-7", "UTF-16", "UTF-16LE", "UTF-32", "ISO-2022-JP", "UCS-2", "EBCDIC-US", "IBM037", "x" * 5000),
    *("../../../etc/passwd", "UTF-8//TRANSLIT", "ASCII//TRANSLIT//IGNORE", "\x1b[2J", "C99", "JAVA", "HZ", ""),
)


NAMES = ("+AAA-", "A+AAo-B", "A+AAA-B", "J\x1b$B%F", "\\u0000")


def test_commits_that_claim_an_encoding_in_which_git_loses_its_way_are_all_read(tmp_path: Path) -> None:
    """Which of them it loses depends on what else lies in its memory: so it is asked for many beginnings."""
    repo = Repo(tmp_path / "encoded.git")
    shas = [repo.commit({"a": "1"})]
    tree = repo.git("rev-parse", "main^{tree}")
    for length, encoding, name in product((0, 7, 40), ENCODINGS, NAMES):
        who = f"{name} <a+AAA-b@x.example> 1700000000 +0000"
        told = f"m +AAA- +AAo-Co-authored-by: B <b@x.example>{'m' * length}"
        people = f"author {who}\ncommitter {who[length % 3 :]}"
        text = f"tree {tree}\nparent {shas[-1]}\n{people}\nencoding {encoding}\n\n{told}\n"
        shas.append(repo.write_object("commit", text.encode()))
    repo.git("update-ref", "refs/heads/main", shas[-1])
    with overlay(repo.path) as opened:
        for number in range(10, len(shas), 12):
            assert [sha.decode() for sha in read_log(opened.git, shas[number])[0]] == shas[: number + 1]
