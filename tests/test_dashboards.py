"""The dashboards across the portfolio, each built from the made-up warehouse."""

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

from made_up_warehouse import insert, made_up_warehouse
from oshealth.reports.grid import share_grid
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
            row = {"purl": "pkg:npm/a@1", "name": "a", "path": "p", "source": "lock", "state": "ok"}
            needing = ("desk-example/desk", "desk-example/desk-image", "old-example/desk", "north-example/voices")
            insert(connection, "dependency", [row | {"repository": f"github.com/{name}"} for name in needing])
        if not with_commits:
            connection.execute("delete from commit")
        path: Path = dashboard.build(connection, folder)
        page = path.read_text(encoding="utf-8").replace(THIN, " ")
        return re.sub(r'<td data-label="[^"]+">', "<td>", page)


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


def test_a_year_of_which_little_is_known_is_marked_alike_in_both_pictures(tmp_path: Path) -> None:
    for name in ("suppliers", "municipalities"):
        assert "A question mark: on whose behalf the work was done is known" in built(name, tmp_path)
    years = ((2021, 12.0, "Soft Makers", 40.0), (2022, 70.0, "Soft Makers", 90.0), (2023, 80.0, "New Makers", 90.0))
    rows = [{"codebase": "Desk", "year": y, "share": s, "name": n, "known": k} for y, s, n, k in years]
    chart = share_grid("key", "Title", "what", rows, {"name": "Who"})
    assert [row["text"] for row in chart.rows] == ["?", "70", "80"]
    assert [row["label"] for row in chart.rows] == ["", "Soft Makers", "New Makers"]
    assert chart.table[-1] == ["2021", "Desk", "Soft Makers", "not known", "40"]
    assert all(layer["encoding"]["x"]["scale"]["domain"] == [2021, 2022, 2023] for layer in chart.spec["layer"])


@pytest.mark.parametrize("name", ["municipalities", "suppliers", "openness"])
def test_what_was_never_read_is_not_said_to_have_been_left_alone(name: str, tmp_path: Path) -> None:
    page = built(name, tmp_path, with_commits=False)
    assert "not known: none of its repositories could be read so far" in page


def test_openness_lists_findings_first_and_the_unknown_after(tmp_path: Path) -> None:
    page = built("openness", tmp_path, with_dependency=True)
    assert page.index("closed-browser") < page.index("Measure by measure")
    assert "licence not known" in page
    # What two of its own repositories need is one component; a former home's and a fork's are not counted.
    assert '"rows":[{"codebase":"Library Desk","openness":"licence not known","components":1,"order":3}]' in page
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
