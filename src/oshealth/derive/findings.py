"""What a steward should look at in licences and dependencies, each with its evidence and what to do."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import polars as pl

from oshealth.derive.openness import COUNTED
from oshealth.derive.own_licence import OwnLicence
from oshealth.derive.snapshot import Snapshot
from oshealth.licences.catalogue import called, closed_product, closed_service
from oshealth.licences.conflicts import Conflict, conflict
from oshealth.licences.judging import UNLICENSED
from oshealth.licences.openness import name_of
from oshealth.measure import NotKnownError

# One row per repository, kind and subject.
FINDING = pl.Schema(
    {
        "repository": pl.String,
        "kind": pl.String,
        "subject": pl.String,
        "grade": pl.String,  # watch, poor
        "detail": pl.String,
        "advice": pl.String,
        "path": pl.String,
        "line": pl.Int32,
        "evidence": pl.String,  # JSON
    }
)
Row = dict[str, Any]

COMBINED = ("npm", "pypi", "gem", "composer", "maven", "golang", "cargo", "nuget", "generic")
"""Ecosystems whose packages become part of the work; images, actions and system packages stand beside it."""


def findings_of(snapshot: Snapshot) -> pl.DataFrame:
    """All findings of a subject's repositories, those that weigh most first."""
    of_needs = (_closed, _conflicts, _unlicensed, _unreadable, _services)
    rows: list[Row] = []
    with suppress(NotKnownError):  # the measures say why
        rows += [row for find in of_needs for row in find(snapshot)]
    rows += [*_declared_closed(snapshot), *_own(snapshot)]
    frame = pl.DataFrame(rows, schema=FINDING).unique(
        ["repository", "kind", "subject"], keep="first", maintain_order=True
    )
    return frame.sort(pl.col("grade") != "poor", maintain_order=True)


def _closed(snapshot: Snapshot) -> Iterator[Row]:
    for need in snapshot.needs.filter(pl.col("openness") == "non-open").iter_rows(named=True):
        what = (need["ecosystem"] or "", need["name"] or "", need["resolved_version"], need["purl"] or "")
        product = closed_product(*what)
        why = need["openness_reason"] or "its licence is not an open one"
        licence = "" if need["licence"].startswith("LicenseRef-") else f" ({need['licence']})"
        use = f"Use {product.instead} instead" if product and product.instead else "Replace it with an open one"
        is_counted = need["scope"] in COUNTED
        yield {
            **_of(need, "non_open_dependency"),
            "grade": "poor" if is_counted else "watch",
            "detail": f"{called(*what) or need['key']}{licence} is not open source: {why}."
            + ("" if is_counted else " It is needed for development alone."),
            "advice": f"{use}, or make it optional and name it in publiccode.yml under dependsOn/proprietary.",
            "evidence": _json(need),
        }


def _declared_closed(snapshot: Snapshot) -> Iterator[Row]:
    for repository, code in snapshot.public_codes.items():
        for need in code.depends_on:
            if need.openness == "proprietary":
                optional = ", though it can do without" if need.is_optional else ""
                yield {
                    "repository": repository,
                    "kind": "declared_proprietary",
                    "subject": need.name,
                    "grade": "watch" if need.is_optional else "poor",
                    "detail": f"publiccode.yml says that it depends on {need.name}, which is proprietary{optional}.",
                    "advice": "Make it exchangeable for an open counterpart, and say so in publiccode.yml.",
                    "path": "publiccode.yml",
                    "evidence": "{}",
                }


def _own(snapshot: Snapshot) -> Iterator[Row]:
    for repository, own in snapshot.own_licences.items():
        base = {"repository": repository, "subject": repository, "evidence": _said(own)}
        if (state := _own_state(_short(repository), own)) is not None:
            yield {**base, **state}
        for row in _text_unread(own):
            yield {**base, **row}
        if own.disagreeing:
            one, other = own.disagreeing
            yield {
                **base,
                "kind": "licence_disagreement",
                "grade": "watch",
                "detail": f"{one.path} says {one.expression}, but {other.path} says {other.expression}.",
                "advice": "Make both say the same; the text of the licence is what holds in court.",
                "path": one.path,
            }


def _text_unread(own: OwnLicence) -> Iterator[Row]:
    """A licence is declared, and no text bears it out: what stands there may restrict it."""
    if own.expression and own.unread and not own.is_text_read:
        yield {
            "kind": "licence_text_not_recognised",
            "grade": "watch",
            "detail": f"{own.expression} is declared, but the text of {own.unread[0]} is not recognised: it may say "
            "something else.",
            "advice": "Put the whole, unchanged text of the licence there.",
            "path": own.unread[0],
        }


def _own_state(name: str, own: OwnLicence) -> Row | None:
    """What is wrong with a repository's own licence; nothing where it is known to be open."""
    if own.is_none:
        return {
            "kind": "no_licence",
            "grade": "poor",
            "detail": f"{name} has no licence: neither publiccode.yml, nor a manifest, nor a licence file names one. "
            "By law nobody else may use or change it.",
            "advice": "Choose a licence that the OSI approves, such as the EUPL-1.2, and add its text as LICENSE.",
        }
    if own.openness == "non-open":
        return {
            "kind": "own_licence_not_open",
            "grade": "poor",
            "detail": f"The licence of {name}, {', '.join(own.names)}, is not an open one.",
            "advice": "Choose a licence that the OSI approves, such as the EUPL-1.2.",
        }
    if own.openness == "unknown":
        return {
            "kind": "own_licence_not_known",
            "grade": "watch",
            "detail": f"The licence of {name} is not known to be open: what was read is {own.title}.",
            "advice": "Put the whole, unchanged text of the licence into LICENSE, and its SPDX id into publiccode.yml, "
            "under legal/license.",
            "path": next(iter([*(one.path for one in own.said), *own.unread]), None),
        }
    return None


def _conflicts(snapshot: Snapshot) -> Iterator[Row]:
    for need, clash in conflicts_of(snapshot.needs, snapshot.own_licences):
        through = "" if need["is_direct"] else " It comes with another package."
        yield {
            **_of(need, "licence_conflict"),
            "grade": "poor",
            "detail": f"{_versioned(need)} is under {_in_words(need['licence'], clash)}; by OSADL's table that cannot "
            f"go into a work under {clash.outbound}.{through}",
            "advice": "Ask a lawyer, replace it, or license the work so that both fit.",
            "evidence": _json(need),
        }


def conflicts_of(needs: pl.DataFrame, own: dict[str, OwnLicence]) -> list[tuple[Row, Conflict]]:
    """Packages that run and whose licence cannot be combined with that of the repository, each with the rule."""
    combined = needs.filter(
        pl.col("scope") == "runtime", pl.col("ecosystem").is_in(COMBINED), pl.col("licence").is_not_null()
    )
    found = []
    for need in combined.iter_rows(named=True):
        licence = own[need["repository"]].expression if need["repository"] in own else None
        clash = conflict(licence, need["licence"], is_copied=need["is_copied"])
        if clash is not None:
            found.append((need, clash))
    return found


def _versioned(need: Row) -> str:
    return " ".join(filter(None, (need["name"], need["resolved_version"])))


def _in_words(licence: str, clash: Conflict) -> str:
    """The licence with its name; of several, which of them is meant."""
    if licence != clash.inbound:
        return f"{licence}, of which {clash.inbound} is meant here"
    name = name_of(licence)
    return f"the {name} ({licence})" if name else licence


def _unlicensed(snapshot: Snapshot) -> Iterator[Row]:
    """One for all packages of one maker, whose namespace they share."""
    needs = snapshot.needs.filter(pl.col("reason") == UNLICENSED, pl.col("scope").is_in(COUNTED))
    maker = pl.col("purl").str.extract(r"^(pkg:[a-z]+/[^/@]+)/[^/]+$").fill_null(pl.col("key"))
    for (_, subject), rows in needs.group_by("repository", maker.alias("maker"), maintain_order=True):
        names = rows["name"].unique(maintain_order=True).to_list()
        what = f"{names[0]} is" if len(names) == 1 else f"{len(names)} packages of one maker ({_some(names)}) are"
        yield {
            **_of(rows.row(0, named=True), "unlicensed_dependency"),
            "subject": str(subject),
            "grade": "watch",
            "detail": f"{what} published without a licence: by law nobody else may copy or change them.",
            "advice": "Ask the makers to publish a licence with it. If it lies elsewhere, ask whoever runs oshealth to "
            "write it into licences.toml.",
            "evidence": json.dumps({"packages": rows["key"].to_list()}),
        }


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")


def _unreadable(snapshot: Snapshot) -> Iterator[Row]:
    rows = snapshot.facts.table("dependency").filter(pl.col("state") != "ok")
    for row in rows.iter_rows(named=True):
        yield {
            "repository": row["repository"],
            "kind": "unreadable_manifest",
            "subject": row["path"],
            "grade": "watch",
            "detail": f"{row['path']} cannot be read ({row['reason']}): what it names is not known.",
            "advice": "Mend the file, so that everybody's tools can read it.",
            "path": row["path"],
            "evidence": "{}",
        }


def _services(snapshot: Snapshot) -> Iterator[Row]:
    """Shown apart from licences: an open client of a closed service is open itself."""
    direct = snapshot.needs.filter(pl.col("is_direct"), pl.col("scope").is_in(COUNTED))
    for need in direct.iter_rows(named=True):
        service = closed_service(need["name"] or "")
        if service is not None:
            yield {
                **_of(need, "closed_service"),
                "subject": service.title,
                "grade": "watch",
                "detail": f"{need['name']} is a client of {service.title}: {service.why}.",
                "advice": "See that everything works without it, and say in publiccode.yml what it is needed for.",
                "evidence": _json(need),
            }


def _of(need: Row, kind: str) -> Row:
    return {
        "repository": need["repository"],
        "kind": kind,
        "subject": need["key"],
        "path": need["path"],
        "line": need["line"],
    }


def _short(repository: str) -> str:
    return repository.rpartition("/")[2]


def _json(need: Row) -> str:
    kept = ("purl", "scope", "is_direct", "licence", "licence_source", "openness")
    return json.dumps({name: need[name] for name in kept if need[name] is not None}, sort_keys=True)


def _said(own: OwnLicence) -> str:
    return json.dumps({"said": {one.path: one.expression or one.raw for one in own.said}}, sort_keys=True)
