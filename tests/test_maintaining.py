"""Each run looks at some more recent commits, and keeps what it found for good."""

from datetime import date, datetime, timedelta
from pathlib import Path

from oshealth.pipeline.collecting.crawling import crawl_one
from oshealth.pipeline.collecting.maintaining import maintain
from oshealth.pipeline.watched.order import Order
from oshealth.pipeline.watched.project import Target
from repositories import Repo

URL = "https://github.com/town/app"
FORK = "https://github.com/county/app"
NOW = datetime(2024, 6, 1, 3)  # noqa: DTZ001 (moments are UTC without a zone)
SOURCES = f"""
[[organisation]]
id = "town"
name = "Town"
type = "municipality"

[[codebase]]
id = "app"
name = "App"
stewards = ["town"]
[[codebase.repository]]
url = "{URL}"
[[codebase.repository]]
url = "{FORK}"
fork_of = "{URL}"
"""


def test_commits_are_looked_at_once_and_their_values_outlive_the_next_crawl(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text(SOURCES)
    upstream = Repo(tmp_path / "forge" / "town" / "app.git")
    first = upstream.commit({"app.py": "def add(a, b):\n    return a + b\n"})
    mirrors = (f"https://github.com/={tmp_path / 'forge'}/",)
    order = Order(str(tmp_path), str(tmp_path / "data"), "run1", NOW, date(2024, 6, 1), mirrors=mirrors)
    project = order.project()
    target = Target(URL, project.sources.codebase[0].repository[0])

    assert crawl_one(order, target).end == "done"
    assert maintain(project, URL, order.as_of, NOW) == 1
    assert maintain(project, URL, order.as_of, NOW) == 0

    second = upstream.commit({"README.md": "hello"})
    crawl_one(Order(**{**vars(order), "started_at": NOW + timedelta(days=1)}), target)
    assert maintain(project, URL, order.as_of, NOW + timedelta(days=1)) == 1
    rows = project.facts.read("github.com/town/app", "maintainability").select("sha", "value", "reason").rows()
    assert rows == [(first, 1.0, None), (second, None, "no_code")]


def test_a_forks_budget_is_spent_on_its_own_commits(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text(SOURCES)
    repositories = [Repo(tmp_path / "forge" / owner / "app.git") for owner in ("town", "county")]
    for repository in repositories:
        repository.commit({"app.py": "def add(a, b):\n    return a + b\n"})
    own = repositories[1].commit({"fork.py": "def double(a):\n    return a + a\n"})
    mirrors = (f"https://github.com/={tmp_path / 'forge'}/",)
    order = Order(str(tmp_path), str(tmp_path / "data"), "run1", NOW, date(2024, 6, 1), mirrors=mirrors)
    project = order.project()
    for known in project.sources.codebase[0].repository:
        crawl_one(order, Target(known.url, known))
    # Two commits of the fork, of which one is its upstream's.
    assert maintain(project, FORK, order.as_of, NOW) == 1
    assert project.facts.read("github.com/county/app", "maintainability")["sha"].to_list() == [own]
