"""Numbers, dates and lines of the pages, each on worked examples."""

import re
from datetime import date
from pathlib import Path

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


@pytest.mark.parametrize(
    ("purl", "said"),
    [
        ("pkg:npm/%40town/map@1.0.0", "@town/map 1.0.0 (npm)"),
        ("pkg:deb/acpi", "acpi (deb)"),
        (
            "pkg:generic/viewer.deb?download_url=https://files.example.org/current",
            "viewer.deb (from files.example.org)",
        ),
        ("pkg:github/town/map@main#scripts/run.sh", "town/map main (github), scripts/run.sh"),
    ],
)
def test_package_urls_are_said_as_people_read_them(purl: str, said: str) -> None:
    assert words.component(purl) == said
    [part] = in_words({"unknown": [purl]})
    assert part.items == [said]


def test_bands_are_said_in_words() -> None:
    assert words.limits(3, 2, "people", is_higher_better=True) == (
        "Good: 3 people or more. Watch: 2 people or more. Poor: less."
    )
    # Nothing lies beyond the end of a scale.
    assert words.limits(0, 0, "count", is_higher_better=False) == "Good: 0. Poor: more."
    assert words.limits(100, 99, "%", is_higher_better=True) == f"Good: 100{N}%. Watch: 99{N}% or more. Poor: less."


@pytest.mark.parametrize(
    ("text", "said"),
    [("never released", "Never released."), ("publiccode.yml is missing", "publiccode.yml is missing."), ("", "")],
)
def test_a_sentence_begins_with_a_capital_unless_a_file_begins_it(text: str, said: str) -> None:
    assert words.sentence(text) == said


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


def test_a_branch_that_begins_like_a_day_keeps_its_name() -> None:
    branches = ["2024-01-15-hotfix", "2024-99-99", "2024-01-15", "2024-01-15T08:30:00"]
    (said,) = in_words({"branches": branches})
    assert said.items == ["2024-01-15-hotfix", "2024-99-99", "15 January 2024", "15 January 2024"]


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


def test_a_definition_calls_other_measures_by_their_titles() -> None:
    titles = {"truck_factor": "People without whom …", "unanswered": "Never answered"}
    said = words.with_titles("Told as for `truck_factor` and truck_factor, of `git tag` and no_such.", titles)
    assert said == "Told as for “People without whom …” and “People without whom …”, of `git tag` and no_such."


def test_evidence_that_measures_give_is_said_in_words() -> None:
    said = in_words(
        {
            "folders": [{"folder": "lib", "orphaned": 1143, "repository": "github.com/example/one"}],
            "files_by_organisation": {"soft-makers": 0.993},
            "organisations": [{"organisation": "x", "name": "North {Town}", "type": "municipality", "count": 5}],
            "largest_shares_percent": [78.2, 0.4],
            "people": ["a" * 32],
            "oldest": [{"name": "map", "version": "1.0", "newest": "2.1", "years": 4.61}],
            "window": {"supplier": 35.05},
            "countries": {"DK": 363},
            "median_days": [{"repository": "github.com/example/one", "days": 100.51}],
            "files_known_left": [349, 210, 88],
            "said": [{"path": "LICENSE", "licence": "MIT", "matched": None}],
            "checks": [{"check": "tests", "present": False, "repository": "github.com/example/one", "where": None}],
        }
    )
    assert [(part.heading, part.items) for part in said] == [
        ("Folders", [f"example/one, lib: 1{N}143 files"]),
        ("Files that nobody else knows, by organisation", [f"soft-makers: 99.3{N}%"]),
        ("Who contributed", ["North {Town} (municipality): 5"]),
        ("Shares of the busiest people", [f"78{N}%", f"under{N}1{N}%"]),
        ("Oldest", ["map 1.0: 4.61 years behind 2.1"]),
        ("Last year", [f"supplier: 35{N}%"]),
        ("Countries", ["Denmark: 363"]),
        ("Middle interval in days, by repository", ["101: example/one"]),
        ("Files that somebody knows", ["now: 349", "after one person left: 210", "after two people left: 88"]),
        ("Said", ["LICENSE: MIT"]),
        ("Checks", ["example/one, tests: no (none)"]),
    ]


def test_quoted_parts_of_a_text_are_code_and_the_rest_is_escaped() -> None:
    assert words.marked("use `git <tag>` & rest") == "use <code>git &lt;tag&gt;</code> &amp; rest"


def test_every_text_colour_stands_out_from_what_is_behind_it() -> None:
    style = Path(words.__file__).with_name("templates").joinpath("page.css").read_text(encoding="utf-8")
    light, dark = (dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", block)) for block in style.split("@media")[:2])
    for colours in (light, dark):
        pairs = [(text, ground) for text in ("ink", "soft", "accent", "unknown") for ground in ("paper", "card")]
        pairs += [
            (grade, ground) for grade in ("good", "watch", "poor", "unknown") for ground in ("card", f"{grade}-tint")
        ]
        pairs += [("ink", "watch-tint"), ("accent", "watch-tint")]
        assert {pair: ratio for pair in pairs if (ratio := contrast(*(colours[name] for name in pair))) < 4.5} == {}


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2: (lighter + 0.05) ÷ (darker + 0.05)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
