"""The pages in a real browser: hostile names do nothing, nothing is asked for, nothing is wider than the window."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from browser import Tab, tab
from made_up_warehouse import made_up_warehouse
from oshealth.reports.portfolio import write_all

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on PATH")

HOSTILE = (
    "</script><script>document.title='harmed'</script><!--<script>--></style></title></textarea>"
    "<img src=http://127.0.0.1:9/x onerror=\"document.title='harmed'\">"
    "\"'`onfocus=document.title='harmed' autofocus {{7*7}}{% raw %}${7*7} \u2028\u2029\u0000\u202e datum.x;)]}"
    "<svg onload=document.title='harmed'><base href=//evil.example><meta http-equiv=refresh content=0>"
)
LONG = "x" * 400


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with tab(CHROMIUM or "", tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="module", params=["", LONG, HOSTILE], ids=["plain", "long", "hostile"])
def pages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    with made_up_warehouse(request.param) as connection:
        return write_all(connection, tmp_path_factory.mktemp("pages"))


def test_charts_are_drawn_without_a_request_or_a_complaint(browser: Tab, pages: list[Path]) -> None:
    page = next(page for page in pages if page.name == "library-desk.html")
    browser.open(page, 1440)
    assert browser.value("document.querySelectorAll('.canvas[data-drawn=yes] svg').length") == 4
    assert browser.complaints == []


def test_names_do_nothing_and_no_page_asks_for_anything(browser: Tab, pages: list[Path]) -> None:
    for page in pages:
        browser.open(page, 1440)
        title = browser.value("document.title")
        assert title.startswith("Codebase health") or title.endswith("codebase health")
        assert [url for url in browser.requests if not url.startswith("data:")] == [page.as_uri()]
        assert (
            browser.value("document.querySelectorAll('img, base, meta[http-equiv=refresh], svg[onload]').length") == 0
        )
        assert browser.value("document.querySelectorAll('[autofocus], [onfocus], [onerror]').length") == 0
        assert browser.value("document.querySelectorAll('main, footer').length") == 2


def test_no_page_is_wider_than_its_window(browser: Tab, pages: list[Path]) -> None:
    for page in pages:
        for width in (360, 768, 1440):
            browser.open(page, width)
            browser.value("document.querySelectorAll('details').forEach(d => d.open = true)")
            assert browser.value("document.documentElement.scrollWidth") <= width, page.name
