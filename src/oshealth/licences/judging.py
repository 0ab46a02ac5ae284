"""What is known of each package's licence, by all who say something, and which of them is believed."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl
from polars.datatypes import DataType

from oshealth.facts import MOMENT
from oshealth.licences.catalogue import closed_product, known_licence
from oshealth.licences.decisions import Decisions
from oshealth.licences.expressions import read_classifiers, read_licence
from oshealth.licences.openness import judge
from oshealth.licences.texts import recognise

# One row per package and source, and of copies one per repository; the first row of a package with a licence is
# believed.
_COLUMNS: dict[str, DataType | type[DataType]] = {
    "purl": pl.String,
    "repository": pl.String,  # where the copy lies whose licence file was read; null: true wherever it is needed
    "source": pl.String,  # declared, catalogue, lock, deps.dev, npm registry, Python index, apt, text
    "rank": pl.Int8,  # how much it is believed: 0 first
    "licence_raw": pl.String,
    "licence": pl.String,  # as an SPDX expression; null: not known
    "openness": pl.String,
    "openness_reason": pl.String,  # where the licence lists do not say it
    "score": pl.Float64,  # matched share of a text
    "released_at": MOMENT,
    "fetched_at": MOMENT,
    "reason": pl.String,  # why there is no licence
}
JUDGED = pl.Schema(_COLUMNS)

UNLICENSED = "published without a licence: neither the registry nor a file in the package names one"
REASONS = {
    "unreachable": "the registry cannot be reached",
    "timed_out": "the registry did not answer in time",
    "broken_answer": "the registry's answer broke off",
    "not_json": "the registry answered with something that cannot be read",
    "not_as_expected": "the registry answered with something that cannot be read",
    "rate_limited": "the registry asked for patience",
    "too_large": "the registry's answer is too large",
    "redirected_elsewhere": "the registry points to another host",
    "no_registry": "no registry is configured that could be asked",
    "no_such_name": "no registry can have a package of this name",
    "no_such_version": "the registry does not have this version",
    "unlicensed": UNLICENSED,
    "no_licence": "the registry knows the package, but no licence of it",
    "not_known_there": "deps.dev does not know it",
    "not_in_lists": "the lists of packages do not have it",
    "not_asked_in_time": "the time for asking was over",
    "http_404": "the registry does not know it",
}
"""The short keys of `facts.PACKAGE` in words."""

NOT_ASKED = "nobody was asked about it"
_RANKS = {"declared": 0, "catalogue": 1, "lock": 2, "text": 4, "apt": 5}
_REGISTRY = 3
Row = dict[str, Any]


def judged(
    dependencies: pl.DataFrame, packages: pl.DataFrame, texts: Mapping[tuple[str, str], str], decisions: Decisions
) -> pl.DataFrame:
    """The rows of `JUDGED` for all packages that the dependencies name.

    Args:
        dependencies: rows of `facts.DEPENDENCY`.
        packages: rows of `facts.PACKAGE`.
        texts: licence files of vendored copies, by repository and path.
        decisions: what a human has decided.
    """
    needed = dependencies.filter(pl.col("state") == "ok", pl.col("purl").is_not_null())
    asked = packages.join(needed.select("purl").unique(), on="purl", how="semi")
    rows = [*_said_by_files(needed), *_said_by_catalogue(needed), *_said_by_texts(needed, texts)]
    rows += [*_said_by_humans(needed, decisions), *_said_by_registries(asked)]
    frame = pl.DataFrame(rows, schema=JUDGED)
    return frame.sort("purl", pl.col("licence").is_null(), "rank", pl.col("fetched_at"), nulls_last=True).unique(
        ["purl", "repository", "source"], keep="first", maintain_order=True
    )


def believed(needed: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """One row per package needed: the most believed one with a licence, else that whose reason says most.

    Two copies in two repositories may bear one name and different licences. `needed`: repository, purl.
    """
    of_copy = pl.col("repository").alias("_copied_to")
    said = needed.join(rows.select(of_copy, pl.exclude("repository")), on="purl", maintain_order="left_right")
    here = pl.col("_copied_to").is_null() | (pl.col("_copied_to") == pl.col("repository"))
    return said.filter(here).unique(["repository", "purl"], keep="first", maintain_order=True).drop("_copied_to")


def _said_by_files(needed: pl.DataFrame) -> Iterator[Row]:
    said = needed.filter(pl.col("declared_licence").is_not_null())
    for purl, raw in said.select("purl", "declared_licence").unique(maintain_order=True).iter_rows():
        yield _row(purl, "lock", [raw])


def _said_by_catalogue(needed: pl.DataFrame) -> Iterator[Row]:
    columns = ("purl", "ecosystem", "name", "resolved_version")
    for purl, ecosystem, name, version in needed.select(columns).unique(maintain_order=True).iter_rows():
        known = known_licence(ecosystem or "", name or "")
        if known is not None:
            yield _row(purl, "catalogue", [known])
        product = closed_product(ecosystem or "", name or "", version, purl)
        if product is not None:
            row = _row(purl, "catalogue", [product.licence])
            yield {**row, "licence_raw": product.title, "openness_reason": product.why}


def _said_by_texts(needed: pl.DataFrame, texts: Mapping[tuple[str, str], str]) -> Iterator[Row]:
    """Licence files of vendored copies: recognised, or unknown."""
    copies = needed.filter(pl.col("source") == "vendored", pl.col("declared_licence").is_null())
    for repository, purl, path in copies.select("repository", "purl", "path").unique(maintain_order=True).iter_rows():
        match = recognise(texts.get((repository, path), ""))
        row = _row(purl, "text", [match.expression] if match else []) | {"repository": repository, "licence_raw": path}
        yield row | ({"score": match.score} if match else {"reason": "its licence file is not recognised"})


def _said_by_humans(needed: pl.DataFrame, decisions: Decisions) -> Iterator[Row]:
    for purl in needed["purl"].unique(maintain_order=True) if decisions else ():
        decision = decisions.of(purl)
        if decision is not None:
            row = _row(purl, "declared", [decision.licence])
            yield {**row, "openness_reason": decision.why}


def _said_by_registries(asked: pl.DataFrame) -> Iterator[Row]:
    for row in asked.iter_rows(named=True):
        said = _row(row["purl"], row["source"], row["licences_raw"] or [])
        reason = said["reason"]
        if row["reason"] is not None and said["licence"] is None:
            reason = REASONS.get(row["reason"], "the registry answered with an error")
        yield {**said, "released_at": row["released_at"], "fetched_at": row["fetched_at"], "reason": reason}


def _row(purl: str, source: str, raws: list[str]) -> Row:
    """The first of several strings that names a licence; else the first with the reason why not."""
    read = [(raw, *_read(raw)) for raw in raws]
    raw, licence, reason = next((one for one in read if one[1]), read[0] if read else (None, None, NOT_ASKED))
    verdict = judge(licence)
    return {
        "purl": purl,
        "source": source,
        "rank": _RANKS.get(source, _REGISTRY),
        "licence_raw": raw[:500] if raw else None,
        "licence": licence,
        "openness": verdict.openness,
        "openness_reason": verdict.reason if licence else None,
        "reason": reason,
    }


def _read(raw: str) -> tuple[str | None, str | None]:
    """A name, several classifiers, or a whole text."""
    if raw.startswith("License ::"):
        reading = read_classifiers(raw.split("; "))
    elif len(raw) > 200 and (match := recognise(raw)) is not None:
        return match.expression, None
    else:
        reading = read_licence(raw)
    return reading.expression, reading.reason
