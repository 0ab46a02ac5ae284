"""The report's folder holds all that can be published: its links lead nowhere else."""

import re
from pathlib import Path

import pytest

from made_up_warehouse import made_up_warehouse
from oshealth.pipeline.computing.reporting import is_written, links, write_dashboard
from oshealth.pipeline.watched.project import Project
from oshealth.sources import Sources

DASHBOARD = """'''Who leaves.'''
from oshealth.reports.dashboard import Dashboard, write_dashboard

def build(warehouse, folder):
    return write_dashboard(warehouse, folder / "leaving.html", Dashboard("Who leaves?", "Nobody.", (), ()))
"""


@pytest.mark.parametrize("data", ["ours/warehouse", "else where"])
def test_a_dashboard_stands_beside_the_report_and_leads_back_to_it(data: str, tmp_path: Path) -> None:
    project = Project(Sources.model_construct(), tmp_path / "ours", tmp_path / data)
    (project.folder / "dashboards").mkdir(parents=True)
    project.data.mkdir(parents=True)
    (project.folder / "dashboards" / "leaving.py").write_text(DASHBOARD)
    with made_up_warehouse() as connection:
        connection.execute("attach ? as kept", [str(project.warehouse)])
        connection.execute("copy from database memory to kept")
    assert not is_written(project, "leaving.py")
    built = Path(write_dashboard(project, "leaving.py"))
    assert built == project.folder / "dashboards" / "build" / "leaving.html"
    [link] = links(project)
    assert (link.text, link.address) == ("Who leaves", "dashboards/leaving.html")
    (project.reports / "index.html").touch()
    for page in (built, project.reports / link.address):
        [back] = re.findall('<a href="([^"#]+)">← All codebases', page.read_text(encoding="utf-8"))
        assert (page.parent / back.replace("%20", " ")).resolve() == (project.reports / "index.html").resolve()
    assert is_written(project, "leaving.py")
