"""Imports follow the data: no room imports from one that comes after it."""

import ast
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "oshealth"
ROOMS = [
    {"clock", "package_versions", "toml_lines", "toml_mistakes", "sources", "facts", "store", "measure", "visible"},
    {"collect"},
    {"licences"},
    {"people"},
    {"derive"},
    {"metrics"},
    {"warehouse"},
    {"reports"},
    {"pipeline"},
    {"flow"},
    {"commands", "cli"},
]
STAGES = [{"watched"}, {"collecting"}, {"computing"}, {"running", "auditing"}]
"""The rooms within the pipeline."""


def rank_of(rooms: list[set[str]]) -> dict[str, int]:
    return {name: rank for rank, room in enumerate(rooms) for name in room}


RANK = rank_of(ROOMS)


def room_of(path: Path, source: Path = SOURCE) -> str:
    return path.relative_to(source).parts[0].removesuffix(".py")


def imported(path: Path, package: str) -> set[str]:
    """The parts of a package that a file imports."""
    modules = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            modules |= {f"{node.module}.{name.name}" for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            raise AssertionError(f"{path}: a relative import hides its room")
        elif isinstance(node, ast.Import):
            modules |= {name.name for name in node.names}
    within = f"{package}."
    return {module.removeprefix(within).split(".")[0] for module in modules if module.startswith(within)}


def turning_back(source: Path, package: str, rank: dict[str, int]) -> list[str]:
    return [
        f"{path.relative_to(source)} imports {room}"
        for path in source.rglob("*.py")
        if room_of(path, source) in rank
        for room in imported(path, package) & set(rank)
        if rank[room] > rank[room_of(path, source)]
    ]


def test_every_module_has_a_room() -> None:
    known = {*RANK, "__init__", "__main__"}
    assert {room_of(path) for path in SOURCE.rglob("*.py")} <= known


def test_imports_follow_the_data() -> None:
    assert not turning_back(SOURCE, "oshealth", RANK)


def test_the_stages_of_a_run_follow_each_other() -> None:
    pipeline, rank = SOURCE / "pipeline", rank_of(STAGES)
    assert {room_of(path, pipeline) for path in pipeline.rglob("*.py")} - {"__init__"} == set(rank)
    assert not turning_back(pipeline, "oshealth.pipeline", rank)


def test_only_the_flow_imports_prefect() -> None:
    wrong = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if "import prefect" in path.read_text() or "from prefect" in path.read_text()
        if room_of(path) not in {"flow", "commands"}
    ]
    assert not wrong
