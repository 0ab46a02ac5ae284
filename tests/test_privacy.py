"""Nothing that is published holds a raw name or address: looked at byte by byte, and value by value."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from oshealth.cli import app
from oshealth.store import PrivateFolder
from repositories import HISTORIES, Content, Repo

CODEBASE = '[[codebase]]\nid = "app"\nname = "App"\nstewards = ["stewards"]\n'
STEWARDS = '[[organisation]]\nid = "stewards"\nname = "Stewards"\ntype = "association"\n\n'


def published(data: Path) -> Iterator[tuple[str, bytes]]:
    """Every file that people are given: the warehouse, as bytes and value by value, and the pages."""
    for path in data.rglob("*"):
        if path.is_file() and path.relative_to(data).parts[0] not in {"private", "mirrors", "facts"}:
            yield path.name, path.read_bytes()
    with duckdb.connect(data / "oshealth.duckdb", read_only=True) as connection:
        for (table,) in connection.execute("select table_name from duckdb_tables() where not internal").fetchall():
            rows = connection.execute(f'select * from "{table}"').fetchall()  # noqa: S608 (names of our own tables)
            yield table, str(rows).encode()


def secrets(data: Path) -> list[str]:
    """Every raw address, and every raw name of two words or more, that the crawl met."""
    aliases = PrivateFolder(data).read_aliases()
    names = [name for name in aliases["name"].to_list() if len(name.split()) > 1]
    return sorted({*names, *(address for address in aliases["address"].to_list() if "@" in address)})


def run(folder: Path, mirror: Path, urls: list[str]) -> Path:
    """Watch these repositories and run once; gives the data folder."""
    repositories = "".join(f'\n[[codebase.repository]]\nurl = "{url}"\n' for url in urls)
    (folder / "sources.toml").write_text(STEWARDS + CODEBASE + repositories, "utf-8")
    options = ["--no-prefect", "--as-of", "2024-06-30", "--mirror", f"https://github.com/={mirror}/"]
    outcome = CliRunner().invoke(app, ["run", *options])
    assert outcome.exit_code == 0, outcome.output
    return folder / "warehouse"


def leaks(data: Path) -> list[tuple[str, str]]:
    wanted = [(secret, secret.encode()) for secret in secrets(data)]
    assert wanted
    return [(where, secret) for where, content in published(data) for secret, raw in wanted if raw in content]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OSHEALTH_DATA", raising=False)
    return tmp_path


def test_no_name_and_no_address_of_a_crawl_is_published(folder: Path) -> None:
    repo = Repo(folder / "mirror" / "town" / "app")
    readme: dict[str | bytes, Content] = {
        "README.md": "By Ann Other <ann@magenta.dk>",
        "CODEOWNERS": "* ann@magenta.dk",
        "CHANGELOG.md": "## 1.0.0",
    }
    repo.commit(readme, author="Ann Other <ann@magenta.dk>", coauthors=["Bea Third <bea@town.example>"])
    repo.commit({"LICENSE": "Copyright Bea Third", ".mailmap": "Ann Other <ann@magenta.dk> <a@home.example>"})
    repo.commit({"a.py": "1"}, author="Ann Other <a@home.example>")
    repo.tag("v1.0.0", message="By Ann Other")
    data = run(folder, folder / "mirror", ["https://github.com/town/app"])
    assert {"Ann Other", "bea@town.example"} <= set(secrets(data))
    assert leaks(data) == []


@pytest.mark.histories
@pytest.mark.skipif(not HISTORIES.is_dir(), reason="the histories are not here")
def test_no_name_and_no_address_of_a_real_history_is_published(folder: Path) -> None:
    data = run(folder, HISTORIES, ["https://github.com/OS2borgerPC/os2borgerpc-client"])
    assert leaks(data) == []
