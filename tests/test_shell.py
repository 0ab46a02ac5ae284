"""What scripts install, written as people write it: over several lines, in functions, arms, quotes and lists."""

import time

import pytest

from manifest_rows import rows_of

WAYS = {
    "quoted list": ('LIST="\n  curl\n  jq\n"\napt-get install -y $LIST\n', "5 deb/curl, 5 deb/jq"),
    "quoted list, closely": ("LIST='curl\njq'\napt-get install -y $LIST\n", "3 deb/curl, 3 deb/jq"),
    "array": (
        'LIST=(\n  curl   # why\n  # and\n  "jq"\n)\nLIST+=(\n  vim\n)\napt-get install -y "${LIST[@]}"\n',
        "9 deb/curl, 9 deb/jq, 9 deb/vim",
    ),
    "list and install on one line": ('LIST="curl\njq"; apt-get install -y $LIST\n', "1 deb/curl, 1 deb/jq"),
    "commands in a variable": ('TODO="\napt-get install -y curl\n"\n', "2 deb/curl"),
    "quote that never ends": ('SAID="\napt-get install -y curl\n', "2 deb/curl"),
    "function on one line": ('get() { apt-get install -y curl "$1"; }\nget jq\n', "1 deb/curl, 1 ?"),
    "function of another kind": ("function get { dnf install -y curl; }\n", "1 rpm/curl"),
    "arm of a case": (
        'case "$ID" in\n  debian|ubuntu) apt-get install -y curl ;;\n  "fedora") dnf install -y jq;;\nesac\n',
        "2 deb/curl, 3 rpm/jq",
    ),
    "two commands for a shell": (
        "sudo -E bash -c \"apt-get update && apt-get install -y curl\"\nsu - town -c 'pip install tox'\n",
        "1 deb/curl, 2 pypi/tox",
    ),
    "what answers is run": (
        'sh -c "$(curl -fsSL https://get.example.org)"\nbash <(curl -s https://set.example.org) --yes\n',
        "1 generic/get.example.org, 2 generic/set.example.org",
    ),
    "comparison": ("diff <(curl -s https://example.org) here\n", ""),
    "list from elsewhere": (
        "cat packages.txt | xargs apt-get install -y\nxargs -a DEPENDENCIES apt-get install -y\n"
        "xargs apt-get install -y < packages.txt\nls | xargs rm\n",
        "1 ?, 3 ?",
    ),
    "marker": ("pip install 'tox>4;python_version>\"3\"'\n", "1 pypi/tox"),
    "names that only the script knows": (
        "pip install $TOOLS\nnpm install -g ${TOOL}\nsnap install $APP\npip install $OPTIONS tox\n"
        "pip install ${BASE_DIR}\n",
        "1 ?, 2 ?, 3 ?, 4 pypi/tox",
    ),
    "beginnings of versions": (
        "apt-get install -y curl=7.* jq=1.6~rc1-2\napk add 'vim>9' less~=6 git=2.40-r0\n",
        "1 deb/curl, 1 deb/jq@1.6~rc1-2, 2 apk/alpine/vim, 2 apk/alpine/less, 2 apk/alpine/git@2.40-r0",
    ),
}


@pytest.mark.parametrize(("script", "expected"), WAYS.values(), ids=WAYS)
def test_an_install_is_found_however_it_is_written(script: str, expected: str) -> None:
    rows = [row.removeprefix("install.sh:").split()[:2] for row in rows_of({"install.sh": script})]
    said = [f"{line} {'?' if purl == 'None' else purl.removeprefix('pkg:').partition('?')[0]}" for line, purl in rows]
    assert ", ".join(said) == expected


@pytest.mark.parametrize("line", ["X=(a\n", 'X="a\n', "X='a\n", "X=$(\n", 'sh -c "' * 3 + "\n"], ids=repr)
def test_lists_that_never_end_take_no_time(line: str) -> None:
    start = time.monotonic()
    rows_of({"install.sh": line * (100_000 // len(line)) + "apt-get install -y curl\n"})
    assert time.monotonic() - start < 8
