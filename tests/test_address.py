"""Only public https addresses are fetched from, unless the operator says otherwise."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oshealth.collect.address import Mirrors, Place, check_address, mirror_folder, public_addresses
from oshealth.collect.errors import AddressError
from oshealth.collect.git_command import Git, git_environment
from oshealth.collect.transfer import is_proxied, list_remote
from oshealth.sources import Host

REFUSED = [
    "",
    "-uhttps://example.org/a/b",
    "--upload-pack=touch x",
    "http://example.org/a/b",
    "HTTP://example.org/a/b",
    "git://example.org/a/b",
    "ssh://example.org/a/b",
    "file:///etc",
    "/etc/passwd",
    "./a",
    "example.org:a/b",
    "git@example.org:a/b.git",
    "ext::sh -c touch% x",
    "ext::https://example.org/a",
    "https::example.org/a/b",
    "https://example.org/a::b",
    "https://user@example.org/a/b",
    "https://user:secret@example.org/a/b",
    "https://@example.org/a/b",
    "https://example.org@127.0.0.1/a/b",
    "https://example.org\\@127.0.0.1/a/b",
    "https://example.org/a\\b",
    "https://example.org/a b",
    "https://example.org/a/b\n",
    "https://example.org/a/b\nHost: x",
    "https://example.org/a\x00b",
    "https://example.org/a/\u202eb",
    "https://example.org/a/\u00a0b",
    "https://exämple.org/a/b",
    "https://example.org/%2e%2e/b",
    "https://example.org%00/a",
    "https://%31%32%37.0.0.1/a",
    "https://example.org/a/../b",
    "https://example.org/./b",
    "https://example.org//b",
    "https://example.org/a/-b",
    "https://example.org/.git",
    "https://example.org/a/b.git.git",
    "https://example.org/a/.git",
    "https://example.org/a/b?x=1",
    "https://example.org/a/b#x",
    "https://example.org",
    "https://example.org/",
    "https:///a/b",
    "https:/example.org/a/b",
    "https:example.org/a/b",
    "https://localhost/a/b",
    "https://LOCALHOST/a/b",
    "https://localhost./a/b",
    "https://git.localhost/a/b",
    "https://intranet/a/b",
    "https://forge.internal/a/b",
    "https://printer.local/a/b",
    "https://router.lan/a/b",
    "https://router.home.arpa/a/b",
    "https://127.0.0.1/a/b",
    "https://127.1/a/b",
    "https://0/a/b",
    "https://0x7f000001/a/b",
    "https://0x7f.1/a/b",
    "https://0177.0.0.1/a/b",
    "https://2130706433/a/b",
    "https://10.0.0.1/a/b",
    "https://169.254.169.254/latest/meta-data",
    "https://8.8.8.8/a/b",
    "https://example.0x1/a/b",
    "https://127.0.0.1./a/b",
    "https://[::1]/a/b",
    "https://[fe80:0:0:0:0:0:0:1]/a/b",
    "https://[v1.x]/a/b",
    "https://[/a/b",
    "https://example.org:22/a/b",
    "https://example.org:8443/a/b",
    "https://example.org:0/a/b",
    "https://example.org:99999/a/b",
    "https://example.org:x/a/b",
    "https://-example.org/a/b",
    "https://example..org/a/b",
    "https://" + "a" * 64 + ".org/a/b",
    "https://example.org/" + "a" * 2000,
]


@pytest.mark.parametrize("url", REFUSED)
def test_an_address_is_refused_in_one_sentence(url: str) -> None:
    with pytest.raises(AddressError) as refusal:
        check_address(url)
    sentence = str(refusal.value)
    assert sentence.endswith(".")
    assert sentence.isprintable()
    assert "secret" not in sentence


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://github.com/OS2borgerPC/os2borgerpc-client", "https://github.com/OS2borgerPC/os2borgerpc-client"),
        ("https://GitHub.com:443/Owner/Name.git/", "https://github.com/Owner/Name"),
        ("https://gitlab.com/group/sub/sub/name.git", "https://gitlab.com/group/sub/sub/name"),
        ("https://github.com/example/.github", "https://github.com/example/.github"),
        ("https://git.example.org/~someone/name", "https://git.example.org/~someone/name"),
        ("https://xn--exmple-cua.org/a/b", "https://xn--exmple-cua.org/a/b"),
    ],
)
def test_an_address_has_one_spelling(url: str, canonical: str) -> None:
    assert check_address(url) == canonical


def test_a_private_host_is_allowed_where_sources_say_so() -> None:
    hosts = (Host(name="forge.internal", is_private=True), Host(name="10.0.0.7:8443", is_private=True))
    assert check_address("https://forge.internal/a/b", hosts) == "https://forge.internal/a/b"
    assert check_address("https://10.0.0.7:8443/a/b", hosts) == "https://10.0.0.7:8443/a/b"
    for other in ("https://10.0.0.7/a/b", "https://forge.internal:8443/a/b", "https://other.internal/a/b"):
        with pytest.raises(AddressError):
            check_address(other, hosts)
    with pytest.raises(AddressError):
        check_address("https://forge.internal/a/b", [Host(name="forge.internal")])


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    for url in (text, f"https://{text}", f"https://example.org/{text}"):
        try:
            canonical = check_address(url)
        except AddressError:
            continue
        assert check_address(canonical) == canonical


def test_the_folder_of_a_mirror_depends_on_the_canonical_address_alone() -> None:
    names = {mirror_folder(url) for url in ("https://example.org/a/b", "https://EXAMPLE.org:443/a/b.git")}
    assert len(names) == 1
    assert mirror_folder("https://example.org/a/c") not in names


def test_a_name_that_stands_for_a_private_address_is_refused() -> None:
    with pytest.raises(AddressError, match="private network"):
        public_addresses("https://localhost/a/b")
    assert public_addresses("https://localhost/a/b", [Host(name="localhost", is_private=True)])
    assert public_addresses("https://no-such-name.invalid/a/b") == ()


@pytest.mark.parametrize(
    "number",
    [
        *("::a00:1", "::7f00:1", "::1", "::", "fec0::1", "fe80::1", "fd00::1", "ff02::1", "4000::1", "100::1"),
        *("::ffff:10.0.0.1", "2002:a00:1::", "64:ff9b::a00:1", "64:ff9b::7f00:1", "64:ff9b:1::808:808"),
    ],
)
def test_no_way_of_writing_a_private_address_is_public(number: str) -> None:
    with pytest.raises(AddressError, match="private network"):
        public_addresses(f"https://[{number}]/a/b")


@pytest.mark.parametrize("number", ["2606:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_of_version_6_are_fetched_from(number: str) -> None:
    """The second is how a network without version 4 writes 8.8.8.8."""
    assert public_addresses(f"https://[{number}]/a/b") == (number,)


@pytest.mark.parametrize(
    ("exempt", "proxied"),
    [
        ({}, True),
        ({"no_proxy": "elsewhere.example"}, True),
        ({"no_proxy": "elsewhere.example,forge.example"}, False),
        ({"no_proxy": "elsewhere.example forge.example"}, False),
        ({"NO_PROXY": ".example"}, False),
        ({"no_proxy": "*"}, False),
    ],
)
def test_a_host_that_needs_no_proxy_is_checked_as_if_there_were_none(exempt: dict[str, str], proxied: bool) -> None:
    environment = {"https_proxy": "http://proxy.example:3128", **exempt}
    assert is_proxied("https://git.forge.example/a/b", environment) is proxied
    assert not is_proxied("https://git.forge.example/a/b", exempt)


def test_what_no_proxy_leads_to_may_not_be_private(tmp_path: Path) -> None:
    git = Git(
        tmp_path, environment={**git_environment({}), "https_proxy": "http://127.0.0.1:9", "no_proxy": "localhost"}
    )
    with pytest.raises(AddressError, match="private network"):
        list_remote(git, Place("https://localhost/a/b", "https"))


@pytest.mark.parametrize("password", ["SECRET", "a/SECRET", "a@b/SECRET", "\x1b[2JSECRET"])
@pytest.mark.parametrize("form", ["https://user:{}@h.example/a/b", "https://{}@h.example", "http://user:{}@h/"])
def test_a_password_is_repeated_in_no_message(form: str, password: str) -> None:
    address = form.format(password)
    for refuse in (
        lambda: check_address(address),
        lambda: Mirrors.parse([f"https://forge.example/={address}"]),
        lambda: Mirrors.parse([address]),
        lambda: Mirrors.parse([f"{address}=relative::x"]),
    ):
        with pytest.raises(AddressError) as caught:
            refuse()
        assert "SECRET" not in str(caught.value)
        assert str(caught.value).isprintable()


def test_without_mirrors_an_address_is_its_own_place() -> None:
    assert Mirrors().place("https://example.org/a/b") == Place("https://example.org/a/b", "https")


def test_the_longest_prefix_wins() -> None:
    mirrors = Mirrors.parse(["https://github.com/=/srv/all/", "https://github.com/a/=https://mirror.example/"])
    assert mirrors.place("https://github.com/a/b").remote == "https://mirror.example/b"
    assert mirrors.place("https://github.com/b/c") == Place("/srv/all/b/c", "file", is_operators=True)


def test_the_variable_holds_several_entries_and_an_option_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    variable = "https://github.com/=/elsewhere/ https://gitlab.com/=histories"
    mirrors = Mirrors.parse(["https://github.com/=../shared/"], variable)
    assert os.path.normpath(mirrors.place("https://github.com/a/b").remote) == str(tmp_path.parent / "shared/a/b")
    assert mirrors.place("https://gitlab.com/a/b").remote == str(tmp_path / "histories/a/b")


@pytest.mark.parametrize(
    "entry",
    [
        "https://github.com/",
        "https://github.com/=",
        "github.com=/srv",
        "=x",
        "https://github.com/=http://mirror.example/",
        "https://github.com/=ext::sh",
        "https://github.com/=ssh://mirror.example/",
        "https://github.com/=https://me:secret@mirror.example/",
    ],
)
def test_a_wrong_mirror_is_refused(entry: str) -> None:
    with pytest.raises(AddressError):
        Mirrors.parse([entry])
