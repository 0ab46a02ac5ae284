"""The dashboards across the portfolio, each built from the made-up warehouse."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from made_up_warehouse import insert, made_up_warehouse
from oshealth.reports.words import THIN

FOLDER = Path(__file__).parents[1] / "dashboards"


def loaded(name: str) -> Any:
    """The dashboard's module."""
    found = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert found is not None
    assert found.loader is not None
    dashboard = importlib.util.module_from_spec(found)
    found.loader.exec_module(dashboard)
    return dashboard


def built(name: str, folder: Path, *, with_dependency: bool = False, with_commits: bool = True) -> str:
    dashboard = loaded(name)
    with made_up_warehouse() as connection:
        if with_dependency:
            row = {"repository": "github.com/desk-example/desk", "purl": "pkg:npm/a@1", "name": "a", "path": "p"}
            insert(connection, "dependency", [row | {"state": "ok"}])
        if not with_commits:
            connection.execute("delete from commit")
        path: Path = dashboard.build(connection, folder)
        return path.read_text(encoding="utf-8").replace(THIN, " ")


def test_municipalities_are_named_with_their_time(tmp_path: Path) -> None:
    page = built("municipalities", tmp_path)
    assert "1 municipality found so far, in 1 codebase." in page
    assert '<th scope="row">North Town</th><td>Denmark</td><td>Library Desk</td>' in page
    assert "chart-municipalities" in page
    assert "not known: not measured" in page  # Far Away


def test_suppliers_are_shown_with_their_coverage(tmp_path: Path) -> None:
    page = built("suppliers", tmp_path)
    assert "<td>2022</td><td>Soft Makers</td>" in page
    assert "What if the supplier leaves?" in page


def test_no_share_is_drawn_of_a_year_of_which_little_is_known(tmp_path: Path) -> None:
    assert "Years are left out" in built("suppliers", tmp_path)


@pytest.mark.parametrize("name", ["municipalities", "suppliers"])
def test_what_was_never_read_is_not_said_to_have_been_left_alone(name: str, tmp_path: Path) -> None:
    page = built(name, tmp_path, with_commits=False)
    assert "not known: none of its repositories could be read so far" in page


def test_openness_lists_findings_first_and_the_unknown_after(tmp_path: Path) -> None:
    page = built("openness", tmp_path, with_dependency=True)
    assert page.index("closed-browser") < page.index("Measure by measure")
    assert "licence not known" in page
    assert "not known: the licences of its components have not been looked up" in page


def test_forks_and_what_only_develops_do_not_count_as_needed(tmp_path: Path) -> None:
    desk, fork = "github.com/desk-example/desk", "github.com/north-example/voices"
    rows = [(desk, "pkg:npm/a", None), (desk, "pkg:npm/b", "development"), (fork, "pkg:npm/c", "runtime")]
    needed = [{"repository": r, "purl": p, "name": p, "path": "p", "scope": s, "state": "ok"} for r, p, s in rows]
    finding = {"repository": fork, "kind": "non_open_dependency", "subject": "of-a-fork", "grade": "poor"}
    with made_up_warehouse() as connection:
        insert(connection, "dependency", needed)
        insert(connection, "finding", [finding | {"detail": "x", "advice": "y"}])
        dashboard = loaded("openness")
        found = connection.execute(dashboard.NEEDED).fetchall()
        page = dashboard.build(connection, tmp_path).read_text(encoding="utf-8")
    assert found == [("Library Desk", "unknown", 1)]
    assert "of-a-fork" not in page


@pytest.mark.parametrize("name", ["municipalities", "suppliers", "openness"])
def test_a_dashboard_has_no_more_than_one_bundle(name: str, tmp_path: Path) -> None:
    assert built(name, tmp_path).count("window.vegaEmbed") <= 1
