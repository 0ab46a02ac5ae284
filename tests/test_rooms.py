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
RANK = {name: rank for rank, room in enumerate(ROOMS) for name in room}


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    modules = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            modules |= {f"{node.module}.{name.name}" for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            raise AssertionError(f"{path}: a relative import hides its room")
        elif isinstance(node, ast.Import):
            modules |= {name.name for name in node.names}
    parts = [module.split(".") for module in modules]
    return {part[1] for part in parts if part[0] == "oshealth" and len(part) > 1 and part[1] in RANK}


def test_every_module_has_a_room() -> None:
    known = {*RANK, "__init__", "__main__"}
    assert {room_of(path) for path in SOURCE.rglob("*.py")} <= known


def test_imports_follow_the_data() -> None:
    wrong = [
        f"{path.relative_to(SOURCE)} imports {room}"
        for path in SOURCE.rglob("*.py")
        if room_of(path) in RANK
        for room in imported_rooms(path)
        if RANK[room] > RANK[room_of(path)]
    ]
    assert not wrong


def test_only_the_flow_imports_prefect() -> None:
    wrong = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if "import prefect" in path.read_text() or "from prefect" in path.read_text()
        if room_of(path) not in {"flow", "commands"}
    ]
    assert not wrong
