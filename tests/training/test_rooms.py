"""The rooms of training import each other in one direction only."""

from __future__ import annotations

import ast
from pathlib import Path

ORDER = (
    "networks",
    "disturbances",
    "filmed_corpora",
    "synthetic_speech",
    "evaluation",
    "mouth_pictures",
    "recipes",
    "commands",
)
APART = {("disturbances", "networks")}  # neither imports the other


def rooms_imported(path: Path, package: tuple[str, ...]) -> set[str]:
    """The rooms of training that a module imports, also inside its functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parent = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*parent, *([node.module] if node.module else [])])
            names |= {f"{module}.{alias.name}" for alias in node.names}
    parts = [name.split(".") for name in names if name.startswith("inference.training.")]
    return {part[2] for part in parts} & set(ORDER)


def test_a_room_imports_only_rooms_below_it(root: Path) -> None:
    training = root / "inference" / "training"
    folders = {path.name for path in training.iterdir() if (path / "__init__.py").is_file()}
    assert folders == set(ORDER)
    wrong = [
        f"{room}/{path.name} imports {other}"
        for room in ORDER
        for path in (training / room).rglob("*.py")
        for other in rooms_imported(path, ("inference", "training", room)) - {room}
        if ORDER.index(other) > ORDER.index(room) or (room, other) in APART
    ]
    assert not wrong, wrong


def test_the_engine_does_without_training(root: Path) -> None:
    engine = root / "inference"
    importing = {
        path.relative_to(engine).as_posix()
        for path in engine.rglob("*.py")
        if (engine / "training") not in path.parents
        and "training" in path.read_text(encoding="utf-8")
        and rooms_imported(path, ("inference", *path.relative_to(engine).parent.parts))
    }
    assert importing == {"cli.py"}, "which asks for training's commands, and does without"
