"""Numbers, dates and lines of the pages, each on worked examples."""

from datetime import date

import pytest

from oshealth.reports import words
from oshealth.reports.evidence import in_words
from oshealth.reports.page import content_security_policy, script_json
from oshealth.reports.sparkline import sparkline

N = words.THIN


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (1, "people", "1 person"),
        (3, "people", "3 people"),
        (12345, "count", f"12{N}345"),
        (81.4, "%", f"81{N}%"),
        (0.4, "%", f"under{N}1{N}%"),
        (0, "%", f"0{N}%"),
        (99.62, "%", f"99.6{N}%"),  # not rounded to all
        (99.99, "%", f"99.9{N}%"),
        (100, "%", f"100{N}%"),
        (0.4137, "ratio", "0.41"),
        (4, "per year", "4 per year"),
        (2.5, "years", "2.5 years"),
        (36.5, "days", "36 days"),
        (1, "commits", "1 recorded change"),
        (17, "shades", "17 shades"),  # a unit that nobody thought of
        (-3, "count", "\u22123"),
    ],
)
def test_a_quantity_has_its_unit_and_no_false_precision(value: float, unit: str, said: str) -> None:
    assert words.quantity(value, unit) == said


def test_a_day_is_written_out() -> None:
    assert words.day(date(2024, 10, 1)) == "1 October 2024"
    assert words.day(None) == "not known"


def test_a_series_has_an_and() -> None:
    assert [words.series(list("abc"[:n])) for n in range(4)] == ["", "a", "a and b", "a, b and c"]


def test_a_line_breaks_where_a_value_is_not_known() -> None:
    points = [(date(2024, month, 1), value) for month, value in ((1, 1.0), (2, 3.0), (3, None), (4, 2.0), (5, 1.0))]
    assert sparkline(points, "words").count("<polyline") == 2


def test_a_line_needs_two_points_that_are_known() -> None:
    assert sparkline([(date(2024, 1, 1), 1.0), (date(2024, 2, 1), None)], "words") == ""


def test_a_lines_description_is_escaped() -> None:
    points = [(date(2024, 1, 1), 1.0), (date(2024, 2, 1), 1.0)]
    assert "&#34;&gt;&lt;" in sparkline(points, '"><script>')


def test_json_cannot_end_its_script_element() -> None:
    text = script_json({"name": "</script><script>alert(1)</script><!-- \u2028 &amp;"})
    assert not set("<>&\u2028") & set(text)


def test_only_the_pages_own_scripts_may_run() -> None:
    policy = content_security_policy(["one"])
    assert "default-src 'none'" in policy
    assert "connect-src 'none'" in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert "script-src 'none'" in content_security_policy([])


def test_evidence_names_no_person() -> None:
    said = in_words({"who": ["a" * 32, "b" * 32], "shares": {"c" * 32: 0.5, "rest": 0.5}, "top": "d" * 32})
    assert [(part.heading, part.items) for part in said] == [
        ("Who", ["2 people"]),
        ("Shares", ["rest: 0.50"]),
        ("Top", ["one person"]),
    ]


def test_evidence_of_any_shape_becomes_a_bounded_text() -> None:
    said = in_words(
        {"on": "2024-09-08", "list": list(range(40)), "deep": [{"a": [{"b": None}]}], "none": [], "ok": True}
    )
    assert [(part.items, part.more) for part in said] == [
        (["8 September 2024"], 0),
        ([str(number) for number in range(12)], 28),
        (["a b not known"], 0),
        (["yes"], 0),
    ]


def test_evidence_of_repositories_is_gathered_by_what_it_says() -> None:
    missing = [{"document": "licence", "repository": f"github.com/example/{name}"} for name in ("one", "two")]
    [part] = in_words({"missing": missing})
    assert part.items == ["licence: example/one and example/two"]


def test_quoted_parts_of_a_text_are_code_and_the_rest_is_escaped() -> None:
    assert words.marked("use `git <tag>` & rest") == "use <code>git &lt;tag&gt;</code> &amp; rest"
