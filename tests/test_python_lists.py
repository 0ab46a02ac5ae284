"""Requirements that a Python project gathers, or keeps in other files: read, or said to be unknown."""

from manifest_rows import rows_of


def purls(texts: dict[str, str]) -> list[str]:
    return [" ".join(row.split()[1:3]).removeprefix("pkg:pypi/") for row in rows_of(texts)]


def named(texts: dict[str, str]) -> list[str]:
    return sorted(row.split()[0] for row in purls(texts))


def test_a_list_on_one_line_has_semicolons_and_a_mistake_costs_only_itself() -> None:
    text = (
        "[options]\ninstall_requires = lxml; python_version < '4'\nsetup_requires = wheel ; cython>=3\n"
        "tests_require = ???\n[options.extras_require]\npdf =\n  weasyprint>59\n"
    )
    assert purls({"setup.cfg": text}) == [
        "lxml runtime",
        "wheel build",
        "cython (>=3)",
        "weasyprint (>59)",
        "unreadable: invalid_requirement:",
    ]


def test_a_list_in_another_file_is_read_there_or_unknown() -> None:
    cfg = "[options]\ninstall_requires = file: requirements.txt, needed.txt\n"
    toml = '[tool.setuptools.dynamic]\ndependencies = {file = ["requirements.txt"]}\n'
    extras = '[tool.setuptools.dynamic]\noptional-dependencies.pdf = {file = "pdf.txt"}\n'
    assert purls({"setup.cfg": cfg, "requirements.txt": "lxml\n"})[-1] == "unreadable: missing_include:"
    assert purls({"pyproject.toml": toml, "requirements.txt": "lxml\n"}) == ["lxml runtime"]
    assert purls({"pyproject.toml": toml}) == ["unreadable: missing_include:"]
    assert purls({"pyproject.toml": extras}) == ["unreadable: missing_include:"]


def test_what_a_setup_program_adds_to_its_lists_is_read() -> None:
    text = (
        'NEEDS = ["a"]\nif WINDOWS:\n    NEEDS.append("b")\nNEEDS += ["c"]\nNEEDS.extend(["d", "e"])\n'
        'NEEDS = NEEDS + ["f"]\nEXTRAS = {"x": ["g"]}\nEXTRAS["y"] = ["h"]\nEXTRAS.update({"z": ["i"]})\n'
        'EXTRAS["all"] = sum(EXTRAS.values(), [])\nsetup(install_requires=NEEDS, extras_require=EXTRAS)\n'
    )
    assert named({"setup.py": text}) == list("abcdefghi")


def test_both_sides_of_a_choice_are_read() -> None:
    text = 'if OLD:\n    NEEDS = ["a"]\nelse:\n    NEEDS = ["b"]\nsetup(install_requires=NEEDS)\n'
    assert named({"setup.py": text}) == ["a", "b"]


def test_what_is_computed_for_a_list_is_unknown_and_the_rest_is_read() -> None:
    text = 'NEEDS = ["a"]\nNEEDS += found()\nsetup(install_requires=NEEDS)\n'
    assert purls({"setup.py": text}) == ["a runtime", "unreadable: computed:"]
    extras = 'EXTRAS = {"x": ["a"]}\nEXTRAS["y"] = found()\nsetup(extras_require=EXTRAS)\n'
    assert purls({"setup.py": extras}) == ["a runtime", "unreadable: computed:"]


def test_lists_that_are_made_of_each_other_end() -> None:
    text = "A = []\nB = []\nA += B\nB += A\nA += A\nsetup(install_requires=A)\n"
    assert purls({"setup.py": text})[-1:] in ([], ["unreadable: computed:"])
