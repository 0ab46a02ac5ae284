"""A repository's own licence, where its files do not all say the same."""

from importlib.resources import files

import pytest

from facts_builder import History, moment
from oshealth.derive.findings import findings_of
from oshealth.derive.own_licence import own_licence
from oshealth.measure import measure
from oshealth.metrics.open_all_the_way_down import open_all_the_way_down

DAY = "2024-06-30"
EUPL = (files("oshealth.licences") / "data" / "texts" / "EUPL-1.2.txt").read_text(encoding="utf-8")
TEMPLATE = '{"license": "ISC"}'


def test_of_manifests_that_disagree_the_one_is_believed_whose_text_stands_there() -> None:
    own = own_licence(
        None, {"package.json": TEMPLATE, "pyproject.toml": '[project]\nlicense = "EUPL-1.2"'}, {"LICENSE": EUPL}
    )
    assert own.expression == "EUPL-1.2"
    assert own.disagreeing is not None
    assert [one.path for one in own.disagreeing] == ["package.json", "pyproject.toml"]


def test_where_no_text_decides_the_first_manifest_is_believed_and_publiccode_before_all() -> None:
    manifests = {"package.json": TEMPLATE, "pyproject.toml": '[project]\nlicense = "EUPL-1.2"'}
    assert own_licence(None, manifests, {}).expression == "ISC"
    assert own_licence(None, {"package.json": TEMPLATE}, {"LICENSE": EUPL}).expression == "ISC"
    assert own_licence("MIT", manifests, {"LICENSE": EUPL}).expression == "MIT"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("setup.cfg", "[metadata]\nlicense = AGPL\nclassifiers =\n    Framework :: Town\n    License :: {}\n"),
        ("pyproject.toml", '[project]\nlicense = {{text = "AGPL"}}\nclassifiers = ["License :: {}"]\n'),
    ],
)
def test_a_classifier_says_which_of_a_family_of_licences_it_is(path: str, text: str) -> None:
    classifier = "OSI Approved :: GNU Affero General Public License v3 or later (AGPLv3+)"
    assert own_licence(None, {path: text.format(classifier)}, {}).expression == "AGPL-3.0-or-later"


def test_no_declaration_opens_a_text_that_is_closed() -> None:
    history = History()
    history.commit("ann", "2024-01-01", adds=["LICENSE", "main.py"])
    history.document("publiccode", "publiccode.yml", "2024-01-01", text="legal: {license: MIT}")
    mit = (files("oshealth.licences") / "data" / "texts" / "MIT.txt").read_text(encoding="utf-8")
    text = f'"Commons Clause" License Condition v1.0\n\n{mit.replace("deal", "work")}'
    history.document("licence", "LICENSE", "2024-01-01", text=text)
    history.dependency("pkg:npm/map@1.0.0", "MIT")
    metric = open_all_the_way_down.metric  # type: ignore[attr-defined]
    assert measure(metric, history.at(DAY)).reason == (
        "its own licence (MIT in publiccode.yml, but LicenseRef-Commons-Clause in LICENSE) is not known to be open"
    )
    assert findings_of(history.at(DAY))["kind"].to_list() == ["own_licence_not_known", "licence_disagreement"]


def test_a_declared_licence_whose_text_is_not_recognised_is_a_finding() -> None:
    history = History()
    history.commit("ann", "2024-01-01", adds=["LICENSE", "main.py"])
    history.document("publiccode", "publiccode.yml", "2024-01-01", text="legal: {license: MIT}")
    history.document("licence", "LICENSE", "2024-01-01", text="You may do with this what our mayor allows. " * 10)
    found = findings_of(history.at(DAY)).row(0, named=True)
    assert (found["kind"], found["grade"], found["path"]) == ("licence_text_not_recognised", "watch", "LICENSE")
    assert found["detail"].startswith("MIT is declared, but the text of LICENSE is not recognised")


def test_a_closed_text_beside_the_declared_one_is_that_of_some_files() -> None:
    folder = files("oshealth.licences") / "data" / "texts"
    texts = {f"LICENSES/{name}.txt": (folder / f"{name}.txt").read_text(encoding="utf-8") for name in ("MIT", "ISC")}
    texts["LICENSES/ISC.txt"] += "\nThe grant does not grant to you the right to sell the software."
    assert own_licence("MIT", {}, texts).openness == "approved"
    assert own_licence(None, {}, texts).openness == "non-open"


def test_the_lgpl_and_the_gpl_that_it_rests_on_stand_in_two_files() -> None:
    lgpl = "This library is free software; you can redistribute it and/or modify it under the terms of the GNU Lesser "
    lgpl += (
        "General Public License as published by the Free Software Foundation; either version 3 of the License, or (at "
    )
    lgpl += "your option) any later version."
    gpl = (files("oshealth.licences") / "data" / "texts" / "GPL-3.0-only.txt").read_text(encoding="utf-8")
    assert own_licence(None, {}, {"COPYING": gpl, "COPYING.LESSER": lgpl}).expression == "LGPL-3.0-or-later"
    assert own_licence(None, {}, {"COPYING": gpl, "LICENSE": gpl}).expression == "GPL-3.0-only"


def test_manifests_that_name_several_licences_do_not_leave_a_work_without_one() -> None:
    old = '{"licenses": [{"type": "MIT"}]}'
    assert own_licence(None, {"package.json": old}, {}).expression == "MIT"
    several = old.replace("}]", '}, {"type": "Apache-2.0"}]')
    classified = '[project]\nclassifiers = ["License :: OSI Approved :: MIT License", "License :: Public Domain"]'
    for manifests in ({"package.json": several}, {"pyproject.toml": classified}):
        own = own_licence(None, manifests, {})
        assert (own.expression, own.is_none, own.openness) == (None, False, "unknown")


def test_a_licence_file_whose_text_was_not_stored_is_not_recognised_but_there() -> None:
    history = History()
    history.commit("ann", "2024-01-01", adds=["LICENSE", "main.py"])
    history.add("document", kind="licence", path="LICENSE", blob="f" * 40, from_at=moment("2024-01-01"), until_at=None)
    assert findings_of(history.at(DAY))["kind"].to_list() == ["own_licence_not_known"]


def test_the_licence_of_a_gemspec_and_of_a_pom_is_read() -> None:
    gem = "Gem::Specification.new do |spec|\n  spec.licenses = ['EUPL-1.2']\nend\n"
    assert own_licence(None, {"town.gemspec": gem}, {}).expression == "EUPL-1.2"
    two = own_licence(None, {"town.gemspec": gem.replace("]", ", 'MIT']")}, {})
    assert (two.expression, two.is_none) == (None, False)
    pom = "<project><licenses><license><name>EUPL-1.2</name></license></licenses></project>"
    assert own_licence(None, {"pom.xml": pom}, {}).expression == "EUPL-1.2"


def test_the_licence_of_a_setup_file_is_read_where_it_is_a_plain_string() -> None:
    said = own_licence(None, {"setup.py": 'setup(\n    name="x",\n    license="EUPL v1.2",\n)\n'}, {})
    assert said.expression == "EUPL-1.2"
    assert own_licence(None, {"setup.py": "setup(license=LICENCE)  # license='MIT'\n"}, {}).expression is None
