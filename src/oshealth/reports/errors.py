"""What can go wrong with pages, for people."""


class PageError(Exception):
    """Pages of some codebases could not be written; those of the others are."""
