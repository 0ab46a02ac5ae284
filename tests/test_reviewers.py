"""Who reviewed becomes a person where a noreply address names the account, and counts in what people know."""

from datetime import date, datetime
from pathlib import Path

import polars as pl

from oshealth.collect.forges.accounts import Accounts
from oshealth.collect.forges.reading import ForgeFacts
from oshealth.derive import Snapshot
from oshealth.facts import TABLES
from oshealth.metrics.recent_bus_factor import recent_bus_factor
from oshealth.pipeline.collecting.crawling import crawl_one
from oshealth.pipeline.collecting.forging import land
from oshealth.pipeline.computing.gathering import facts_of, subjects_of
from oshealth.pipeline.computing.identifying import identify_all
from oshealth.pipeline.watched.order import Order
from oshealth.pipeline.watched.project import Project, targets
from repositories import Repo

NIGHT = datetime(2024, 6, 1, 3)  # noqa: DTZ001 (moments are UTC without a zone)
REPOSITORY = "github.com/town/app"
SOURCES = f"""
[[codebase]]
id = "app"
name = "App"
stewards = ["town"]

[[codebase.repository]]
url = "https://{REPOSITORY}"

[[organisation]]
id = "town"
name = "Town"
type = "municipality"
"""
BEA = "Bea Third <12+bea-t@users.noreply.github.com>"


def crawled(folder: Path) -> tuple[Project, str]:
    """Ann's change came by a merge, which Bea reviewed; Bea wrote once, from the address that GitHub gave her."""
    (folder / "sources.toml").write_text(SOURCES)
    repo = Repo(folder / "origin" / "town" / "app")
    repo.commit({"b.py": "b"}, author=BEA, date=datetime(2024, 5, 1))  # noqa: DTZ001
    side = repo.commit({"a.py": "a"}, branch="side", parents=[repo.sha()], date=datetime(2024, 5, 2))  # noqa: DTZ001
    merge = repo.merge(side, files={"a.py": "a"})
    mirrors = (f"https://github.com/={folder}/origin/",)
    order = Order(str(folder), str(folder / "data"), "night", NIGHT, NIGHT.date(), mirrors=mirrors)
    project = order.project()
    (target,) = targets(project.sources.codebase)
    assert crawl_one(order, target).end == "done"
    land(order, project, REPOSITORY, reviewed(project, merge))
    identify_all(order)
    return project, merge


def reviewed(project: Project, merge: str) -> ForgeFacts:
    """Bea and a stranger review Ann's request."""
    ann, bea, stranger = (Accounts(project.private.key(), "github.com").hash(who) for who in ("ann", "Bea-T", "who"))
    at = datetime(2024, 5, 2, 13)  # noqa: DTZ001
    request = {"number": 1, "author_account": ann, "state": "merged", "merge_sha": merge, "opened_at": at}
    review = {"number": 1, "reviewer_kind": "person", "state": "approved", "submitted_at": at}
    rows = {
        "change_request": [request],
        "review": [review | {"review": who, "reviewer_account": who} for who in (bea, stranger)],
    }
    empty = {table: dict.fromkeys(TABLES[table].names()) | {"repository": REPOSITORY} for table in rows}
    frames = {table: pl.DataFrame([empty[table] | row for row in rows[table]], TABLES[table]) for table in rows}
    return ForgeFacts(frames, ())


def test_a_reviewer_knows_the_files_of_what_they_reviewed(tmp_path: Path) -> None:
    project, _ = crawled(tmp_path)
    (subject, _) = subjects_of(project.sources.codebase)
    snapshot = Snapshot(facts_of(project, subject), date(2024, 5, 31))
    rows = snapshot.knowledge.filter(file="a.py")
    assert rows.height == 2
    identity = snapshot.facts.table("identity")
    bea = identity.filter(alias=Accounts(project.private.key(), "github.com").hash("bea-t"))["person"][0]
    assert bea in rows["person"].to_list()
    assert identity.filter(person=bea).height == 2
    evidence = recent_bus_factor.metric.compute(snapshot.knowledge, snapshot.reviewing).evidence  # type: ignore[attr-defined]
    assert (evidence["reviews_counted"], evidence["reviews_left_out"]) == (1, 1)


def test_an_account_is_no_person_of_its_own_in_any_count(tmp_path: Path) -> None:
    project, _ = crawled(tmp_path)
    assert project.facts.read_people()["identity"]["person"].n_unique() == 2
