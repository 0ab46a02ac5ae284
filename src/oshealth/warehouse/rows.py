"""Rows made here, not crawled: crawls from their ledgers, the catalogue, releases by version, gaps of the loading."""

from collections.abc import Sequence

import polars as pl

from oshealth.derive import release_list
from oshealth.facts import GAP
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
                "detail": ledger.detail or None,
                "is_newest": is_newest,
                "is_readable": is_readable,
                **{f"{table}_count": ledger.rows.get(table) for table in COUNTED_TABLES},
            }
        )
    return pl.DataFrame(rows, schema=CRAWL)


def gaps(contents: Contents) -> pl.DataFrame:
    """The gaps of the crawls, and one more for each repository that was not read."""
    rows: list[tuple[object, ...]] = [
        (name, "facts", "unreadable_facts", f"The facts of the last crawl cannot be read ({why}).", None)
        for name, why in contents.unreadable.items()
    ]
    told = set(contents.fact("gap").select("repository", "reason").iter_rows())
    rows += [
        (name, "crawl", ledger.status, ledger.detail or ledger.status, None)
        for name, ledger in _newest(contents).items()
        if ledger.status != "ok" and (name, ledger.status) not in told
    ]
    return pl.concat([contents.fact("gap"), pl.DataFrame(rows, schema=GAP, orient="row")])


def catalogue(metrics: Sequence[Metric]) -> pl.DataFrame:
    """One row per metric, in their order."""
    same = ("title", "family", "definition", "unit", "source", "pooling", "needs_only_git", "version")
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


def releases(mentions: pl.DataFrame, inherited: pl.DataFrame) -> pl.DataFrame:
    """The releases of each repository; `inherited` names its commits (repository, sha) that are its upstream's."""
    shas = dict(inherited.group_by("repository").agg("sha").iter_rows())
    frames = [
        release_list.merge(release_list.own(of_one, shas.get(str(name), ())))
        for (name,), of_one in mentions.group_by("repository", maintain_order=True)
    ]
    return pl.concat([release_list.RELEASE_LIST.to_frame(), *frames])


def _newest(contents: Contents) -> dict[str, Ledger]:
    return {ledger.repository: ledger for ledger in contents.ledgers}


def _bands(metric: Metric) -> str | None:
    words = [str(metric.bands)] if metric.bands else []
    words += [f"{label}: {grade}" for label, grade in metric.label_grades.items()]
    return "; ".join(words) or None
