"""Licence files are known by their text or their notice, and not where something was put in that restricts."""

from importlib.resources import files

import pytest

from oshealth.licences import judge
from oshealth.licences.notices import notice_of
from oshealth.licences.texts import recognise

LATER = """
This program is free software: you can redistribute it and/or modify it under the terms of the GNU General Public
License as published by the Free Software Foundation, either version 3 of the License, or (at your option) any later
version.

This program is distributed in the hope that it will be useful, but WITHOUT ANY WARRANTY; without even the implied
warranty of MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE. See the GNU General Public License for more details.
"""
PERMISSION = "\n\nCopyright (c) 2024 Town of Bytown\n\n"


def packaged(licence: str) -> str:
    return (files("oshealth.licences") / "data" / "texts" / f"{licence}.txt").read_text(encoding="utf-8")


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


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("obtaining a copy", "obtaining a copy for non-commercial purposes"),
        ("without restriction", "with the restriction that it runs no competing service"),
        ("and/or sell", "but not sell"),
        ("The above copyright notice", "It may not be used for war.\n\nThe above copyright notice"),
        ("distribute, sublicense, and/or sell copies", "distribute copies"),
    ],
)
def test_a_text_in_which_a_restriction_was_put_is_not_taken_for_the_open_one(before: str, now: str) -> None:
    text = packaged("MIT")
    assert before in text
    assert recognise(text.replace(before, now)) is None


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("", "Commercial use is forbidden."),
        ("", "It shall not be used to train machines."),
        ("Licensed under a modified version of the licence, with these additional conditions: keep our logo.", ""),
        ("All content of the folder ee/ is under the licence in ee/LICENSE, with exceptions. Only the rest is:", ""),
        ("Copyright (c) 2024 Town of Bytown. Commercial use is forbidden.", ""),
    ],
)
@pytest.mark.parametrize("licence", ["MIT", "Apache-2.0", "EUPL-1.2", "GPL-3.0-only", "BSD-3-Clause"])
def test_what_restricts_beside_an_open_text_keeps_it_from_being_recognised(
    licence: str, before: str, behind: str
) -> None:
    assert recognise(f"{before}\n\n{packaged(licence)}\n\n{behind}") is None


def test_what_notices_usually_say_beside_a_text_restricts_nothing() -> None:
    eupl = recognise(f"You may not use this work except in compliance with the Licence.\n\n{packaged('EUPL-1.2')}")
    assert eupl is not None
    assert eupl.expression == "EUPL-1.2"
    gpl = recognise(f"{LATER}\n\n{packaged('GPL-3.0-only')}")
    assert gpl is not None
    assert gpl.expression == "GPL-3.0-or-later"


def test_a_clause_that_takes_the_right_to_sell_away_is_known_without_its_title() -> None:
    clause = "The grant will not include, and the License does not grant to you, the right to Sell the Software."
    for text in (f"{clause}\n\n{packaged('MIT')}", f"Apache with the Commons Clause\n\n{packaged('Apache-2.0')}"):
        match = recognise(text)
        assert match is not None
        assert judge(match.expression).openness == "non-open"


@pytest.mark.parametrize(
    "ahead",
    [
        "Townmap is distributed with the 3-clause BSD license.",
        "Unless otherwise stated below, the files here may be distributed under the following license.",
    ],
)
def test_what_names_the_licence_beside_its_text_does_not_hide_it(ahead: str) -> None:
    match = recognise(f"{ahead}\n\n{packaged('BSD-3-Clause')}")
    assert match is not None
    assert match.expression == "BSD-3-Clause"


def test_a_notice_before_a_sentence_that_takes_a_use_back_applies_nothing() -> None:
    notice = "Licensed under the EUPL, version 1.2 of the European Commission. See the file LICENCE for its text. " * 2
    assert (found := recognise(notice)) is not None
    assert found.expression == "EUPL-1.2"
    assert recognise(f"{notice}{'The folder map holds tiles of the town. ' * 80}No use by the military.") is None
