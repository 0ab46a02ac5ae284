"""What a snapshot holds: who did what, as far as it was known at the end of the day."""

import polars as pl

from facts_builder import History, moment
from oshealth.derive.source_files import is_source


def test_a_commit_is_a_contribution_of_its_author_and_of_each_coauthor() -> None:
    history = History()
    history.commit("ann", "2024-01-03", adds=["a.py"], coauthors=["bob", "ann", "robot"])
    history.is_bot("robot")
    snapshot = history.at("2024-01-31")
    assert snapshot.contributions.select("person", "is_author").rows() == [("ann", True), ("bob", False)]
    assert snapshot.bot_contributions["person"].to_list() == ["robot"]


def test_two_aliases_of_one_person_on_one_commit_count_once() -> None:
    history = History()
    history.commit("ann", "2024-01-03", coauthors=["ann@home"])
    history.identity("ann@home", "ann")
    assert history.at("2024-01-31").contributions.select("person", "is_author").rows() == [("ann", True)]


def test_merges_and_inherited_commits_are_no_contributions() -> None:
    history = History()
    history.commit("upstream", "2024-01-01", adds=["a.py"], is_inherited=True)
    history.merge("ann", "2024-01-02")
    history.commit("ann", "2024-01-03", changes=["a.py"])
    snapshot = history.at("2024-01-31")
    assert len(snapshot.all_commits) == 3
    assert snapshot.commits["author_alias"].to_list() == ["ann"]
    assert snapshot.contributions["person"].to_list() == ["ann"]
    assert snapshot.authorship["person"].to_list() == ["ann", "upstream"]


def test_a_commit_that_became_known_the_next_day_is_not_seen() -> None:
    history = History()
    history.commit("ann", "2024-01-03 23:59:59", adds=["a.py"])
    history.commit("bob", "2024-01-03", committed="2024-01-04 00:00:00", changes=["a.py"])
    snapshot = history.at("2024-01-03")
    assert snapshot.contributions["person"].to_list() == ["ann"]
    assert snapshot.authorship["person"].to_list() == ["ann"]
    assert len(history.at("2024-01-04").contributions) == 2


def test_an_invalid_date_leaves_the_window_and_stays_a_contribution() -> None:
    history = History()
    history.commit("ann", "2024-01-03", has_valid_date=False)
    snapshot = history.at("2024-01-31")
    assert len(snapshot.contributions) == 1
    assert snapshot.window_contributions.is_empty()


def test_the_window_is_365_days_up_to_the_end_of_the_day() -> None:
    window = History().at("2024-12-31").window
    assert (window.start, window.end) == (moment("2024-01-02 00:00"), moment("2025-01-01 00:00"))


def test_an_organisation_is_the_one_of_the_time() -> None:
    history = History()
    history.organisation("maker", "supplier")
    history.organisation("town", "municipality", "SE")
    history.affiliate("ann", "maker", until="2024-02-01 00:00")
    history.affiliate("ann", "town", since="2024-02-01 00:00")
    history.commit("ann", "2024-01-31 23:59:59")
    history.commit("ann", "2024-02-01 00:00:00")
    history.commit("bob", "2024-02-02")
    rows = history.at("2024-12-31").contributions.select("organisation", "organisation_type", "country").rows()
    assert rows == [("maker", "supplier", "DK"), ("town", "municipality", "SE"), (None, None, None)]


def test_a_commit_in_two_repositories_of_a_codebase_counts_once() -> None:
    history = History("example.org/town/app", "example.org/town/image")
    sha = history.commit("ann", "2024-01-03", adds=["a.py"])
    history.commit("ann", "2024-01-03", adds=["a.py"], sha=sha, repository="example.org/town/image")
    snapshot = history.at("2024-01-31")
    assert len(snapshot.contributions) == 1
    assert snapshot.authorship.select("repository", "file").rows() == [
        ("example.org/town/app", "a.py"),
        ("example.org/town/image", "a.py"),
    ]


def test_the_tree_is_that_of_the_day() -> None:
    history = History()
    history.commit("ann", "2024-01-03", adds=["a.py", "b.py", "logo.png", "yarn.lock"])
    history.commit("ann", "2024-01-04", deletes=["b.py"])
    history.commit("ann", "2024-01-05", renames={"a.py": "c.py"})
    assert history.at("2024-01-03").tree.filter("is_source")["path"].to_list() == ["a.py", "b.py"]
    assert history.at("2024-01-04").tree.filter("is_source")["path"].to_list() == ["a.py"]
    assert history.at("2024-01-05").tree.filter("is_source")["path"].to_list() == ["c.py"]
    assert history.at("2024-01-05").tree["path"].sort().to_list() == ["c.py", "logo.png", "yarn.lock"]


def test_vendored_generated_binary_and_lock_files_are_nobodys_work() -> None:
    work = [
        "app/models/user.rb",
        "README.md",
        "docs/index.md",
        "src/vendoring.py",
        "Dockerfile",
        "envs/a.py",
        "lib/d.ts",
    ]
    others = [
        "web/node_modules/a/index.js",
        "vendor/x.rb",
        "static/jquery-3.1.0.min.js",
        "app/assets/jquery.js",
        "package-lock.json",
        "sub/Gemfile.lock",
        "img/Logo.PNG",
        "debian/control",
        "css/bootstrap.min.css",
        ".gitignore",
        "types/index.d.ts",
    ]
    paths = pl.DataFrame({"path": [*work, *others]})
    assert paths.filter(is_source("path"))["path"].to_list() == work


def test_linguist_leaves_out_the_same_paths() -> None:
    # One or two made-up paths for each rule that once was missing, or was wider than Linguist's.
    work = [
        "src/Cache/Pool.php",  # the rule is `cache/`, in small letters
        "Env/Reader.cs",
        "app/chart.js",  # Chart.js is the library
        "docs/Dist/index.rst",
        "manifest.toml",
        "src/tests/fixture.py",
        "tools/bazel.lock.md",
    ]
    others = [
        ".github/workflows/ci.yml",
        ".vscode/settings.json",
        ".teamcity/build.kts",
        "pkg/read/testdata/one.json",
        "web/test/fixtures/page.html",
        "web/spec/fixtures/page.html",
        "externals/fmt.cc",
        "ios/Pods/A/b.m",
        "ios/Carthage/Build/a.txt",
        "app/__generated__/query.ts",
        "htmlcov/index.html",
        "css/jquery-ui.css",
        "js/bootstrap.bundle.js",
        "js/mootools-core-1.3.2-full.js",
        "Scripts/jquery-1.7-vsdoc.js",
        "Scripts/MicrosoftAjax.debug.js",
        "js/select2/select2.css",
        "a/Packages/Some.1.2/x.txt",
        "xvba_modules/a.vb",
        "Manifest.toml",
        "MODULE.bazel.lock",
        "mise.local.lock",
        "Cargo.toml.orig",
        "lib/some_tlb.pas",
        "install/dotnet-install.sh",
    ]
    paths = pl.DataFrame({"path": [*work, *others]})
    assert paths.filter(is_source("path"))["path"].to_list() == work


def test_a_subject_without_rows_has_empty_frames() -> None:
    snapshot = History().at("2024-01-31")
    frames = (snapshot.contributions, snapshot.authorship, snapshot.knowledge, snapshot.tree, snapshot.releases)
    assert all(isinstance(frame, pl.DataFrame) and frame.is_empty() for frame in frames)
