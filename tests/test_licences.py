"""What people write as a licence becomes an expression or stays unknown, and an expression is judged in four states."""

from importlib.resources import files

import pytest

from oshealth.licences import judge, read_licence
from oshealth.licences.catalogue import closed_product, closed_service, known_licence
from oshealth.licences.conflicts import conflict
from oshealth.licences.expressions import names, read_classifiers, spdx_id
from oshealth.licences.notices import notice_of
from oshealth.licences.texts import recognise

PERMISSION = "\n\nCopyright (c) 2024 Town of Bytown\n\n"


@pytest.mark.parametrize(
    ("raw", "expression"),
    [
        ("MIT", "MIT"),
        ("mit", "MIT"),
        (" 'MIT' ", "MIT"),
        ("GPL v3", "GPL-3.0-only"),
        ("GPL-2.0+", "GPL-2.0-or-later"),
        ("GPL-2.0", "GPL-2.0-only"),
        ("GPL-2.0-with-classpath-exception", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("EUPL v1.2", "EUPL-1.2"),
        ("Apache License, Version 2.0", "Apache-2.0"),
        ("(MIT OR Apache-2.0)", "MIT OR Apache-2.0"),
        ("MIT/Apache-2.0", "MIT OR Apache-2.0"),
        ("(MIT AND (GPL-2.0 OR BSD-3-Clause))", "MIT AND (GPL-2.0-only OR BSD-3-Clause)"),
        ("UNLICENSED", "LicenseRef-Proprietary"),
        ("License :: OSI Approved :: MIT License", "MIT"),
        ("License :: Other/Proprietary License", "LicenseRef-Proprietary"),
        ("https://opensource.org/licenses/MIT", "MIT"),
        ("Business Source License 1.1", "BUSL-1.1"),
        ("MIT (https://example.org/license.txt)", "MIT"),
        ("Apache 2.0 <https://example.org>", "Apache-2.0"),
        ("MIT OR Apache 2.0", "MIT OR Apache-2.0"),
        ("GPL v2 or later OR MIT", "GPL-2.0-or-later OR MIT"),
        ("(GPL v2 AND Apache License, Version 2.0) or MIT", "GPL-2.0-only AND Apache-2.0 OR MIT"),
    ],
)
def test_what_people_write_becomes_an_expression(raw: str, expression: str) -> None:
    assert read_licence(raw).expression == expression


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("BSD", "a family"),
        ("GPL", "no version"),
        ("BSD (https://example.org/license.txt)", "not a licence that is known"),
        ("See https://example.org", "not a licence that is known"),
        ("License :: OSI Approved :: BSD License", "a family"),
        ("SEE LICENSE IN LICENSE.md", "another place"),
        ("LICENSE.txt", "another place"),
        ("MIT OR Something-Else", "not a licence that is known"),
        ("((" * 500, "not a licence that is known"),
        ("MIT " * 5000, "no name of a licence"),
        ("", "no licence"),
        (None, "no licence"),
    ],
)
def test_what_does_not_name_one_licence_stays_unknown_with_its_reason(raw: str | None, reason: str) -> None:
    reading = read_licence(raw)
    assert reading.expression is None
    assert reason in (reading.reason or "")


def test_several_classifiers_do_not_say_whether_one_may_choose() -> None:
    both = ["License :: OSI Approved :: MIT License", "License :: OSI Approved :: Apache Software License"]
    assert read_classifiers(both).expression is None
    assert read_classifiers([both[0], "License :: OSI Approved"]).expression == "MIT"


def test_every_name_of_the_table_leads_to_an_spdx_id_or_a_reference() -> None:
    table = names()
    for name in [*table["names"].values(), *table["classifiers"].values()]:
        assert all(spdx_id(part) == part for part in name.split() if part not in {"OR", "AND", "WITH"}), name


@pytest.mark.parametrize(
    ("expression", "openness"),
    [
        ("MIT", "approved"),
        ("EUPL-1.2", "approved"),
        ("CC0-1.0", "open"),
        ("PSF-2.0", "open"),
        ("SSPL-1.0", "non-open"),
        ("BUSL-1.1", "non-open"),
        ("CC-BY-NC-SA-4.0", "non-open"),
        ("PolyForm-Small-Business-1.0.0", "non-open"),
        ("MIT OR SSPL-1.0", "approved"),
        ("MIT AND SSPL-1.0", "non-open"),
        ("MIT AND CC0-1.0", "open"),
        ("LicenseRef-Anything", "unknown"),
        ("MIT AND LicenseRef-Anything", "unknown"),
        ("SSPL-1.0 OR LicenseRef-Anything", "unknown"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "approved"),
        ("Apache-2.0 AND LicenseRef-Commons-Clause", "non-open"),
        (None, "unknown"),
    ],
)
def test_an_expression_is_judged_by_its_sides(expression: str | None, openness: str) -> None:
    assert judge(expression).openness == openness


def test_what_is_no_licence_text_is_not_recognised() -> None:
    assert recognise("nothing of a licence stands here. " * 20) is None
    assert recognise("MIT") is None


@pytest.mark.parametrize("licence", ["MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "MPL-2.0", "EUPL-1.2"])
def test_each_packaged_text_is_recognised_with_a_copyright_line_before_it(licence: str) -> None:
    match = recognise(f"{licence} licence{PERMISSION}{packaged(licence)}")
    assert match is not None
    assert match.expression == licence
    assert match.score > 0.9


def test_two_licences_in_one_file_are_not_taken_for_one() -> None:
    assert recognise(packaged("MIT") + "\n\n" + packaged("MPL-2.0")) is None


AGPL = (
    "software is free software; you can redistribute it and/or modify it under the terms of the GNU Affero General "
    "Public License as published by the Free Software Foundation, either version 3 of the License, or (at your option) "
    "any later version."
)


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        (
            f"Product\n=======\nCopyright 2024 A Town\n\nThis {AGPL}\n\nParts of map.py: {PERMISSION}",
            "AGPL-3.0-or-later",
        ),
        (
            "This program is free software: you can redistribute it and/or modify it under the terms of version 2 of "
            "the GNU General Public License as published by the Free Software Foundation.",
            "GPL-2.0-only",
        ),
        (
            "This library is free software; you can redistribute it and/or modify it under the terms of the GNU Lesser "
            "General Public License version 2.1 as published by the Free Software Foundation.",
            "LGPL-2.1-only",
        ),
        (
            "Licensed under the EUPL, Version 1.2 or – as soon they will be approved by the European Commission – "
            'subsequent versions of the EUPL (the "Licence"); You may not use this work otherwise.',
            "EUPL-1.2",
        ),
        (
            "This is in the public domain there. Additionally, we waive copyright and related rights in the work\n"
            "worldwide through the CC0 1.0 Universal public domain dedication.\n\nYou can copy and change it, even for "
            "commercial purposes, all without asking.",
            "CC0-1.0",
        ),
        (f"This {AGPL}\n\n{'A copy follows. ' * 200}", "AGPL-3.0-or-later"),
    ],
)
def test_a_licence_is_known_by_the_notice_that_it_asks_for(text: str, expression: str) -> None:
    match = recognise(text)
    assert match is not None
    assert (match.expression, match.source) == (expression, "notice")


@pytest.mark.parametrize(
    "text",
    [
        f"This {AGPL} You may not use it for commercial purposes.",
        f'This {AGPL}\n\nLicensed under the Apache License, Version 2.0 (the "License"); you may not use this file.',
        f"{'A long introduction. ' * 50}\n\nThis {AGPL}",
        f"Permission is hereby granted to nobody. The part map.py is {AGPL}",
        AGPL.replace("either version 3 of the License, or (at your option) any later version", "as it stands"),
    ],
)
def test_a_notice_that_is_not_all_that_holds_says_nothing(text: str) -> None:
    assert notice_of(text) is None


def test_the_example_of_a_notice_at_a_text_s_end_is_no_second_licence() -> None:
    """As in the texts that the FSF hands out today, which name its web site where they named a street."""
    street = (
        "write to the Free Software Foundation, Inc.,\n    51 Franklin Street, Fifth Floor, Boston, MA 02110-1301 USA."
    )
    text = packaged("GPL-2.0-only").replace(street, "see <https://licences.example>.") + "Kept by the town. " * 100
    match = recognise(text)
    assert match is not None
    assert match.expression == "GPL-2.0-only"


def test_a_commons_clause_before_an_open_text_makes_it_closed() -> None:
    match = recognise(f'"Commons Clause" License Condition v1.0\n\n{packaged("MIT")}')
    assert match is not None
    assert judge(match.expression).openness == "non-open"


def packaged(licence: str) -> str:
    return (files("oshealth.licences") / "data" / "texts" / f"{licence}.txt").read_text(encoding="utf-8")


def test_a_conflict_is_one_only_where_the_rule_is_known_and_no_choice_fits() -> None:
    found = conflict("GPL-2.0-only", "Apache-2.0")
    assert found is not None
    assert "Apache-2.0 cannot be taken into a work under GPL-2.0-only" in found.rule
    assert conflict("GPL-2.0-only", "Apache-2.0 OR MIT") is None
    assert conflict("EUPL-1.2 OR AGPL-3.0-only", "MIT AND Apache-2.0") is None
    assert conflict("MIT", "LicenseRef-Anything") is None
    assert conflict(None, "MIT") is None


def test_closed_products_are_known_by_name_and_where_it_matters_by_version() -> None:
    assert closed_product("deb", "google-chrome-stable", None) is not None
    address = "pkg:generic/qs.tar.gz?download_url=https://download.teamviewer.com/download/qs.tar.gz"
    assert closed_product("generic", "qs.tar.gz", None, address) is not None
    assert closed_product("generic", "qs.tar.gz", None, address.replace("teamviewer.com", "example.org")) is None
    assert closed_product("npm", "mapbox-gl", "1.13.0") is None
    assert closed_product("npm", "mapbox-gl", "2.1.0") is not None
    assert closed_product("npm", "mapbox-gl", None) is None
    assert closed_product("pypi", "highcharts", None) is None
    assert closed_service("boto3") is not None
    assert known_licence("github", "actions/checkout") == "MIT"
    assert known_licence("npm", "actions/checkout") is None
    assert closed_service("left-pad") is None
