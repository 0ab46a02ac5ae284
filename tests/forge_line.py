"""A project folder that watches repositories on a GitHub and a GitLab of one's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from forge_server import PLANTED, ForgeServer, forge_server
from forge_world import small_world
from git_server import make_certificate
from oshealth.pipeline.running import stages
from oshealth.pipeline.running.conduct import conduct, plainly
from oshealth.pipeline.watched.order import Order, Outcome, order_for
from oshealth.warehouse import open_warehouse
from repositories import Repo


@dataclass
class Line:
    """A project folder that watches one repository on each forge."""

    path: Path
    servers: list[ForgeServer]
    concurrency: int = 4

    def write(self) -> None:
        hosts = [f'[[host]]\nname = "{s.host}"\nforge = "{s.kind}"\nis_private = true\n' for s in self.servers]
        repositories = [f'[[codebase.repository]]\nurl = "https://{s.host}/{s.world.path}"\n' for s in self.servers]
        steward = '[[organisation]]\nid = "town"\nname = "Town"\ntype = "municipality"\n'
        codebase = '[[codebase]]\nid = "app"\nname = "App"\nstewards = ["town"]\n'
        limits = f"[limits]\nmaintainability_seconds = 0\nconcurrency = {self.concurrency}\n"
        (self.path / "sources.toml").write_text("\n".join([limits, *hosts, steward, codebase, *repositories]))
        for server in self.servers:
            path = self.path / "origin" / str(server.port) / server.world.path
            if not path.exists():
                Repo(path).commit({"README.md": f"# App of {server.kind}"})

    @property
    def mirrors(self) -> list[str]:
        return [f"https://{s.host}/={self.path}/origin/{s.port}/" for s in self.servers]

    @property
    def order(self) -> Order:
        return order_for(str(self.path), None, (), "2024-06-30", mirrors=self.mirrors)

    def crawl(self) -> None:
        """Land what git tells, and nothing else."""
        for urls in stages.waves(self.order):
            for url in urls:
                assert stages.crawl(self.order, url).end == "done"

    def ask(self) -> list[Outcome]:
        """Ask the forges, and nothing else."""
        return list(plainly(self.order)("forge", stages.forges(self.order)))

    def run(self) -> list[Outcome]:
        order = self.order
        return conduct(order, plainly(order))

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with open_warehouse(self.path / "warehouse" / "oshealth.duckdb") as connection:
            return connection.sql(sql).fetchall()


@contextmanager
def forge_line(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Line]:
    """Both forges by https, each with a token of its own."""
    certificate = make_certificate(folder)
    patch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with (
        forge_server("github", small_world(), certificate=certificate) as hub,
        forge_server("gitlab", small_world(), certificate=certificate) as lab,
    ):
        lab.world.path = "county/map"
        servers = [hub, lab]
        for server in servers:
            patch.setenv(f"OSHEALTH_TOKEN_LOCALHOST_{server.port}", f"{PLANTED}-{server.kind}")
        made = Line(folder / "project", servers)
        made.path.mkdir()
        made.write()
        yield made
