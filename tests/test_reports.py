"""The pages of a made-up warehouse: what stands on them, what must not, and that they ask nobody for anything."""

import itertools
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from made_up_warehouse import CARDS, insert, made_up_warehouse, moment
from oshealth.reports.codebase import audit_page, write_codebase
from oshealth.reports.portfolio import write_all, write_portfolio
from oshealth.reports.read import read_watched
from oshealth.reports.todo import to_do
from oshealth.reports.words import THIN

LOADING = {"src", "srcset", "data", "action", "formaction", "poster", "background", "ping", "manifest"}


class Page(HTMLParser):
    """The elements of a page with their attributes, and the text that people read."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self._text: list[str] = []
        self._silent = 0
        self.feed(path.read_text(encoding="utf-8"))
        self.text = re.sub(r"\s+", " ", " ".join(self._text)).replace(THIN, " ")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}))
        self._silent += tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._text.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with made_up_warehouse() as connection:
        yield connection


@pytest.fixture(scope="module")
def pages(warehouse: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    written = write_all(warehouse, tmp_path_factory.mktemp("pages"))
    return {path.name: Page(path) for path in written}


def test_there_is_a_page_for_the_portfolio_and_for_each_codebase(pages: dict[str, Page]) -> None:
    assert list(pages) == ["index.html", "library-desk.html", "city-voices.html", "far-away.html"]


def test_the_four_questions_are_answered_in_plain_sentences(pages: dict[str, Page]) -> None:
    for name in ("index.html", "library-desk.html"):
        text = pages[name].text
        assert "One person made more than half of the last year’s contributions; if one person left, more than" in text
        assert "One supplier made 81 % of the last year’s contributions; one municipality wrote code itself" in text
        assert (
            "Nine releases in the last year; the last one 23 days ago; 1 recorded change is in no release yet" in text
        )
        assert "No: it needs two components that are not open source." in text


def test_an_answer_that_is_not_known_says_why(pages: dict[str, Page]) -> None:
    assert "Not known: the licences of its components have not been looked up." in pages["city-voices.html"].text
    assert "Not known: nothing of this has been measured yet." in pages["far-away.html"].text


def test_a_codebase_that_was_never_read_is_not_judged(tmp_path: Path) -> None:
    with made_up_warehouse() as connection:
        connection.execute("delete from commit where repository = 'github.com/voices-example/voices'")
        page = Page(write_codebase(connection, "city-voices", tmp_path))
    assert page.text.count("Not known: its repository could not be read so far.") == 4  # the four answers, and no more
    assert len([span for span in page.all("span") if span.get("class") == "grade poor"]) == 1  # in the legend


def test_every_measure_has_a_place_even_in_a_family_nobody_thought_of(pages: dict[str, Page]) -> None:
    page = pages["library-desk.html"]
    places = {attributes.get("id") for _, attributes in page.elements}
    assert {f"measure-{metric}" for metric, *_ in CARDS} <= places
    assert "Colours nobody thought of" in page.text
    assert "17 shades" in page.text


def test_every_unknown_shows_its_reason(pages: dict[str, Page]) -> None:
    reasons = [value for values in CARDS.values() for value in values if isinstance(value, str)]
    shown = pages["library-desk.html"].text + pages["city-voices.html"].text
    assert reasons
    assert all(f"not known: {reason}" in shown for reason in reasons)
    assert all(reason[1:] in pages["index.html"].text for reason in reasons)


def test_every_figure_has_its_sample_coverage_definition_source_and_grade(pages: dict[str, Page]) -> None:
    text = pages["library-desk.html"].text
    known = [card for card, values in CARDS.items() if not isinstance(values[0], str)]
    counted = re.findall(r"Counted from 1 234 [a-z][^.;]*(?:; [^.;]*(?:known)[^.;]*98 %|\(98 %\))", text)
    counted += re.findall("Of 1 234 people who", text)
    assert len(counted) == len(known)
    assert all(f"Definition of {title}." in text for _, _, title, _, _ in CARDS)
    assert text.count("a paper of 2016") == len(CARDS)
    assert "Good: 3 people or more. Watch: 2 people or more. Poor: less." in text
    assert all(f"{word} " in text for word in ("Good", "Watch", "Poor", "Not known", "Not graded"))


def test_what_is_poor_says_what_to_do_and_what_is_good_does_not(pages: dict[str, Page]) -> None:
    text = pages["library-desk.html"].text
    assert "Do something about it: People behind half of the work." in text
    assert "Do something about it: Releases in a year." not in text
    assert "Offer an open browser. desk-example/desk, scripts/install.sh, line 7" in text


def test_what_could_not_be_reached_is_named_with_the_day_it_is_shown_of(pages: dict[str, Page]) -> None:
    text = pages["index.html"].text
    assert re.search(r"Far Away\s+far-example/away\s+Could not be reached.*?1 September 2024", text)
    assert "Shown as it was on 1 September 2024." in pages["far-away.html"].text


def test_how_each_codebase_is_governed_is_visible(pages: dict[str, Page]) -> None:
    text = pages["library-desk.html"].text
    assert re.search(
        r"Stewards\s+Desk Association\s+\(association, Denmark\)\s+Skrivbord\s+\(association, Sweden\)", text
    )
    assert re.search(r"Supplier\s+Soft Makers", text)
    assert re.search(r"How it is run\s+Foundation", pages["index.html"].text)


def test_what_changed_in_a_year_is_said_with_both_values(pages: dict[str, Page]) -> None:
    assert re.search(
        r"People behind half of the work\s+became worse: 3 people in October 2023 \(good\), 1 person now",
        pages["library-desk.html"].text,
    )


def test_every_chart_has_a_name_and_a_table(pages: dict[str, Page]) -> None:
    page = pages["library-desk.html"]
    canvases = [attributes for attributes in page.all("div") if attributes.get("id", "").startswith("chart-")]
    assert [attributes["id"] for attributes in canvases] == [
        "chart-bus-factor",
        "chart-contributions-by-type",
        "chart-contributions",
        "chart-releases",
    ]
    assert all(attributes["role"] == "img" and attributes["aria-label"] for attributes in canvases)
    assert page.text.count("The same as a table") == len(canvases)


def test_a_page_without_charts_carries_no_script(pages: dict[str, Page]) -> None:
    assert not pages["index.html"].all("script")
    assert len(pages["library-desk.html"].all("script")) == 3  # data, Vega, the few lines that draw


def test_no_page_loads_anything(pages: dict[str, Page]) -> None:
    for page in pages.values():
        assert not [element for element in page.elements if LOADING & element[1].keys()]
        assert all(link["href"].startswith("data:") for link in page.all("link"))
        targets = {a["href"].partition("#")[0] for a in page.all("a")}
        assert targets <= {"", *pages}
        assert "@import" not in page.text
        [policy] = [m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")


def test_no_person_is_on_a_page(pages: dict[str, Page]) -> None:
    for page in pages.values():
        assert not re.search(r"\b[0-9a-f]{32}\b", page.text)
        assert "f" * 32 not in str(page.elements)


def test_ids_are_unique_and_links_within_a_page_lead_somewhere(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
        assert len(ids) == len(set(ids)), name
        for link in page.all("a"):
            target, _, place = link["href"].partition("#")
            there = pages[target or name]
            assert not place or place in {attributes.get("id") for _, attributes in there.elements}


def test_headings_step_down_one_level_at_a_time(pages: dict[str, Page]) -> None:
    for page in pages.values():
        levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
        assert levels.count(1) == 1
        assert all(below - above <= 1 for above, below in itertools.pairwise(levels))


def test_an_audit_draws_the_same_page_for_one_repository(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    page = Page(audit_page(warehouse, "github.com/desk-example/desk", tmp_path / "deep" / "audit.html"))
    assert "One person made more than half" in page.text
    assert {a["href"].partition("#")[0] for a in page.all("a")} == {""}


def test_an_audit_that_is_no_run_has_a_day_and_charts(tmp_path: Path) -> None:
    with made_up_warehouse() as connection:
        connection.execute("delete from run")
        page = Page(audit_page(connection, "github.com/desk-example/desk", tmp_path / "audit.html"))
    assert "as of 1 October 2024" in page.text
    assert [chart["id"] for chart in page.all("div") if chart.get("id") == "chart-releases"]


def test_a_codebase_that_is_not_watched_is_named(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="no codebase 'nobody'"):
        write_codebase(warehouse, "nobody", tmp_path)


def test_an_empty_warehouse_still_has_a_page(tmp_path: Path) -> None:
    with made_up_warehouse() as connection:
        for table in ("codebase", "measurement", "run", "metric", "repository", "crawl"):
            connection.execute(f"delete from {table}")  # noqa: S608
        assert "No codebase is watched yet" in Page(write_portfolio(connection, tmp_path)).text


def test_a_measure_without_a_card_or_with_odd_evidence_is_still_shown(tmp_path: Path) -> None:
    with made_up_warehouse() as connection:
        odd = {"subject_kind": "codebase", "subject": "far-away", "metric": "odd", "as_of": "2024-10-01", "value": 3.0}
        rest = {"evidence": "[1]", "run_id": "run-1", "tool_version": "0", "metric_version": 1}
        insert(connection, "measurement", [odd | rest])
        assert "measure-odd" in write_codebase(connection, "far-away", tmp_path).read_text(encoding="utf-8")


def test_whom_people_worked_for_stands_year_by_year_with_its_coverage(pages: dict[str, Page]) -> None:
    # In 2021 October to December: 15 + 3 contributions of Soft Makers (5, 6 and 7), 9 of North Town (2, 3 and 4) and 6
    # of nobody knows whom (1, 2 and 3): 18 + 9 + 6 = 33, of which 27 are known.
    text = " ".join(pages["library-desk.html"].text.split())
    assert "2021 Soft Makers 55 % (supplier), North Town 27 % (municipality) 33 82 %" in text


def test_a_codebase_where_nothing_happens_any_more_says_so_first(tmp_path: Path) -> None:
    with made_up_warehouse() as connection:
        connection.execute("update contribution set authored_at = authored_at - interval 2 year")
        [index, desk, *_] = [Page(path) for path in write_all(connection, tmp_path)]
    assert "Nothing has happened here since 1 September 2022." in desk.text
    assert desk.text.index("Nothing has happened") < desk.text.index("How many people can leave")
    assert (
        "Nobody has contributed since 1 September 2022. Who did the work in 2022, until then: Soft Makers" in desk.text
    )
    assert "nothing has happened in Library Desk since 1 September 2022" in index.text
    assert "finished, moved elsewhere, or forgotten?" in index.text


def test_a_forks_deployments_are_told_by_municipality(tmp_path: Path) -> None:
    fork, names = "github.com/north-example/voices", ["north-town", "north-town-test", "gone"]
    with made_up_warehouse() as connection:
        more = {"repository": fork, "name": "north-town-test", "is_default": False, "ahead_count": 7, "behind_count": 2}
        insert(connection, "branch", [more | {"committed_at": moment(2024, 5)}])
        evidence = {"deployments": [{"municipality": "North Town", "country": "DK", "branches": names}]}
        row = {"subject_kind": "repository", "subject": fork, "metric": "fork_deployments", "as_of": "2024-10-01"}
        rest = {"value": 1.0, "evidence": json.dumps(evidence), "run_id": "run-1", "tool_version": "0"}
        unknown = row | rest | {"metric": "signed_tags", "value": None, "evidence": "{}", "reason": "it has no tags"}
        insert(connection, "measurement", [row | rest | {"metric_version": 1}, unknown | {"metric_version": 1}])
        text = " ".join(Page(write_codebase(connection, "city-voices", tmp_path)).text.split())
    assert "North Town Denmark north-town and north-town-test 1 May 2024 7 2" in text
    assert "of this fork alone; 1 more is not known" in text
    assert "It has no tags. So not known: " in text


def test_nothing_is_advised_twice() -> None:
    with made_up_warehouse() as connection:
        figures = read_watched(connection).figures["codebase", "city-voices"]
    # Of the second codebase no release in a year and 1212 days since the last are one and the same thing to do.
    assert {"releases_per_year", "days_since_release"} <= {f.metric for f in figures if f.grade == "poor"}
    assert "releases_per_year" not in {f.metric for f in to_do(figures)}
    assert "days_since_release" in {f.metric for f in to_do(figures)}
