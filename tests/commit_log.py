"""Commits of a repository as rows, without a crawl."""

from oshealth.collect.commits import LOG, Metadata, Reading, columns_of, parse_commits
from oshealth.collect.git_command import Git


def read_commits(git: Git, head: str, reading: Reading) -> Metadata:
    """Every commit that `head` reaches."""
    return parse_commits(columns_of(git.run(*LOG, head, "--")), reading)
