"""Documents present and automation in place, with where they lie."""

from time import perf_counter

import polars as pl
import pytest

from facts_builder import History
from oshealth.derive.automation import automation_files, count_pins
from oshealth.facts import FILE
from oshealth.measure import Measured, measure
from oshealth.metrics._reasons import NO_FILES
from oshealth.metrics.automation import automation
from oshealth.metrics.documents import TITLES, documents

SHA = "0123456789abcdef0123456789abcdef01234567"
DIGEST = "sha256:" + "ab" * 32


def at(compute: object, history: History, day: str) -> Measured:
    return measure(compute.metric, history.at(day))  # type: ignore[attr-defined]


def write(history: History, path: str, day: str, text: str) -> None:
    """A file of the tree whose text was kept."""
    history.file(path, day)
    blob = history.rows["file"][-1]["blob"]
    history.add("text", blob=blob, size_bytes=len(text), text=text)


def test_documents_are_a_share_of_ten_with_path_and_age() -> None:
    history = History()
    history.file("README.md", "2024-01-01")
    history.document("readme", "README.md", "2024-01-01", "2024-01-21")
    history.document("readme", "README.md", "2024-01-21", text="more")
    history.document("readme", "docs/README.md", "2024-01-01", text="other")
    history.document("licence", "LICENSE", "2024-01-01", text="licence")
    measured = at(documents, history, "2024-01-31")
    # README and licence: 2 of 10.
    assert (measured.value, measured.sample_size) == (20, 10)
    readme = measured.evidence["present"][0]
    assert (readme["path"], readme["unchanged_days"]) == ("README.md", 10)
    assert [row["document"] for row in measured.evidence["missing"]] == list(TITLES.values())[2:]
    # On the 20th the first text stood, for 19 days.
    assert at(documents, history, "2024-01-20").evidence["present"][0]["unchanged_days"] == 19


def test_each_repository_of_a_codebase_has_its_own_documents() -> None:
    history = History("example.org/town/app", "example.org/town/api")
    for repository in history.repositories:
        history.file("main.py", "2024-01-01", repository=repository)
    history.document("readme", "README.md", "2024-01-01")
    measured = at(documents, history, "2024-02-01")
    assert (measured.value, measured.sample_size) == (5, 20)


@pytest.mark.parametrize("compute", [documents, automation])
def test_without_a_file_nothing_can_be_said(compute: object) -> None:
    history = History()
    history.file("README.md", "2024-01-01")
    assert at(compute, history, "2023-12-31").reason == NO_FILES


def test_automation_is_a_share_of_what_applies() -> None:
    history = History()
    write(history, ".github/workflows/ci.yml", "2024-01-01", f"steps:\n  - uses: org/step@{SHA} # v4\n")
    history.document("workflow", ".github/workflows/ci.yml", "2024-01-01")
    # Continuous integration and pins, but no updates and no tests: 2 of 4.
    assert at(automation, history, "2024-01-02").value == 50
    write(history, "Dockerfile", "2024-02-01", "FROM debian:12\n")
    history.document("dependency_updates", ".github/dependabot.yml", "2024-02-01")
    history.file("tests/test_main.py", "2024-02-01")
    # Now updates and tests, but an image that is not pinned: 3 of 4; the day before as it was.
    measured = at(automation, history, "2024-02-01")
    assert (measured.value, measured.sample_size) == (75, 4)
    pins = measured.evidence["checks"][-1]
    assert (pins["pinned"], pins["of"], pins["present"]) == (1, 2, False)
    assert measured.evidence["checks"][0]["where"] == ".github/workflows/ci.yml"
    assert at(automation, history, "2024-01-31").value == 50


def test_where_no_action_or_image_is_named_pinning_does_not_apply() -> None:
    history = History()
    history.file("tests/test_main.py", "2024-01-01")
    measured = at(automation, history, "2024-01-02")
    assert (measured.value, measured.sample_size) == pytest.approx((100 / 3, 3))


@pytest.mark.parametrize(
    ("text", "pinned", "total"),
    [
        (f"    - uses: 'org/step@{SHA}'\n    - uses: org/other@v4\n    - uses: ./local\n", 1, 2),
        (f"FROM debian@{DIGEST} AS build\nFROM build\nFROM scratch\nfrom --platform=linux/amd64 node:20\n", 1, 2),
        (f"services:\n  db:\n    image: postgres:16@{DIGEST}\n", 1, 1),
        # The defaults of arguments hold a digest, and name a stage: one base of two, as OpenSSF Scorecard counts.
        (f"ARG TAG=1.21@{DIGEST}\nARG V=8\nFROM go:${{TAG}} AS net-8\nFROM net-$V\nFROM a:$NONE\n", 1, 2),
        ("FROM a@sha256:${HASH}\nFROM a:${TAG}\n", 1, 2),
        ("", 0, 0),
    ],
)
def test_a_reference_is_pinned_by_commit_or_digest(text: str, pinned: int, total: int) -> None:
    assert count_pins(text) == (pinned, total)


HOSTILE = ["\n" * 200_000, "FROM " * 50_000, "- " * 100_000, "FROM " + "--a " * 50_000]
# A default that stands for itself, and one that would fill a gigabyte.
HOSTILE += ["ARG a=$a\n" * 50_000, f"ARG a={'b' * 5_000}\nFROM {'$a' * 200_000}\n"]
HOSTILE += ["".join(f"FROM s{number} AS s{number + 1}\n" for number in range(20_000))]


@pytest.mark.parametrize("text", HOSTILE, ids=["lines", "from", "items", "options", "itself", "filled", "stages"])
def test_a_hostile_text_takes_no_time(text: str) -> None:
    start = perf_counter()
    assert count_pins(text)[0] == 0
    assert perf_counter() - start < 5


TESTS = [
    "spec/models/user_spec.rb",
    "app/test_forms.py",
    "src/button.spec.tsx",
    "src/MapTest.java",
    "src/MapTests.cs",
    "src/HTTPTest.php",
    "src/MapIT.java",
    "src/Map2IT.kt",
    "src/MapTestCase.php",
    "Test/map.c",
    "Tests.cs",
]
NO_TESTS = [
    "src/contest.py",
    "src/latest/main.js",
    "src/Commit.java",
    "src/Edit.php",
    "src/Audit.cs",
    "src/Unit.kt",
    "src/Latest.java",
    "src/Contest.cs",
    "src/EDIT.java",
    "src/PodSpec.java",
    "src/Request.php",
    "src/Digest.java",
    "src/Credit.kt",
    "src/Limit.cs",
    "node_modules/map/test/map.js",
    "vendor/map/tests/MapTest.php",
]


def test_a_path_tells_whether_it_is_a_test() -> None:
    paths = [*TESTS, *NO_TESTS]
    files = pl.DataFrame([dict.fromkeys(FILE.names()) | {"path": path} for path in paths], schema=FILE)
    assert automation_files(files)["path"].to_list() == TESTS


def test_a_specification_in_prose_is_no_test() -> None:
    paths = ["spec/import.md", "spec/VERSION", "tests/run.sh", "tests/README.rst"]
    files = pl.DataFrame([dict.fromkeys(FILE.names()) | {"path": path} for path in paths], schema=FILE)
    assert automation_files(files)["path"].to_list() == ["tests/run.sh"]
