"""What is installed from the wheel alone works without the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from repositories import Repo

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel unpacked into a folder of its own, as pip would."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder / "site")
    return folder / "site"


def run(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    command = [sys.executable, "-m", "oshealth", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_wheel_audits_a_repository_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    repo = Repo(tmp_path / "origin" / "desk")
    repo.commit({"README.md": "A desk", "desk.py": "a\n"})
    empty = tmp_path / "empty"
    empty.mkdir()
    done = run(installed, empty, "audit", str(repo.path), "--as-of", "2024-06-30", "--html", "page.html")
    assert done.returncode == 0, done.stderr
    assert "as of 30 June 2024" in done.stdout
    assert (empty / "page.html").is_file()


def test_the_wheel_makes_a_project_folder(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "init", "ours")
    assert done.returncode == 0, done.stderr
    for name in ("flows/nightly.py", "prefect.toml", "warehouse/queries/municipalities.sql", "dashboards/suppliers.py"):
        assert (tmp_path / "ours" / name).read_bytes() == (ROOT / name).read_bytes()
