"""The whole line with a GitHub and a GitLab of one's own: asked with tokens that stay in, and told in one table."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from forge_line import Line, forge_line
from forge_server import Fault
from forge_world import ANN, BO
from oshealth.cli import app
from oshealth.collect.forges.accounts import Accounts
from oshealth.collect.forges.answers import ForgeError
from oshealth.collect.forges.connection import Asker, open_forge
from oshealth.collect.forges.way import forge_at
from oshealth.pipeline.collecting.forging import by_host
from oshealth.pipeline.watched.order import Outcome
from oshealth.sources import Host
from oshealth.store import PrivateFolder
from repositories import Repo

pytestmark = pytest.mark.filterwarnings("default::ResourceWarning")


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    with forge_line(tmp_path, monkeypatch) as made:
        yield made


def forge_ends(outcomes: list[Outcome]) -> list[tuple[str, str]]:
    return [(outcome.end, outcome.detail) for outcome in outcomes if outcome.stage == "forge"]


def test_a_github_and_a_gitlab_repository_stand_in_one_table(line: Line) -> None:
    assert forge_ends(line.run()) == [("done", ""), ("done", "")]
    told = "select repository, is_archived, licence, star_count from repository order by repository"
    assert line.rows(told) == [("localhost/county/map", False, "MIT", 12), ("localhost/town/app", False, "MIT", 12)]
    assert line.rows("select count(*) from issue group by repository") == [(7,), (7,)]
    assert line.rows("select distinct sources from release") == [(["forge"],)]
    measured = "select subject, round(value, 3) from latest where metric = 'first_response' order by subject"
    (app, map_, town) = (value for _, value in line.rows(measured))
    assert app == map_ == town
    asked = [len(server.asked) for server in line.servers]
    assert forge_ends(line.run()) == [("unchanged", ""), ("unchanged", "")]
    assert all(len(server.asked) - before <= 3 for server, before in zip(line.servers, asked, strict=True))


def test_tags_that_a_pattern_knows_are_one_release_with_the_forges(line: Line) -> None:
    for server in line.servers:
        server.world.releases = (("k1.2.0", 100.0), ("v2.0.0", 200.0), ("k-nightly", 300.0))
        origin = line.path / "origin" / str(server.port) / server.world.path
        sha = next(origin.glob("refs/heads/main")).read_text().strip()
        (origin / "refs" / "tags").mkdir(exist_ok=True)
        (origin / "refs" / "tags" / "k1.2.0").write_text(f"{sha}\n")
    text = (line.path / "sources.toml").read_text()
    pattern = "[[codebase.repository]]\ntag_pattern = 'k(?P<version>[0-9.]+)'"
    (line.path / "sources.toml").write_text(text.replace("[[codebase.repository]]", pattern))
    line.run()
    released = [("1.2.0", ["tag", "forge"]), ("2.0.0", ["forge"])]
    rows = line.rows("select repository, version, sources from release order by 1, 2")
    assert rows == [(f"localhost/{path}", *release) for path in ("county/map", "town/app") for release in released]
    assert line.rows("select sample_size from latest where metric = 'days_since_release' and subject = 'app'") == [(4,)]


def test_the_most_active_forks_stand_beside_the_declared_ones_when_asked_for(line: Line) -> None:
    for server in line.servers:
        server.world.forks = (f"{server.kind}-fan/fork", "gone/fork")
        fork = Repo(line.path / "origin" / str(server.port) / f"{server.kind}-fan" / "fork")
        fork.git("fetch", "-q", str(line.path / "origin" / str(server.port) / server.world.path), "main:main")
        fork.commit({"own.txt": "own"})
    text = (line.path / "sources.toml").read_text()
    (line.path / "sources.toml").write_text(text.replace('name = "App"', 'name = "App"\ncompare_forks = 10'))
    told = [(outcome.end, outcome.detail) for outcome in line.run() if outcome.stage == "forks"]
    assert told == [("done", "1 compared, 1 not to be had")] * 2
    measured = "from latest where metric = 'fork_commits_ahead' order by subject"
    ahead = f"select subject, value, evidence->>'is_declared' {measured}"
    forks = ["localhost/github-fan/fork", "localhost/gitlab-fan/fork"]
    assert line.rows(ahead) == [(fork, 1, "false") for fork in forks]
    watched = [("localhost/county/map",), ("localhost/town/app",)]
    assert line.rows("select distinct repository from commit order by 1") == watched
    named = "select distinct fork, is_declared from fork order by 1"
    assert line.rows(named) == [(fork, False) for fork in [*forks, "localhost/gone/fork"]]
    page = (line.path / "warehouse" / "reports" / "app.html").read_text()
    assert "Forks that nobody declared" in page
    assert "Forks that could not be compared: they are gone, not public, or too large." in page
    again = line.run()
    assert {outcome.end for outcome in again if outcome.stage in {"forks", "measure", "load", "report"}} == {
        "unchanged"
    }


def test_an_erased_account_stays_erased_after_the_next_crawl_and_no_figure_changes(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.run()
    measured = "select metric, subject, value from latest where family = 'Responsiveness' order by 1, 2"
    before = line.rows(measured)
    monkeypatch.chdir(line.path)
    monkeypatch.delenv("OSHEALTH_DATA", raising=False)
    accounts = [f"--account={server.host}/{ANN.login}" for server in line.servers]
    erased = CliRunner().invoke(app, ["people", "erase", *accounts, "--yes"])
    assert erased.exit_code == 0, erased.output
    for server in line.servers:
        server.world.change(2, closed=None, updated=24 * 200 + 1.0)
        server.world.change(7, comments=((BO, 61), (ANN, 24 * 200 + 1.0)))  # Ann writes once more
        server.now += timedelta(days=1)
    line.run()
    key = PrivateFolder(line.path / "warehouse").key()
    hashes = [Accounts(key, server.host).hash(ANN.login) for server in line.servers]
    for path in (line.path / "warehouse" / "facts").rglob("*.parquet"):
        told = str(pl.read_parquet(path).rows())
        assert "Town of Example" not in told or path.stem == "organisation"
        assert not any(account in told for account in hashes), path.name
    # Issue 2 is open again, by what is known today.
    after, then = ([row for row in rows if row[0] != "open_issue_age"] for rows in (line.rows(measured), before))
    assert after == then


def test_a_repository_from_a_mirror_is_not_asked_about_without_a_token(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    for server in line.servers:
        monkeypatch.delenv(f"OSHEALTH_TOKEN_LOCALHOST_{server.port}")
    said = "Questions and answers were not read, because the code came from a copy. Whoever runs oshealth can set"
    words = {f"{said} OSHEALTH_TOKEN_LOCALHOST_{server.port}." for server in line.servers}
    assert set(forge_ends(line.run())) == {("unchanged", each) for each in words}
    assert not any(server.asked for server in line.servers)
    reasons = line.rows("select distinct reason from latest where family = 'Responsiveness'")
    assert {reason for (reason,) in reasons} <= {each.rstrip(".") for each in words}


def test_a_host_that_only_a_proxy_knows_is_asked_through_it() -> None:
    hosts = (Host(name="git.town.invalid", forge="gitlab"),)
    place = forge_at("https://git.town.invalid/town/app", hosts)
    assert place is not None
    with pytest.raises(ForgeError, match="could not be resolved"):
        open_forge(place, "git.town.invalid/town/app", Asker({}, b"key", hosts))
    proxied = Asker({"HTTPS_PROXY": "http://proxy.town.invalid:3128"}, b"key", hosts)
    assert open_forge(place, "git.town.invalid/town/app", proxied).kind == "gitlab"


def test_hosts_take_turns() -> None:
    urls = ["https://a.example/1", "https://a.example/2", "https://a.example/3", "https://b.example/1"]
    assert by_host(urls) == [urls[0], urls[3], urls[1], urls[2]]


def test_a_group_stands_for_its_repositories(line: Line) -> None:
    tables = []
    for server in line.servers:
        server.group = ("app", "map", "old-app", "app-fork")
        owner = server.world.path.partition("/")[0]
        for name in ("app", "map"):
            path = line.path / "origin" / str(server.port) / owner / name
            if not path.exists():
                Repo(path).commit({"README.md": "# Another"})
        tables.append(f'[[codebase.group]]\nurl = "https://{server.host}/{owner}"\nexclude = ["old-*"]\n')
    text = (line.path / "sources.toml").read_text()
    (line.path / "sources.toml").write_text("\n".join([text.partition("[[codebase.repository]]")[0], *tables]))
    line.run()
    watched = [f"localhost/{owner}/{name}" for owner in ("county", "town") for name in ("app", "map")]
    assert [row[0] for row in line.rows("select repository from repository order by repository")] == watched
    assert len(line.rows("select distinct repository from commit")) == 4
    for server in line.servers:
        server.always = Fault(403)
    assert [end for end, _ in forge_ends(line.run())].count("failed") >= 2
    assert len(line.rows("select repository from repository")) == 4
