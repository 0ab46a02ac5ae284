"""Rows made here, not crawled: crawls from their ledgers, the catalogue, releases by version, gaps of the loading."""

from collections.abc import Sequence

import polars as pl

from oshealth.derive import release_list
from oshealth.derive.contributions import contributions_of
from oshealth.facts import GAP, STATUS_MEANING
from oshealth.measure import Metric
from oshealth.store import Ledger
from oshealth.warehouse.contents import Contents
from oshealth.warehouse.frames import COUNTED_TABLES, CRAWL, METRIC


def crawls(contents: Contents) -> pl.DataFrame:
    """One row per crawl that is kept."""
    newest = _newest(contents)
    rows = []
    for ledger in contents.ledgers:
        is_newest = ledger is newest[ledger.repository]
        is_readable = ledger.repository not in contents.unreadable if is_newest else None
        rows.append(
            {
                **{name: getattr(ledger, name) for name in ("repository", "crawl", "crawled_at", "head")},
                **{name: getattr(ledger, name) for name in ("default_branch", "status", "schema_version", "is_stale")},
                **{name: getattr(ledger, name) for name in ("refs_at", "manifests_at")},
                "detail": _detail(ledger),
                "is_newest": is_newest,
                "is_readable": is_readable,
                **{f"{table}_count": ledger.rows.get(table) for table in COUNTED_TABLES},
            }
        )
    return pl.DataFrame(rows, schema=CRAWL)


def gaps(contents: Contents) -> pl.DataFrame:
    """The gaps of the crawls, and one more for each repository that was left out."""
    rows: list[tuple[object, ...]] = [
        (name, "facts", "unreadable_facts", why, None) for name, why in contents.unreadable.items()
    ]
    told = set(contents.fact("gap").select("repository", "reason").iter_rows())
    rows += [
        (name, "crawl", ledger.status, _detail(ledger), None)
        for name, ledger in _newest(contents).items()
        if ledger.status != "ok" and (name, ledger.status) not in told
    ]
    return pl.concat([contents.fact("gap"), pl.DataFrame(rows, schema=GAP, orient="row")])


def catalogue(metrics: Sequence[Metric]) -> pl.DataFrame:
    """One row per metric, in their order."""
    same = ("title", "family", "definition", "unit", "source", "pooling", "has_history", "version")
    rows = [
        {
            **{name: getattr(metric, name) for name in same},
            "metric": metric.id,
            "bands": _bands(metric),
            "good_limit": metric.bands.good if metric.bands else None,
            "watch_limit": metric.bands.watch if metric.bands else None,
            "is_higher_better": metric.bands.higher_is_better if metric.bands else None,
            "advice": metric.advice or None,
            "position": position,
        }
        for position, metric in enumerate(metrics)
    ]
    return pl.DataFrame(rows, schema=METRIC)


def contributions(contents: Contents, commits: pl.DataFrame, repositories: pl.DataFrame) -> pl.DataFrame:
    """One row per commit that counts and person. `commits`: repository, sha, is_merge, is_inherited."""
    counting = commits.filter(~pl.col("is_merge") & ~pl.col("is_inherited"))
    codebases = repositories.select("repository", pl.when(pl.col("role") != "fork").then("codebase").alias("codebase"))
    made = contributions_of(
        contents.fact("commit").join(counting, on=["repository", "sha"]),
        contents.of_people("identity"),
        contents.of_people("affiliation"),
        contents.of_people("organisation"),
    )
    return made.join(codebases, on="repository")


def releases(mentions: pl.DataFrame, commits: pl.DataFrame, repositories: pl.DataFrame) -> pl.DataFrame:
    """One row per repository and version: a fork's are its own, a former home's are those of the present home."""
    is_former = pl.col("repository").is_in(repositories.filter(role="former")["repository"].to_list())
    own = mentions.filter(~is_former).join(commits.filter("is_inherited"), on=["repository", "sha"], how="anti")
    lent = _lent(mentions.filter(is_former), commits, repositories)
    return release_list.merge(pl.concat([own, lent.join(own, on=["repository", "source", "version"], how="anti")]))


def _lent(mentions: pl.DataFrame, commits: pl.DataFrame, repositories: pl.DataFrame) -> pl.DataFrame:
    """What former homes mention: all where the history stayed behind, else what stands at commits that moved along."""
    homes = repositories.select("repository", "upstream")
    stayed = commits.group_by("repository").agg((~pl.col("is_inherited").any()).alias("has_stayed"))
    moved = commits.select(pl.col("repository").alias("upstream"), "sha", pl.lit(value=True).alias("is_moved"))
    return (
        mentions.join(homes, on="repository")
        .join(stayed, on="repository")
        .join(moved, on=["upstream", "sha"], how="left")
        .filter(pl.col("has_stayed") | pl.col("is_moved"))
        .with_columns(pl.col("upstream").alias("repository"))
        .select(mentions.columns)
    )


def _newest(contents: Contents) -> dict[str, Ledger]:
    return {ledger.repository: ledger for ledger in contents.ledgers}


def _detail(ledger: Ledger) -> str:
    meaning = STATUS_MEANING[ledger.status]
    return ledger.detail or f"{meaning[0].upper()}{meaning[1:]}."


def _bands(metric: Metric) -> str | None:
    words = [str(metric.bands)] if metric.bands else []
    words += [f"{label}: {grade}" for label, grade in metric.label_grades.items()]
    return "; ".join(words) or None
