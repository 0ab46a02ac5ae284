"""What people write as a licence becomes an expression or stays unknown, and an expression is judged in four states."""

import pytest

from oshealth.licences import judge, read_licence
from oshealth.licences.catalogue import called, closed_product, closed_service, known_licence
from oshealth.licences.conflicts import conflict
from oshealth.licences.expressions import names, read_classifiers, spdx_id


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
        ("EUPL-1.2 OR GPL-3.0-or-later", "EUPL-1.2 OR GPL-3.0-or-later"),
        ("GPL-2.0-or-later WITH Classpath-exception-2.0", "GPL-2.0-or-later WITH Classpath-exception-2.0"),
        ("apache-2.0 with llvm-exception", "Apache-2.0 WITH LLVM-exception"),
        ("MIT / Apache-2.0", "MIT OR Apache-2.0"),
        ("GPL-2 | GPL-3", "GPL-2.0-only OR GPL-3.0-only"),
        ("GNU General Public License, version 3", "GPL-3.0-only"),
        ("GNU Lesser General Public License v2.1 or later", "LGPL-2.1-or-later"),
        ("GNU AGPLv3", "AGPL-3.0-only"),
        ("GPL3+", "GPL-3.0-or-later"),
        ("GPL v3 oder später", "GPL-3.0-or-later"),
        ("GPL v3 ou ultérieure", "GPL-3.0-or-later"),
        ("GPLv3 o posterior", "GPL-3.0-or-later"),
        ("EUPL v. 1.2", "EUPL-1.2"),
        ("EUPL 1.2 or later", "EUPL-1.2"),
        ("European Union Public Licence (EUPL) v1.2", "EUPL-1.2"),
        ("Licence Publique de l'Union européenne v1.2", "EUPL-1.2"),
        ("Licence Ouverte 2.0", "etalab-2.0"),
        ("dl-de/by-2-0", "DL-DE-BY-2.0"),
        ("CeCILL v2.1", "CECILL-2.1"),
        ("CC BY-SA 4.0", "CC-BY-SA-4.0"),
        ("Licence MIT", "MIT"),
        ("SPDX-License-Identifier: Apache-2.0", "Apache-2.0"),
        ("Apache 2.0 + Commons Clause", "Apache-2.0 AND LicenseRef-Commons-Clause"),
        ("Apache-2.0 WITH Commons-Clause", "Apache-2.0 AND LicenseRef-Commons-Clause"),
        ("License :: Free for non-commercial use", "LicenseRef-Noncommercial"),
        ("http://www.opensource.org/licenses/mit-license.php", "MIT"),
        ("https://creativecommons.org/licenses/by-nc/4.0/deed.de", "CC-BY-NC-4.0"),
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
        ("MIT with restrictions", "not a licence that is known"),
        ("GPL-3.0 WITH NonCommercial-exception", "not a licence that is known"),
        ("MIT-style", "may differ"),
        ("bsl", "may be"),
        ("COMMON DEVELOPMENT AND DISTRIBUTION LICENSE (CDDL)", "no version"),
        ("http://www.opensource.org/licenses/bsd-license.php", "not a licence that is known"),
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
        ("MIT WITH Restrictions", "unknown"),
        ("SSPL-1.0 WITH Restrictions", "non-open"),
        ("etalab-2.0", "open"),
        ("DL-DE-BY-2.0", "open"),
        ("GPL-1.0-or-later", "open"),
        ("NCGL-UK-2.0", "non-open"),
        ("MS-LPL", "non-open"),
        (None, "unknown"),
    ],
)
def test_an_expression_is_judged_by_its_sides(expression: str | None, openness: str) -> None:
    assert judge(expression).openness == openness


def test_a_conflict_is_one_only_where_the_rule_is_known_and_no_choice_fits() -> None:
    found = conflict("GPL-2.0-only", "Apache-2.0")
    assert found is not None
    assert "Apache-2.0 cannot be taken into a work under GPL-2.0-only" in found.rule
    assert conflict("GPL-2.0-only", "Apache-2.0 OR MIT") is None
    assert conflict("EUPL-1.2 OR AGPL-3.0-only", "MIT AND Apache-2.0") is None
    assert conflict("MIT", "LicenseRef-Anything") is None
    assert conflict("GPL-2.0-or-later", "Apache-2.0") is None
    assert conflict("AGPL-3.0-or-later", "AGPL-3.0-only") is None
    later = conflict("GPL-2.0-or-later", "BSD-4-Clause")
    assert later is not None
    assert later.outbound == "GPL-2.0-or-later"
    assert conflict(None, "MIT") is None


def test_a_library_that_stays_one_conflicts_only_where_either_licence_reaches_beyond_it() -> None:
    for theirs in ("LGPL-2.1-or-later", "MPL-2.0", "EPL-2.0"):
        assert conflict("MIT", theirs) is not None
        assert conflict("MIT", theirs, is_copied=False) is None
    assert conflict("MIT", "GPL-3.0-only", is_copied=False) is not None
    # The GPL reaches libraries, too: version 2 alone does not go together with what LGPL 3 adds.
    assert conflict("GPL-2.0-only", "LGPL-3.0-only", is_copied=False) is not None


def test_closed_products_are_known_by_name_and_where_it_matters_by_version() -> None:
    assert closed_product("deb", "google-chrome-stable", None) is not None
    address = "pkg:generic/qs.tar.gz?download_url=https://download.teamviewer.com/download/qs.tar.gz"
    assert closed_product("generic", "qs.tar.gz", None, address) is not None
    assert closed_product("generic", "qs.tar.gz", None, address.replace("teamviewer.com", "example.org")) is None
    assert closed_product("npm", "mapbox-gl", "1.13.0") is None
    assert closed_product("npm", "mapbox-gl", "2.1.0") is not None
    assert closed_product("npm", "mapbox-gl", None) is None
    assert closed_product("pypi", "highcharts", None) is None
    redis = [
        closed_product("docker", "redis", version) is not None for version in ("7.2", "7.4-alpine", "8.0", "latest")
    ]
    assert redis == [False, True, False, False]
    assert closed_service("boto3") is not None
    assert known_licence("github", "actions/checkout") == "MIT"
    assert known_licence("npm", "actions/checkout") is None
    assert closed_service("left-pad") is None


def test_what_a_maker_gives_to_download_is_called_by_its_product_where_its_own_name_tells_nothing() -> None:
    script = "pkg:generic/js?download_url=https://maps.googleapis.com/maps/api/js"
    assert called("generic", "js", None, script) == "Google Maps' script (js)"
    assert called("docker", "mongo", "7", "") == "mongo"
    assert called("npm", "js", None, "") == "js"
