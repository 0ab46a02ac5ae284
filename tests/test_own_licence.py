"""A repository's own licence, where its files do not all say the same."""

from importlib.resources import files

import pytest

from oshealth.derive.own_licence import own_licence

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
