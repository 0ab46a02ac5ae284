"""One nightly run over a GitHub and a GitLab: their repositories stand in one table of the portfolio's page."""

import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from browser import tab
from forge_line import Line, forge_line

pytestmark = pytest.mark.filterwarnings("default::ResourceWarning")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Tables(HTMLParser):
    """The tables of a page: by caption of the frame around them, rows of what stands in their cells."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: dict[str, list[list[str]]] = {}
        self._frame = ""
        self._is_in_cell = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if ("class", "frame") in attrs:
            self._frame = dict(attrs).get("aria-label") or ""
            self.found[self._frame] = []
        if self._frame and tag == "tr":
            self.found[self._frame].append([])
        if self._frame and tag in {"td", "th"}:
            self.found[self._frame][-1].append("")
            self._is_in_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._is_in_cell = False
        if tag == "table":
            self._frame = ""

    def handle_data(self, data: str) -> None:
        if self._is_in_cell:
            row = self.found[self._frame][-1]
            row[-1] = re.sub(r"\s+", " ", f"{row[-1]} {data}").strip()


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    """Two codebases: one lives on the GitHub, the other on the GitLab."""
    with forge_line(tmp_path, monkeypatch) as made:
        lab = made.servers[1]
        first = f'[[codebase.repository]]\nurl = "https://{lab.host}/county/map"'
        second = '[[codebase]]\nid = "map"\nname = "Map"\nstewards = ["town"]\n'
        text = (made.path / "sources.toml").read_text()
        (made.path / "sources.toml").write_text(text.replace(first, f"{second}\n{first}"))
        yield made


def test_repositories_of_both_forges_stand_in_one_table_of_the_portfolio(line: Line) -> None:
    assert "failed" not in {outcome.end for outcome in line.run()}
    page = line.path / "warehouse" / "reports" / "index.html"
    head, hub, lab = Tables(page.read_text(encoding="utf-8")).found["How each repository answers"]
    assert head[:4] == ["Codebase", "Repository", "Lives on", "Time to the first answer"]
    assert hub[:3] == ["App", "town/app", "localhost"]
    assert lab[:3] == ["Map", "county/map", "localhost"]
    assert hub[3:] == lab[3:]
    assert len(head) == len(hub) == 8
    # Of the issues and requests of people 2, 17 and 18 were never answered, and 12 asked nobody: 3 of 12.
    assert re.match(r"25\D*%", hub[4])
    assert "not known" not in " ".join(hub)
    if CHROMIUM:
        _see(page, line.path)


def _see(page: Path, folder: Path) -> None:
    """In a browser the table is there, and no page is wider than its window."""
    with tab(CHROMIUM or "", folder / "profile") as browser:
        for width in (1280, 400):
            browser.open(page, width)
            assert browser.value("document.documentElement.scrollWidth") <= width
            assert browser.value("document.querySelectorAll('#answers tbody tr').length") == 2
            assert browser.complaints == []
