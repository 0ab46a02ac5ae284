"""Packages are asked about on a real loopback server: within limits, once, and never past what the user configured."""

import json
import socket
import time
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest

from facts_builder import moment
from oshealth.collect.packages import LookedUp, Places, look_up, wanted_packages
from oshealth.collect.registries.asking import AskLimits
from oshealth.collect.registries.configured import Registries, Registry
from oshealth.facts import DEPENDENCY
from registry_server import RegistryServer, Reply, serving

NOW = moment("2026-11-23 03:00")


def needs(*purls: str, is_direct: bool = False, **columns: Any) -> pl.DataFrame:
    """Dependencies by package URL."""
    rows = []
    for purl in purls:
        head, _, version = purl.removeprefix("pkg:").replace("%40", "@").partition("@" if "%40" not in purl else "\0")
        if "%40" in purl:
            head, _, version = purl.removeprefix("pkg:").rpartition("@")
            head = head.replace("%40", "@")
        ecosystem, _, name = head.partition("/")
        row = {"purl": purl, "name": name, "ecosystem": ecosystem, "resolved_version": version or None, "state": "ok"}
        rows.append({**row, "is_direct": is_direct, "scope": "runtime", **columns})
    return pl.DataFrame(rows, schema_overrides=DEPENDENCY).select(
        *(pl.col(c) if rows and c in rows[0] else pl.lit(None, t).alias(c) for c, t in DEPENDENCY.items())
    )


def at(server: RegistryServer, *, deps_dev: bool = False, **limits: Any) -> Places:
    registry = Registry(server.url)
    registries = Registries(npm=registry, python=(Registry(f"{server.url}/simple"),))
    quick = AskLimits(**{"connect_seconds": 2.0, "request_seconds": 5.0, **limits})
    return Places(registries, server.url if deps_dev else None, limits=quick)


def asked(dependencies: pl.DataFrame, places: Places, known: LookedUp | None = None, now: datetime = NOW) -> LookedUp:
    return look_up(dependencies, known.frames if known else {}, places, now)


def licences(found: LookedUp) -> dict[str, list[str]]:
    return dict(found.frames["package"].filter(pl.col("reason").is_null()).select("purl", "licences_raw").iter_rows())


def reasons(found: LookedUp) -> dict[str, str]:
    return dict(found.frames["package"].filter(pl.col("reason").is_not_null()).select("purl", "reason").iter_rows())


def test_a_version_is_asked_for_at_the_registry_and_never_again() -> None:
    with serving() as server:
        server.replies["/left-pad/1.3.0"] = Reply({"license": "WTFPL"})
        server.replies["/@town%2Fmap/2.0.0"] = Reply({"license": {"type": "EUPL-1.2"}})
        wanted = needs("pkg:npm/left-pad@1.3.0", "pkg:npm/%40town/map@2.0.0")
        found = asked(wanted, at(server))
        assert licences(found) == {"pkg:npm/left-pad@1.3.0": ["WTFPL"], "pkg:npm/%40town/map@2.0.0": ["EUPL-1.2"]}
        again = asked(wanted, at(server), found, NOW + timedelta(days=400))
        assert again.request_count == 0
        assert again.frames["package"].equals(found.frames["package"])
        assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("said", "licence"),
    [
        ({"license": "MIT"}, "MIT"),
        ({"license": {"type": "MIT", "url": "https://example.org"}}, "MIT"),
        ({"licence": "MIT"}, "MIT"),
        ({"licenses": [{"type": "MIT"}]}, "MIT"),
        ({"licenses": ["MIT", {"type": "Apache 2.0"}]}, "MIT OR Apache 2.0"),
        ({"license": ["MIT", "ISC"]}, "MIT OR ISC"),
    ],
)
def test_every_form_in_which_npm_packages_name_their_licence_is_read(said: dict[str, Any], licence: str) -> None:
    with serving() as server:
        server.replies["/town/1.0.0"] = Reply(said)
        assert licences(asked(needs("pkg:npm/town@1.0.0"), at(server))) == {"pkg:npm/town@1.0.0": [licence]}


def test_of_a_direct_dependency_all_versions_are_dated_and_asked_again_after_a_week() -> None:
    document = {
        "versions": {"1.0.0": {"license": "MIT"}, "2.0.0-rc.1": {}, "2.0.0": {"license": "BUSL-1.1"}},
        "time": {
            "created": "2020-01-01T00:00:00.000Z",
            "1.0.0": "2020-01-01T00:00:00.000Z",
            "2.0.0-rc.1": "2021-01-01T00:00:00.000Z",
            "2.0.0": "2022-01-01T00:00:00.000Z",
        },
    }
    with serving() as server:
        server.replies["/map"] = Reply(document)
        wanted = needs("pkg:npm/map@1.0.0", is_direct=True)
        found = asked(wanted, at(server))
        assert licences(found) == {"pkg:npm/map@1.0.0": ["MIT"]}
        listed = found.frames["package_release"].select("version", "released_at", "is_stable").rows()
        assert listed == [
            ("1.0.0", moment("2020-01-01 00:00"), True),
            ("2.0.0-rc.1", moment("2021-01-01 00:00"), False),
            ("2.0.0", moment("2022-01-01 00:00"), True),
        ]
        assert asked(wanted, at(server), found, NOW + timedelta(days=6)).request_count == 0
        assert asked(wanted, at(server), found, NOW + timedelta(days=8)).request_count == 1


def test_a_python_index_gives_licence_and_dates() -> None:
    info = {"license": "UNKNOWN", "classifiers": ["License :: OSI Approved :: BSD License", "Topic :: Internet"]}
    package = {"info": info, "releases": {"1.0": [{"upload_time_iso_8601": "2023-01-02T00:00:00Z"}], "0.9": []}}
    with serving() as server:
        server.replies["/pypi/town/json"] = Reply(package)
        server.replies["/pypi/town/1.0/json"] = Reply({"info": {**info, "license_expression": "BSD-3-Clause"}})
        found = asked(needs("pkg:pypi/town@1.0", is_direct=True), at(server))
        assert licences(found) == {"pkg:pypi/town@1.0": ["BSD-3-Clause", "License :: OSI Approved :: BSD License"]}
        assert found.frames["package_release"]["version"].to_list() == ["1.0"]


def batch(_: str, body: bytes) -> Reply:
    """deps.dev's answer in two pages: it knows all but what is called strange."""
    asked_for = json.loads(body)
    keys = [request["versionKey"] for request in asked_for["requests"]]
    half = keys[len(keys) // 2 :] if asked_for["pageToken"] else keys[: len(keys) // 2]
    rows = [
        {"request": {"versionKey": key}, "version": {"licenses": ["MIT"], "publishedAt": "2024-01-01T00:00:00Z"}}
        if key["name"] != "strange"
        else {"request": {"versionKey": key}}
        for key in half
    ]
    return Reply({"responses": rows, "nextPageToken": "" if asked_for["pageToken"] else "next"})


def test_many_versions_are_asked_for_in_one_request_and_the_registry_only_for_the_rest() -> None:
    with serving() as server:
        server.replies["/v3alpha/versionbatch"] = batch
        server.replies["/strange/1.0.0"] = Reply({"license": "ISC"})
        names = [f"pkg:npm/p{number}@1.0.0" for number in range(500)]
        found = asked(needs(*names, "pkg:npm/strange@1.0.0", "pkg:gem/rails@7.0.0"), at(server, deps_dev=True))
        assert len(licences(found)) == 502
        assert sorted(set(server.paths)) == ["/strange/1.0.0", "/v3alpha/versionbatch"]
        assert found.request_count == 3


@pytest.mark.parametrize(
    ("purl", "stable", "unstable"),
    [
        ("pkg:pypi/map@1.0", "2.0", "3.0.0rc1"),
        ("pkg:gem/rails@7.0.0", "7.0.1", "7.1.0.beta1"),
        ("pkg:maven/org.example/map@1", "31.1-jre", "6.0.0.M1"),
        ("pkg:golang/example.org/map@v1.0.0", "v2.0.0+incompatible", "v1.1.0-rc.1"),
        ("pkg:nuget/Map@1.0.0", "2.0.0", "3.0.0-preview.1"),
    ],
)
def test_each_ecosystem_has_its_own_rule_of_what_is_stable(purl: str, stable: str, unstable: str) -> None:
    with serving() as server:
        server.replies["/v3alpha/versionbatch"] = batch
        rows = [{"versionKey": {"version": v}, "publishedAt": "2024-01-01T00:00:00Z"} for v in (stable, unstable)]
        server.default = Reply({"versions": rows})
        found = asked(needs(purl, is_direct=True), at(server, deps_dev=True)).frames["package_release"]
        assert dict(found.select("version", "is_stable").iter_rows()) == {stable: True, unstable: False}


def test_a_package_that_somebody_knows_is_none_without_an_answer() -> None:
    key = {"system": "NPM", "name": "town", "version": "1.0.0"}
    with serving() as server:
        server.replies["/v3alpha/versionbatch"] = Reply(
            {"responses": [{"request": {"versionKey": key}, "version": {"publishedAt": "2024-01-01T00:00:00Z"}}]}
        )
        # deps.dev knows it without a licence, and the registry does not know it: one package, not two.
        found = asked(needs("pkg:npm/town@1.0.0"), at(server, deps_dev=True))
        assert (found.wanted_count, found.answered_count, found.reasons) == (1, 0, {"no_licence": 1})
        server.replies["/town/1.0.0"] = Reply({"license": "ISC"})
        found = asked(needs("pkg:npm/town@1.0.0"), at(server, deps_dev=True))
        assert (found.wanted_count, found.answered_count, found.reasons) == (1, 1, {})


def test_a_host_that_does_not_answer_costs_one_connection() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
        names = [f"pkg:npm/p{number}@1.0.0" for number in range(3000)]
        start = time.monotonic()
        found = asked(needs(*names), Places(Registries(npm=Registry(nobody)), nobody))
        assert found.request_count == 1
        assert set(reasons(found).values()) == {"unreachable"}
        assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(status=404), "http_404"),
        (Reply(status=500), "http_500"),
        (Reply(b"<html>"), "not_json"),
        (Reply([1]), "not_as_expected"),
        (Reply(b"x" * 2000), "too_large"),
        (Reply(status=None), "broken_answer"),
        (Reply(status=302, headers={"location": "http://other.example/"}), "redirected_elsewhere"),
        (Reply(status=429, headers={"retry-after": "3600"}), "rate_limited"),
        (Reply({"license": 7}), "no_licence"),
        (Reply(b"[" * 900), "not_json"),
    ],
)
def test_bad_answers_are_unknown_with_their_reason_and_asked_again_the_next_night(reply: Reply, reason: str) -> None:
    with serving() as server:
        server.default = reply
        wanted = needs("pkg:npm/town@1.0.0")
        found = asked(wanted, at(server, answer_bytes=1000))
        assert licences(found) == {}
        assert reasons(found) == {"pkg:npm/town@1.0.0": reason}
        server.default = Reply({"license": "MIT"})
        later = asked(wanted, at(server), found, NOW + timedelta(days=1))
        assert licences(later) == {"pkg:npm/town@1.0.0": ["MIT"]}
        assert reasons(later) == {}


def test_a_no_is_taken_for_a_no_until_the_next_night_and_a_fault_is_not() -> None:
    with serving() as server:
        server.replies["/fault/1.0.0"] = Reply(status=500)
        found = asked(needs("pkg:npm/town@1.0.0", "pkg:npm/fault@1.0.0"), at(server))
        assert reasons(found) == {"pkg:npm/town@1.0.0": "http_404", "pkg:npm/fault@1.0.0": "http_500"}
        server.requests.clear()
        asked(needs("pkg:npm/town@1.0.0", "pkg:npm/fault@1.0.0"), at(server), found, NOW + timedelta(hours=1))
        assert server.paths == ["/fault/1.0.0"]


def test_an_answer_with_half_a_character_is_kept_as_far_as_it_is_text() -> None:
    with serving() as server:
        server.default = Reply(b'{"license": "MIT \\ud800"}')
        assert licences(asked(needs("pkg:npm/town@1.0.0"), at(server))) == {"pkg:npm/town@1.0.0": ["MIT ?"]}


def test_retry_after_is_waited_for_once() -> None:
    with serving() as server:
        server.replies["/town/1.0.0"] = [Reply(status=429, headers={"retry-after": "0.2"}), Reply({"license": "MIT"})]
        start = time.monotonic()
        assert licences(asked(needs("pkg:npm/town@1.0.0"), at(server))) == {"pkg:npm/town@1.0.0": ["MIT"]}
        assert time.monotonic() - start >= 0.2


def test_never_more_at_once_than_configured_and_no_longer_than_the_budget() -> None:
    names = [f"pkg:npm/p{number}@1.0.0" for number in range(200)]
    with serving(latency_seconds=0.02) as server:
        server.default = Reply({"license": "MIT"})
        found = asked(needs(*names), at(server, at_once=7))
        assert len(licences(found)) == 200
        assert server.most_at_once <= 7
    with serving(latency_seconds=0.2) as server:
        server.default = Reply({"license": "MIT"})
        found = asked(needs(*names), at(server, at_once=4, budget_seconds=0.5))
        assert "not_asked_in_time" in reasons(found).values()


def test_a_hostile_name_never_becomes_another_path() -> None:
    with serving() as server:
        server.default = Reply({"license": "MIT"})
        found = asked(
            needs("pkg:npm/x@1.0.0", name="../../admin").vstack(needs("pkg:npm/y@1.0.0", resolved_version="1/../../z")),
            at(server),
        )
        assert set(reasons(found).values()) == {"no_such_name"}
        assert server.requests == []


def test_what_a_lock_file_says_needs_no_request_unless_dates_are_wanted() -> None:
    assert wanted_packages(needs("pkg:npm/town@1.0.0", declared_licence="MIT")) == []
    direct = wanted_packages(needs("pkg:npm/town@1.0.0", declared_licence="MIT", is_direct=True))
    assert [one.with_releases for one in direct] == [True]
    assert wanted_packages(needs("pkg:npm/town@1.0.0").with_columns(state=pl.lit("unreadable"))) == []
