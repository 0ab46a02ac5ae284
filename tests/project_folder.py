"""A project folder over real repositories, for tests of the whole line."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from oshealth.pipeline.running.conduct import conduct, plainly
from oshealth.pipeline.watched.order import Order, Outcome, order_for
from oshealth.pipeline.watched.project import Project, open_project
from repositories import Repo

ADA = "Ada Dal <ada@town.example>"
BO = "Bo Eng <bo@supplier.example>"

SOURCES = """
[limits]
maintainability_seconds = 0

[[organisation]]
id = "town"
name = "Town of Example"
type = "municipality"
country = "DK"

[[codebase]]
id = "desk"
name = "Library Desk"
stewards = ["town"]

[[codebase.repository]]
url = "https://github.com/example/desk"
former = ["https://github.com/example/old-desk"]

[[codebase.repository]]
url = "https://github.com/example/client"

[[codebase]]
id = "map"
name = "Town Map"
stewards = ["town"]

[[codebase.repository]]
url = "https://github.com/example/map"
"""


@dataclass
class Folder:
    """A project folder, and the place that its repositories are fetched from."""

    path: Path
    repositories: dict[str, Repo] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        (self.path / "sources.toml").write_text(SOURCES)

    @property
    def mirror(self) -> str:
        return f"https://github.com/={self.path}/origin/"

    def repository(self, name: str) -> Repo:
        self.repositories[name] = Repo(self.path / "origin" / "example" / name)
        return self.repositories[name]

    def order(self, as_of: str | None = "2024-06-30", **options: bool) -> Order:
        return order_for(str(self.path), None, (), as_of, mirrors=[self.mirror], **options)

    def run(self, as_of: str | None = "2024-06-30", **options: bool) -> list[Outcome]:
        """The nightly job as plain functions, in this process."""
        order = self.order(as_of, **options)
        return conduct(order, plainly(order))

    @property
    def project(self) -> Project:
        return open_project(self.path)


def desk_and_map(path: Path) -> Folder:
    """Two codebases in three repositories: Ada writes alone on the map, with Bo on the desk."""
    folder = Folder(path)
    desk = folder.repository("desk")
    desk.commit({"README.md": "A desk", "desk.py": "a\n"}, author=ADA, date=datetime(2024, 1, 10))  # noqa: DTZ001
    desk.commit({"desk.py": "b\n"}, author=BO, date=datetime(2024, 2, 10))  # noqa: DTZ001
    desk.tag("v1.0.0")
    desk.commit({"desk.py": "c\n"}, author=BO, coauthors=[ADA], date=datetime(2024, 5, 10))  # noqa: DTZ001
    client = folder.repository("client")
    client.commit({"client.py": "a\n"}, author=BO, date=datetime(2024, 3, 10))  # noqa: DTZ001
    town_map = folder.repository("map")
    town_map.commit({"map.py": "a\n"}, author=ADA, date=datetime(2024, 4, 10))  # noqa: DTZ001
    return folder
