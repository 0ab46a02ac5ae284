"""`oshealth init`: a new project folder, made after the model of this project's own."""

import shutil
from importlib.resources import files
from pathlib import Path
from shlex import quote

from oshealth.commands.terminal import say
from oshealth.pipeline.watched.project import ProjectError

MODEL = ("flows/nightly.py", "prefect.yaml", "prefect.toml", "dashboards", "warehouse/queries")
"""What a project folder takes from the model as it is. The wheel carries these in `oshealth/model`."""
STARTER = {"sources.toml": "sources.toml", "README.md": "README.md", "gitignore": ".gitignore"}


def model_file(name: str) -> Path:
    """A file or folder of the model: in the package, or in the checkout that an editable install points at."""
    packaged = Path(str(files("oshealth"))) / "model" / name
    return packaged if packaged.exists() else Path(__file__).parents[3] / name


def init_project(folder: Path) -> None:
    """Fill a folder that is empty or does not exist yet.

    Raises:
        ProjectError: the folder holds something, or cannot be written.
    """
    try:
        if folder.exists() and any(folder.iterdir()):
            raise ProjectError(f"{folder} is not empty; name a new folder")
        for name in MODEL:
            _copy(model_file(name), folder / name)
        starter = Path(str(files("oshealth"))) / "commands" / "starter"
        for name, target in STARTER.items():
            _copy(starter / name, folder / target)
    except OSError as error:
        raise ProjectError(f"{folder} cannot be made a project folder: {error.strerror or error}") from None
    say(f"{folder} is a project folder now. Say in {folder / 'sources.toml'} what to watch. Then:")
    say(f"  cd {quote(str(folder))}")
    say("  oshealth run")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("build", "__pycache__"))
    else:
        shutil.copyfile(source, target)
