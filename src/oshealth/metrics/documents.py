from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from oshealth.measure import Measured, metric, unknown
from oshealth.metrics._reasons import NO_FILES

TITLES = {
    "readme": "README",
    "licence": "licence",
    "contributing": "contributing guide",
    "code_of_conduct": "code of conduct",
    "security": "security policy",
    "governance": "governance",
    "codeowners": "code owners",
    "changelog": "changelog",
    "publiccode": "publiccode.yml",
    "citation": "citation",
}


@metric(
    family="Governance",
    title="Documents present",
    unit="%",
    source="Standard for Public Code; CHAOSS",
    advice="Write the missing documents, those first that newcomers look for: README, contributing guide, "
    "security policy. A page each is enough to begin with.",
)
def documents(documents: pl.DataFrame, tree_sizes: Mapping[str, int], as_of: date) -> Measured:
    """Share of ten documents present in the repository.

    README, licence, contributing guide, code of conduct, security policy, governance, code owners, changelog,
    publiccode.yml, citation; with their path and for how many days their text has not changed. A codebase's
    repositories are taken together. What an organisation keeps for all its repositories elsewhere is not seen.
    """
    if not tree_sizes:
        return unknown(NO_FILES, sample_size=0)
    nearest = documents.with_columns(pl.col("path").str.count_matches("/").alias("_depth"))
    found = {
        (row["repository"], row["kind"]): row
        for row in nearest.sort("_depth", "path", descending=True).iter_rows(named=True)
    }
    wanted = [(repository, kind) for repository in sorted(tree_sizes) for kind in TITLES]
    present = [_present(found[key], as_of) for key in wanted if key in found]
    missing = [{"repository": key[0], "document": TITLES[key[1]]} for key in wanted if key not in found]
    return Measured(
        value=100 * len(present) / len(wanted),
        sample_size=len(wanted),
        evidence={"present": present, "missing": missing},
    )


def _present(row: Mapping[str, Any], as_of: date) -> dict[str, Any]:
    unchanged_days = (as_of - row["from_at"].date()).days
    title = TITLES[row["kind"]]
    return {"repository": row["repository"], "document": title, "path": row["path"], "unchanged_days": unchanged_days}
