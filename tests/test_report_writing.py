"""Pages are written whole, and one that cannot be holds back no other."""

from pathlib import Path

import pytest

from interruption import Killed, killed_before_write
from made_up_warehouse import made_up_warehouse
from oshealth.reports.errors import PageError
from oshealth.reports.portfolio import Link, write_all, write_portfolio
from test_reports import Page


def test_the_portfolio_leads_to_the_dashboards(tmp_path: Path) -> None:
    with made_up_warehouse() as connection:
        page = Page(write_portfolio(connection, tmp_path, links=[Link("Who writes code", "dashboards/who.html")]))
    assert [a["href"] for a in page.all("a") if "who" in a["href"]] == ["dashboards/who.html"]


@pytest.mark.parametrize("is_torn", [False, True])
def test_a_page_is_the_one_before_or_the_new_one(tmp_path: Path, is_torn: bool) -> None:
    page, link = tmp_path / "page.html", tmp_path / "index.html"
    link.symlink_to(page)
    page.write_text("the page of yesterday")
    with made_up_warehouse() as connection:
        for number in range(6):
            try:
                with killed_before_write(number, tmp_path, is_torn=is_torn):
                    write_portfolio(connection, tmp_path)
            except Killed:
                assert page.read_text("utf-8") == "the page of yesterday", number
            else:
                break
    assert number > 1
    assert page.read_text("utf-8").rstrip().endswith("</html>")
    assert page.stat().st_mode & 0o777 == 0o644
    assert {path.name for path in tmp_path.iterdir()} == {"page.html", "index.html"}
    assert link.is_symlink()


def test_a_codebase_whose_page_cannot_be_written_holds_back_no_other(tmp_path: Path) -> None:
    (tmp_path / "library-desk.html").mkdir()
    with made_up_warehouse() as connection, pytest.raises(PageError, match="no page could be written of library-desk"):
        write_all(connection, tmp_path)
    written = {page.name for page in tmp_path.iterdir() if page.is_file()}
    assert written == {"index.html", "city-voices.html", "far-away.html"}
