"""Whose registries are asked, and what goes along to them: the user's own configuration."""

from pathlib import Path

from oshealth.collect.registries.configured import Registries, Registry, read_registries
from oshealth.collect.registries.debian import read_sections


def test_tokens_go_to_their_own_host_alone(tmp_path: Path) -> None:
    (tmp_path / ".npmrc").write_text(
        "registry=https://packages.example/npm/\n"
        "@town:registry=https://town.example\n"
        "//town.example/:_authToken=${TOWN_TOKEN}\n"
        "@lost:registry=https://lost.example\n//lost.example/:_authToken=${NOT_SET}\n"
        "@file:registry=file:///etc\n# registry=https://comment.example\n"
    )
    (tmp_path / "pip.conf").write_text("[global]\nindex-url = https://user:secret@index.example/simple/\n")
    environment = {
        "TOWN_TOKEN": "t0ken",
        "PIP_CONFIG_FILE": str(tmp_path / "pip.conf"),
        "npm_config_globalconfig": str(tmp_path / "none"),
    }
    found = read_registries(environment, tmp_path)
    assert found.npm_for("left-pad") == Registry("https://packages.example/npm")
    assert found.npm_for("@town/map") == Registry("https://town.example", {"authorization": "Bearer t0ken"})
    assert found.npm_for("@lost/map") == Registry("https://lost.example")
    assert "@file" not in found.npm_scopes
    index = next(registry for registry in found.python if "index.example" in registry.url)
    assert index.url == "https://index.example/simple"
    assert index.headers["authorization"].startswith("Basic ")
    assert "secret" not in repr(found)


def test_without_configuration_no_registry_is_known(tmp_path: Path) -> None:
    environment = {"PIP_CONFIG_FILE": "/dev/null", "npm_config_globalconfig": str(tmp_path / "none")}
    assert read_registries(environment, tmp_path) == Registries(unnamed=frozenset({"npm", "pypi"}))
    closed = {"PIP_NO_INDEX": "1", "PIP_INDEX_URL": "https://i.example", "npm_config_offline": "true"}
    assert (
        read_registries({**environment, **closed, "npm_config_registry": "https://n.example"}, tmp_path) == Registries()
    )


def test_apt_tells_the_section_of_a_system_package() -> None:
    output = (
        " chromium | 1-1 | https://deb.example/debian bookworm/main amd64 Packages\n"
        " driver | 1-1 | https://deb.example/debian bookworm/non-free amd64 Packages\n"
        " driver | 1-1 | https://deb.example/debian bookworm/main Sources\n"
        " helper-nonfree | 1-1 | https://deb.example/debian bookworm/contrib amd64 Packages\n"
        " both | 1 | https://deb.example/debian bookworm/non-free amd64 Packages\n"
        " both | 2 | https://deb.example/debian sid/main amd64 Packages\n"
    )
    assert read_sections(output) == {
        "chromium": "main", "driver": "non-free", "helper-nonfree": "contrib", "both": "main",
    }  # fmt: skip
