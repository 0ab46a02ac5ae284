"""What packages say of themselves where their registry says too little: licence files, and the standards' pages."""

import gzip
import io
import tarfile
import time
import zipfile
from typing import Any

import polars as pl
import pytest

from facts_builder import moment
from oshealth.collect.registries.answer import is_exact
from oshealth.collect.registries.archives import text_in
from oshealth.collect.registries.python_simple import files_of, info_of
from registry_server import RegistryServer, Reply, serving
from test_packages import asked, at, licences, needs, reasons

TEXT = "Permission is hereby granted to everybody who reads the map of the town. " * 4
METADATA = b"Metadata-Version: 2.1\nName: town\nVersion: 1.0\nLicense: BSD\nClassifier: Topic :: Internet\n\nA map.\n"


def archive(**files: str) -> bytes:
    """A package as npm hands it out; "__" stands for a dot in a name."""
    body = io.BytesIO()
    with tarfile.open(fileobj=body, mode="w:gz") as packed:
        for name, text in files.items():
            member = tarfile.TarInfo(f"package/{name.replace('__', '.')}")
            member.size = len(text.encode())
            packed.addfile(member, io.BytesIO(text.encode()))
    return body.getvalue()


def wheel(**files: str) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as packed:
        for name, text in files.items():
            packed.writestr(f"town-1.0.dist-info/{name}", text)
    return body.getvalue()


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("BSD", False),
        ("SEE LICENSE IN LICENSE.md", False),
        ("License :: OSI Approved :: BSD License", False),
        ("License :: OSI Approved :: GNU General Public License (GPL)", False),
        ("Apache License", False),
        ("MIT", True),
        ("BSD-3-Clause", True),
        ("Apache-2.0", True),
        ("License :: OSI Approved :: MIT License", True),
        ("GPL v3", True),
    ],
)
def test_a_name_of_a_family_or_of_another_place_is_not_exact(licence: str, *, expected: bool) -> None:
    assert is_exact([licence]) is expected
    assert is_exact([licence, "ISC"])


def test_the_one_licence_file_of_an_archive_is_read() -> None:
    assert text_in(archive(package__json="{}", LICENSE__md=TEXT)) == TEXT
    assert text_in(archive(**{"MIT and GPL2 licenses.md": TEXT})) == TEXT
    assert text_in(archive(**{"License": TEXT, ".License.un~": "an editor's copy"})) == TEXT
    assert text_in(wheel(METADATA="Name: town", LICENSE=TEXT)) == TEXT
    assert text_in(archive(package__json="{}", README=TEXT)) == ""


@pytest.mark.parametrize(
    "section",
    [
        "## License\n\nMIT\n\n## Thanks\n",
        "License\n-------\nMIT\n",
        "# Town\n# Licence #\nMIT\n\nThanks\n======\n\nAll.\n",
    ],
)
def test_a_readme_says_it_under_its_heading(section: str) -> None:
    assert text_in(archive(README__md=f"A map of the license plates.\n\n{section}")) == "MIT"


@pytest.mark.parametrize("said", ["License: see the site", "## License\nMIT\n## License\nISC\n"])
def test_a_readme_that_speaks_of_a_licence_otherwise_proves_nothing(said: str) -> None:
    assert text_in(archive(README__md=f"A map.\n\n{said}\n")) is None


def test_a_readme_of_a_million_blank_lines_is_read_at_once() -> None:
    start = time.perf_counter()
    for body in ("\n" * 100_000, "License\n" * 12_000, "## License\n" * 9_000):
        assert not text_in(archive(README__md=body))
    assert time.perf_counter() - start < 5


def test_of_several_licence_files_nobody_says_how_they_go_together() -> None:
    assert text_in(archive(**{"LICENSE-MIT": TEXT, "LICENSE-APACHE": TEXT})) is None


def test_a_licence_file_further_down_is_somebody_elses() -> None:
    assert text_in(archive(**{"vendor/map/LICENSE": TEXT})) == ""


def test_a_broken_archive_says_nothing() -> None:
    whole = archive(LICENSE=TEXT)
    assert text_in(b"no archive") is None
    assert text_in(whole[: len(whole) // 2]) is None
    assert text_in(b"PK\x03\x04" + b"\0" * 100) is None


def test_an_archive_that_unpacks_to_too_much_is_left_alone() -> None:
    member = tarfile.TarInfo("package/zeros")
    member.size = 200_000_000
    head = member.tobuf()
    bomb = gzip.compress(head + bytes(member.size), compresslevel=1)
    assert len(bomb) < 2_000_000
    assert text_in(bomb) is None


def test_npms_archive_is_read_where_the_registry_names_no_licence_or_a_family() -> None:
    with serving() as server:
        server.replies["/town/1.0.0"] = Reply(document(server, "town", license="BSD"))
        server.replies["/map/1.0.0"] = Reply(document(server, "map"))
        server.replies["/plan/1.0.0"] = Reply(document(server, "plan", license="MIT"))
        server.replies["/way/1.0.0"] = Reply(document(server, "way"))
        server.replies["/files/town.tgz"] = Reply(archive(LICENSE=TEXT))
        server.replies["/files/map.tgz"] = Reply(archive(package__json="{}"))
        found = asked(needs(*(f"pkg:npm/{name}@1.0.0" for name in ("town", "map", "plan", "way"))), at(server))
        assert licences(found) == {"pkg:npm/town@1.0.0": ["BSD", TEXT], "pkg:npm/plan@1.0.0": ["MIT"]}
        # map was read, and holds none; way could not be read.
        assert reasons(found) == {"pkg:npm/map@1.0.0": "unlicensed", "pkg:npm/way@1.0.0": "no_licence"}
        assert "/files/plan.tgz" not in server.paths


def document(server: RegistryServer, name: str, **more: Any) -> dict[str, Any]:
    return {"dist": {"tarball": f"{server.url}/files/{name}.tgz", "unpackedSize": 9}, **more}


def test_where_deps_dev_names_no_known_licence_the_registry_is_asked() -> None:
    with serving() as server:
        row = {"request": {"versionKey": {"system": "NPM", "name": "town", "version": "1.0.0"}}}
        server.replies["/v3alpha/versionbatch"] = Reply(
            {"responses": [{**row, "version": {"licenses": ["non-standard"]}}], "nextPageToken": ""}
        )
        server.replies["/town/1.0.0"] = Reply({"license": "EUPL-1.2"})
        found = asked(needs("pkg:npm/town@1.0.0"), at(server, deps_dev=True))
        told = found.frames["package"].select("source", "licences_raw").rows()
        assert sorted(told) == [("deps.dev", ["non-standard"]), ("npm registry", ["EUPL-1.2"])]


def test_what_one_repositorys_lock_file_says_is_not_said_for_another() -> None:
    with serving() as server:
        server.replies["/town/1.0.0"] = Reply({"license": "MIT"})
        one = needs("pkg:npm/town@1.0.0", is_direct=False, repository="git.example/one", declared_licence="MIT")
        other = needs("pkg:npm/town@1.0.0", is_direct=False, repository="git.example/other")
        assert asked(one, at(server)).request_count == 0
        assert licences(asked(pl.concat([one, other]), at(server))) == {"pkg:npm/town@1.0.0": ["MIT"]}


def test_an_archive_on_another_host_is_fetched_by_https_alone() -> None:
    with serving() as elsewhere, serving() as server:
        server.replies["/town/1.0.0"] = Reply({"dist": {"tarball": f"{elsewhere.url}/files/town.tgz"}})
        found = asked(needs("pkg:npm/town@1.0.0"), at(server))
        assert reasons(found) == {"pkg:npm/town@1.0.0": "no_licence"}
        assert elsewhere.paths == []


def test_an_index_without_json_is_asked_by_its_simple_pages() -> None:
    with serving() as server:
        server.replies["/simple/town-map/"] = Reply({"files": FILES, "name": "town-map"})
        server.replies["/files/town_map-1.0-py3-none-any.whl.metadata"] = Reply(METADATA)
        server.replies["/files/town_map-1.0-py3-none-any.whl"] = Reply(wheel(LICENSE=TEXT))
        found = asked(needs("pkg:pypi/town-map@1.0", is_direct=True), at(server))
        assert licences(found) == {"pkg:pypi/town-map@1.0": ["BSD", TEXT]}
        assert found.frames["package"]["released_at"].to_list() == [moment("2023-01-02 00:00")]
        listed = found.frames["package_release"].select("version", "released_at", "is_stable").rows()
        assert listed == [
            ("1.0", moment("2023-01-02 00:00"), True),
            ("2.0rc1", moment("2024-01-02 00:00"), False),
        ]


FILES = [
    {"filename": "town_map-1.0.tar.gz", "url": "/files/town_map-1.0.tar.gz", "upload-time": "2023-01-03T00:00:00Z"},
    {
        "filename": "town_map-1.0-py3-none-any.whl",
        "url": "../../files/town_map-1.0-py3-none-any.whl",
        "upload-time": "2023-01-02T00:00:00Z",
        "size": 900,
    },
    {"filename": "town_map-2.0rc1.tar.gz", "url": "/files/town_map-2.0rc1.tar.gz", "upload-time": "2024-01-02T00:00Z"},
    {"filename": "town_map-1.5.tar.gz", "url": "/files/a.tar.gz", "upload-time": "2023-06-01T00:00Z", "yanked": "bad"},
    {"filename": "no version", "url": "/files/x"},
    "garbage",
]


def test_of_a_package_without_version_the_newest_stable_one_is_taken() -> None:
    with serving() as server:
        server.replies["/simple/town-map/"] = Reply({"files": FILES})
        server.replies["/files/town_map-1.0-py3-none-any.whl.metadata"] = Reply(b"License-Expression: EUPL-1.2\n\n")
        found = asked(needs("pkg:pypi/town-map"), at(server))
        assert licences(found) == {"pkg:pypi/town-map": ["EUPL-1.2"]}


def test_a_version_that_the_pages_do_not_list_is_said() -> None:
    with serving() as server:
        server.replies["/simple/town-map/"] = Reply({"files": FILES})
        assert reasons(asked(needs("pkg:pypi/town-map@9.9"), at(server))) == {
            "pkg:pypi/town-map@9.9": "no_such_version"
        }


def test_an_old_indexs_html_is_read_too() -> None:
    page = (
        b"<!DOCTYPE html><html><body><a href='../../files/town_map-1.0-py3-none-any.whl#sha256=00'>town</a>"
        b"<a data-yanked='' href='town_map-2.0.tar.gz'>town</a><a>nothing</a><a href='readme.txt'>r</a></body></html>"
    )
    found = files_of(page, "https://index.example/simple/town-map/")
    assert [(file.name, file.url, str(file.version)) for file in found] == [
        ("town_map-1.0-py3-none-any.whl", "https://index.example/files/town_map-1.0-py3-none-any.whl", "1.0")
    ]


def test_metadata_bears_the_names_of_the_json() -> None:
    text = "License-Expression: MIT\nLicense: whatever\nClassifier: License :: OSI Approved\nClassifier: Topic :: X\n\n"
    assert info_of(text) == {
        "license_expression": "MIT",
        "license": "whatever",
        "classifiers": ["License :: OSI Approved", "Topic :: X"],
    }
