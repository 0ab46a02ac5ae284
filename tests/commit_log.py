"""Commits of a repository as rows, without a crawl."""

from oshealth.collect.commits import Metadata, Reading, parse_commits, read_log
from oshealth.collect.git_command import Git


def read_commits(git: Git, head: str, reading: Reading) -> Metadata:
    """Every commit that `head` reaches."""
    return parse_commits(read_log(git, head), reading)
